import { constants, createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { olderProvider } from '../../../test/harness/older-provider.ts';
import { client12, server12 } from '../../../test/harness/pair12.ts';
import type { Peer } from '../../../test/harness/peer.ts';
import { plainPeer, plainRandom, plainServerHello } from '../../../test/harness/plain-peer.ts';
import { rsaCredential } from '../../../test/harness/rsa-keys.ts';
import { connect } from '../../../test/harness/two-ends.ts';
import type { CryptoProvider, KeyExchangeGroup, PrivateKey } from '../../crypto/provider.ts';
import type { Output } from '../../index.ts';
import { encodeMessage12 } from '../../messages/tls12.ts';
import {
  readServerKeyExchange,
  type ServerDhParams,
  serverKeyExchangeOf,
  serverKeyExchangeParams,
} from '../../messages/tls12/server-key-exchange.ts';
import { namedGroups } from '../../registry/groups.ts';
import { handshakeTypes } from '../../registry/handshake-types.ts';
import { signatureSchemes } from '../../registry/signature-schemes.ts';
import { suites12 } from '../../registry/suites12.ts';
import { ascii, concat, hex } from '../../wire/bytes.ts';
import { encode } from '../../wire/codec.ts';
import { fieldNumbers } from './finite-fields.ts';

/**
 * Numbers of DHE that begin with zeros: one of 256 does. What is signed are the bytes as they go over the wire (RFC 5246 §7.4.3), in whatever
 * way the signer writes its numbers; the premaster secret has none in front (§8.1.2).
 */

const { TLS_DHE_RSA_WITH_AES_128_GCM_SHA256: suite } = suites12;
const { prime: dhP, generator: dhG } = fieldNumbers(namedGroups.ffdhe2048);
const zero = new Uint8Array(1);
/** 255 bytes that count, of the 256 of the field. */
const short = Uint8Array.from({ length: 255 }, (_, i) => i + 1);

/** A server that sends these parameters and signs those; the client has its whole flight. */
function served(sent: ServerDhParams, signed: ServerDhParams): Peer {
  const victim = client12({ cipherSuites: [suite] });
  const peer = plainPeer(victim);
  const [certificate] = rsaCredential.chain as [Uint8Array];
  const content = concat([
    victim.facts.clientRandom!,
    plainRandom,
    encode(serverKeyExchangeParams.dhe, signed),
  ]);
  const signature = (rsaCredential.key as PrivateKey).sign({ type: 'rsa-pkcs1', hash: 'sha256' }, content);
  const algorithm = signatureSchemes.rsa_pkcs1_sha256;
  return peer
    .handshake(plainServerHello(suite))
    .handshake(encodeMessage12({ type: 'certificate', certificateList: [certificate] }))
    .handshake(
      encodeMessage12(
        serverKeyExchangeOf(encode(serverKeyExchangeParams.dhe, sent), { algorithm, signature }),
      ),
    )
    .handshake(encodeMessage12({ type: 'server_hello_done' }));
}

const forms: readonly (readonly [string, ServerDhParams])[] = [
  ['as long as the field', { dhP, dhG, dhYs: concat([zero, short]) }],
  ['without zeros', { dhP, dhG, dhYs: short }],
  ['with a sign', { dhP: concat([zero, dhP]), dhG, dhYs: concat([zero, zero, short]) }],
  ['with zeros before the generator', { dhP, dhG: concat([zero, zero, dhG]), dhYs: short }],
];

describe('numbers of a server', () => {
  it.each(forms)('are verified as they came: %s', (_, params) => {
    const peer = served(params, params);
    expect(peer.failure).toBeUndefined();
    expect(peer.messagesOf(handshakeTypes.client_key_exchange)).toHaveLength(1);
  });

  const pairs = forms.flatMap(([name, sent]) =>
    forms.filter(([other]) => other !== name).map(([other, signed]) => [name, other, sent, signed] as const),
  );
  it.each(pairs)('%s are not those that are signed %s', (_, __, sent, signed) => {
    const peer = served(sent, signed);
    expect(peer.failure?.error).toMatchObject({
      code: 'peer.badSignature',
      handshakeMessage: 'server_key_exchange',
    });
    expect(peer.failure?.alert).toBe('decrypt_error');
    expect(peer.received.at(-1)).toMatchObject({ type: 21, content: Uint8Array.of(2, 51) });
    expect(peer.messagesOf(handshakeTypes.client_key_exchange)).toHaveLength(0);
  });
});

/** Keys of the field whose share begins with a zero, and whose secret is `secret`, whatever the other share is. */
function fixed(secret: Uint8Array): CryptoProvider {
  const share = concat([zero, short]);
  const group: KeyExchangeGroup = {
    name: 'ffdhe2048',
    clientShareBytes: 256,
    serverShareBytes: 256,
    generate: () => ({
      share,
      finish: () => secret.slice(),
      exportPrivate: () => new Uint8Array(1),
      wipe: () => {},
    }),
    restore: () => undefined,
    respond: () => ({ share, secret: secret.slice() }),
  };
  return { ...olderProvider, groups: { ...olderProvider.groups, ffdhe2048: group }, dh: () => group };
}

describe('a handshake between two of us', () => {
  it.each([0, 1, 2, 7])('strips %i zeros off the secret', (zeros) => {
    const secret = Uint8Array.from({ length: 256 }, (_, i) => (i < zeros ? 0 : i ^ 0x5a));
    const options = { provider: fixed(secret), cipherSuites: [suite], keyLog: true, trace: true } as const;
    const ends = [client12(options), server12(options)] as const;
    const said = connect(...ends);
    for (const { facts } of ends) expect(facts).toMatchObject({ handshakes: 1, cipherSuite: suite });
    const messages = said.a.flatMap((each) =>
      each.type === 'trace' && each.event.what === 'handshake' ? [each.event.raw] : [],
    );
    checkServerKeyExchange(messages);
    const expected = mainSecret(secret.subarray(zeros), messages);
    for (const outputs of [said.a, said.b]) expect(mainSecretIn(outputs)).toBe(expected);
  });
});

/** The server's share is there with its zero, and signed so. */
function checkServerKeyExchange(messages: readonly Uint8Array[]): void {
  const [clientHello, serverHello, body] = [1, 2, 12].map((type) =>
    messages.find((raw) => raw[0] === type)!.subarray(4),
  ) as [Uint8Array, Uint8Array, Uint8Array];
  const message = { type: 'server_key_exchange', body } as const;
  const { params, signed } = readServerKeyExchange(message, serverKeyExchangeParams.dhe, 'withScheme');
  expect(params).toEqual({ dhP, dhG, dhYs: concat([zero, short]) });
  expect(signed!.algorithm).toBe(signatureSchemes.rsa_pss_rsae_sha256);
  // A random stands behind the version. What is signed ends where the scheme and the signature's length begin.
  const randoms = [clientHello, serverHello].map((hello) => hello.subarray(2, 34));
  const content = concat([...randoms, body.subarray(0, body.length - 4 - signed!.signature.length)]);
  const [spki] = rsaCredential.chain as [Uint8Array];
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  expect(verify('sha256', content, pss, signed!.signature)).toBe(true);
}

/** By another way than ours: P_SHA256 of RFC 5246 §5, under the label of RFC 7627 §4, in hex. */
function mainSecret(premaster: Uint8Array, messages: readonly Uint8Array[]): string {
  const last = messages.findIndex((raw) => raw[0] === handshakeTypes.client_key_exchange);
  const session = createHash('sha256').update(concat(messages.slice(0, last + 1)));
  const seed = concat([ascii('extended master secret'), session.digest()]);
  const hmac = (bytes: Uint8Array) => createHmac('sha256', premaster).update(bytes).digest();
  const first = hmac(seed);
  const second = hmac(first);
  return hex(concat([first, second].map((a) => hmac(concat([a, seed])))).subarray(0, 48));
}

function mainSecretIn(outputs: readonly Output[]): string {
  const line = outputs.find((each) => each.type === 'keylog')!.line;
  return line.split(' ')[2]!;
}
