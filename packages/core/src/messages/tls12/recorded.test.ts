import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { recorded, renegotiationSignal, type RecordedMessage } from '../../../test/vectors/tls12-messages.ts';
import { alpnExtension } from '../../extensions/alpn.ts';
import { ecPointFormatsExtension } from '../../extensions/ec-point-formats.ts';
import { extendedMainSecretExtension } from '../../extensions/extended-main-secret.ts';
import { renegotiationInfoExtension } from '../../extensions/renegotiation-info.ts';
import { sessionTicketExtension } from '../../extensions/session-ticket.ts';
import { statusRequestExtension } from '../../extensions/status-request.ts';
import { namedGroups } from '../../registry/groups.ts';
import { signatureSchemes } from '../../registry/signature-schemes.ts';
import { concat, latin1 } from '../../wire/bytes.ts';
import { decodeHandshake } from '../tls13.ts';
import { decodeHandshake12, encodeMessage12, type Tls12Message } from '../tls12.ts';
import { clientKeyExchangeFields, readClientKeyExchange } from './client-key-exchange.ts';
import { readServerKeyExchange, serverKeyExchangeParams } from './server-key-exchange.ts';
import { serverHello12 } from './server-hello.ts';
import { nextProtocolOf } from './next-protocol.ts';

type Name = keyof typeof recorded;

const names = Object.keys(recorded) as Name[];

describe.each(names)('%s', (name) => {
  it.each(recorded[name].map((each) => [each.name, each] as const))(
    '%s is written as it was read',
    (type, { raw }) => {
      const message = decodeHandshake12(raw, hasSchemes(name))!;
      expect(message.type).toBe(type);
      expect(encodeMessage12(message)).toEqual(raw);
    },
  );

  it('has a ServerHello that is read before its version is known', () => {
    const hello = decodeHandshake(rawOf(name, 'server_hello'));
    const offer = read(name, 'client_hello');
    if (hello?.type !== 'legacy_server_hello') return expect.fail(`got ${hello?.type}`);
    const isSignalled = offer.cipherSuites.some((suite) => suite === renegotiationSignal);
    const exceptions = isSignalled ? [renegotiationInfoExtension] : [];
    expect(serverHello12(hello, offer.extensions, exceptions)).toEqual(read(name, 'server_hello'));
  });
});

describe('a handshake of TLS 1.2 with everything', () => {
  const name = 'tls12EcdheEcdsaClientAuth';

  it('negotiates extensions', () => {
    const { extensions } = read(name, 'server_hello');
    expect(extensions.get(alpnExtension)).toBe('h2');
    expect(extensions.get(extendedMainSecretExtension)).toBe(true);
    expect(extensions.get(sessionTicketExtension)).toBe(true);
    expect(extensions.get(statusRequestExtension)).toBe(true);
    expect(extensions.get(renegotiationInfoExtension)).toEqual(new Uint8Array(0));
    expect(extensions.get(ecPointFormatsExtension)).toEqual([0, 1, 2]);
  });

  it('has what was stapled, asked for and given', () => {
    expect(read(name, 'certificate_status').response).toEqual(new Uint8Array([0x30, 0x03, 0x0a, 0x01, 0x06]));
    const request = read(name, 'certificate_request');
    expect(request.certificateTypes).toEqual([1, 2, 64]);
    expect(request.supportedSignatureAlgorithms?.slice(0, 2)).toEqual([
      signatureSchemes.ecdsa_secp256r1_sha256,
      signatureSchemes.ecdsa_secp384r1_sha384,
    ]);
    expect(request.certificateAuthorities).toHaveLength(1);
    expect(read(name, 'certificate_verify').algorithm).toBe(signatureSchemes.ecdsa_secp256r1_sha256);
    expect(read(name, 'new_session_ticket')).toMatchObject({ ticketLifetimeHintSeconds: 7_200 });
  });

  it('has a key of x25519, signed with what is signed', () => {
    const { params, paramsBytes, signed } = readServerKeyExchange(
      read(name, 'server_key_exchange'),
      serverKeyExchangeParams.ecdhe,
      'withScheme',
    );
    expect(params).toMatchObject({ namedCurve: namedGroups.x25519, public: { length: 32 } });
    expect(signed?.algorithm).toBe(signatureSchemes.ecdsa_secp256r1_sha256);
    expect(verify('sha256', signedBy(name, paramsBytes), keyOf(name), signed!.signature)).toBe(true);
    const { ecdhYc } = readClientKeyExchange(
      read(name, 'client_key_exchange'),
      clientKeyExchangeFields.ecdhe,
    );
    expect(ecdhYc).toHaveLength(32);
  });
});

describe('handshakes before TLS 1.2', () => {
  it('name no schemes', () => {
    const name = 'tls10DheRsaClientAuth';
    expect(read(name, 'certificate_verify')).toMatchObject({
      algorithm: undefined,
      signature: { length: 128 },
    });
    expect(read(name, 'certificate_request')).toMatchObject({
      certificateTypes: [1, 2, 64],
      supportedSignatureAlgorithms: undefined,
      certificateAuthorities: [],
    });
    expect(() => decodeHandshake12(rawOf(name, 'certificate_verify'), true)).toThrow('certificate_verify');
  });

  it('sign with MD5 and SHA-1 without saying so', () => {
    for (const [name, params] of [
      ['tls10DheRsaClientAuth', serverKeyExchangeParams.dhe],
      ['tls11EcdheRsa', serverKeyExchangeParams.ecdhe],
    ] as const) {
      const content = readServerKeyExchange<unknown>(read(name, 'server_key_exchange'), params, 'bare');
      expect(content.signed?.algorithm).toBeUndefined();
      const isGood = verify(
        'md5-sha1',
        signedBy(name, content.paramsBytes),
        keyOf(name),
        content.signed!.signature,
      );
      expect(isGood).toBe(true);
    }
  });
});

describe('other key exchanges', () => {
  it('RSA: a ciphertext as long as the key', () => {
    const message = read('tls12Rsa', 'client_key_exchange');
    expect(readClientKeyExchange(message, clientKeyExchangeFields.rsa).encryptedPreMasterSecret).toHaveLength(
      128,
    );
  });

  it.each([
    ['tls12Psk', 'psk'],
    ['tls12DhePsk', 'dhePsk'],
    ['tls12EcdhePsk', 'ecdhePsk'],
    ['tls12RsaPsk', 'rsaPsk'],
  ] as const)('%s: a hint and an identity', (name, keyExchange) => {
    const { params, signed } = readServerKeyExchange<{ readonly pskIdentityHint: Uint8Array }>(
      read(name, 'server_key_exchange'),
      serverKeyExchangeParams[keyExchange],
      'none',
    );
    expect(signed).toBeUndefined();
    expect(latin1(params.pskIdentityHint)).toBe('hint');
    const { pskIdentity } = readClientKeyExchange<{ readonly pskIdentity: Uint8Array }>(
      read(name, 'client_key_exchange'),
      clientKeyExchangeFields[keyExchange],
    );
    expect(latin1(pskIdentity)).toBe('me');
  });
});

it.each([
  ['h2', 28],
  ['', 30],
  ['a'.repeat(30), 32],
  ['a'.repeat(31), 31],
])('pads NextProtocol of "%s" with %i bytes', (protocol, padding) => {
  const message = nextProtocolOf(protocol);
  expect(message).toEqual({
    type: 'next_protocol',
    selectedProtocol: protocol,
    padding: new Uint8Array(padding),
  });
  const raw = encodeMessage12(message);
  expect((raw.length - 4) % 32).toBe(0);
  expect([...raw.subarray(0, 5)]).toEqual([67, 0, 0, raw.length - 4, protocol.length]);
});

/** What ServerKeyExchange signs (RFC 5246 §7.4.3). */
function signedBy(name: Name, params: Uint8Array): Uint8Array {
  return concat([read(name, 'client_hello').random, read(name, 'server_hello').random, params]);
}

function keyOf(name: Name) {
  const [own] = read(name, 'certificate').certificateList;
  return createPublicKey(new X509Certificate(own!).publicKey.export({ type: 'spki', format: 'pem' }));
}

function hasSchemes(name: Name): boolean {
  return name.startsWith('tls12');
}

function rawOf(name: Name, type: Tls12Message['type']): Uint8Array {
  const messages: readonly RecordedMessage[] = recorded[name];
  return messages.find((message) => message.name === type)!.raw;
}

/** The first message of its kind: the server's Certificate, not the client's. */
function read<T extends Tls12Message['type']>(
  name: Name,
  type: T,
): Extract<Tls12Message, { readonly type: T }> {
  return decodeHandshake12(rawOf(name, type), hasSchemes(name)) as Extract<
    Tls12Message,
    { readonly type: T }
  >;
}
