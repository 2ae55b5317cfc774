import { expect } from 'vitest';
import { alpnExtension } from '../../src/extensions/alpn.ts';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import { extension } from '../../src/extensions/definition.ts';
import { ecPointFormatsExtension } from '../../src/extensions/ec-point-formats.ts';
import { encryptThenMacExtension } from '../../src/extensions/encrypt-then-mac.ts';
import { extendedMainSecretExtension } from '../../src/extensions/extended-main-secret.ts';
import { renegotiationInfoExtension } from '../../src/extensions/renegotiation-info.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import { supportedGroupsExtension } from '../../src/extensions/supported-groups.ts';
import { tls13, type ServerOptions } from '../../src/index.ts';
import type { ClientHello } from '../../src/messages/client-hello.ts';
import {
  clientKeyExchangeFields,
  clientKeyExchangeOf,
} from '../../src/messages/tls12/client-key-exchange.ts';
import { namedGroups } from '../../src/registry/groups.ts';
import { pointFormats } from '../../src/registry/point-formats.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { suites13 } from '../../src/registry/suites13.ts';
import { tls12 } from '../../src/tls12/module.ts';
import { concat } from '../../src/wire/bytes.ts';
import { ed25519Credential, ed25519Key, p256Credential, p256Key } from '../harness/fixtures.ts';
import { longer, shorter, type Change12 } from '../harness/peer12.ts';
import {
  helloWith,
  helloWithout,
  scriptedClient12,
  type ScriptedClient12,
  type ClientStep12,
} from '../harness/scripted-client12.ts';
import { bytes, clause, clauses, type Case } from './clause.ts';

/** What a client of TLS 1.2 can do to a server. */

function hello(change: (hello: ClientHello) => ClientHello, options?: Partial<ServerOptions>) {
  return scriptedClient12(options).clientHello(change);
}

// ------------------------------------------------------------------------------------ ClientHello

clauses(
  'RFC 5246 §7.4.1.2: no cipher suite in common',
  [
    ['static RSA alone', [suites12.TLS_RSA_WITH_AES_128_CBC_SHA]],
    ['of TLS 1.3 alone', [suites13.TLS_AES_128_GCM_SHA256]],
    ['anonymous', [suites12.TLS_ECDH_anon_WITH_AES_128_CBC_SHA]],
    ['signals alone', [suites12.TLS_EMPTY_RENEGOTIATION_INFO_SCSV]],
    ['unknown', [0xfafa]],
  ].map(
    ([label, cipherSuites]): Case => [
      `${label}`,
      () => hello((message) => ({ ...message, cipherSuites: cipherSuites as never })),
    ],
  ),
);
clause('RFC 5246 §7.4.1.2: suites for other certificates than ours', () =>
  hello((message) => ({ ...message, cipherSuites: [suites12.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256] })),
);
clause('RFC 5246 §7.4.1.2: compression methods without null', () =>
  hello((message) => ({ ...message, legacyCompressionMethods: bytes(1, 64) })),
);
clause('RFC 5246 §7.4.1.2: compression methods beside null', () =>
  hello((message) => ({ ...message, legacyCompressionMethods: bytes(1, 64, 0) })).completed(),
);
clause(
  'RFC 5246 §E.1: a version below all that we speak',
  () => hello((message) => ({ ...message, legacyVersion: 0x0302 as never })),
  () => hello((message) => ({ ...message, legacyVersion: 0x0300 as never })),
);
clause('RFC 5246 §E.1: a version above all that there are', () =>
  hello((message) => ({ ...message, legacyVersion: 0x03ff as never })).completed(),
);
clause(
  'RFC 5246 §7.4.1.4.1: no signature_algorithms, and a key that signs with nothing older',
  () => hello((message) => helloWithout(message, signatureAlgorithmsExtension)),
  () => hello((message) => ({ ...message, extensions: ExtensionBlock.of('CH', []) })),
);
clause('RFC 5246 §7.4.1.4.1: schemes of TLS 1.2 that fit no key of the server', () =>
  hello((message) =>
    helloWith(
      message,
      extension('CH', signatureAlgorithmsExtension, [
        signatureSchemes.rsa_pkcs1_sha256,
        signatureSchemes.ed25519,
      ]),
    ),
  ),
);
clause('RFC 9846 §4.2.3: our own downgrade sentinel', () => {
  const client = hello((message) => message, { versions: [tls13, tls12] });
  expect([...client.serverRandom.subarray(24)]).toEqual([0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44, 1]);
  return client.completed();
});

// ------------------------------------------------------------------------------ the client's flight

const asking = { clientAuthentication: 'request' } as const;

clauses(
  'RFC 5246 §7.4: a message of a client that does not fill its length',
  (['certificate', 'clientKeyExchange', 'certificateVerify'] as const).flatMap((step): Case[] => [
    [`${step}, longer`, () => damaged(step, longer)],
    [`${step}, shorter`, () => damaged(step, shorter)],
  ]),
);

function damaged(step: Exclude<ClientStep12, 'end' | 'newKeys' | 'finished'>, change: Change12<never>) {
  return scriptedClient12(asking)
    .before(step)
    [step](change as never);
}

clause('RFC 5246 §7.4.6: no certificate where one must be', () =>
  without(scriptedClient12({ clientAuthentication: 'require' })),
);
clause('RFC 5246 §7.4.6: no certificate where one is wanted', () =>
  without(scriptedClient12(asking)).clientKeyExchange().newKeys().finished(),
);
clause('RFC 5246 §7.4.6: a proof without a certificate', () =>
  without(scriptedClient12(asking)).clientKeyExchange().certificateVerify(),
);
clause('RFC 5246 §7.4.6: more certificates of a client than we take', () =>
  scriptedClient12(asking)
    .before('certificate')
    .certificate((message) => ({ ...message, certificateList: Array.from({ length: 200 }, () => bytes(1)) })),
);

function without(client: ScriptedClient12) {
  return client.before('certificate').certificate((message) => ({ ...message, certificateList: [] }));
}

clause('RFC 5246 §7.4.8: a certificate without its proof', () =>
  scriptedClient12(asking).before('certificateVerify').newKeys(),
);
clause(
  'RFC 5246 §7.4.8: a proof that does not verify',
  () =>
    proving((message) => ({ ...message, signature: message.signature.with(0, message.signature[0]! ^ 1) })),
  () => proving((message) => ({ ...message, signature: new Uint8Array(64) })),
  () => proving((message) => ({ ...message, signature: bytes() })),
  // Of something else that we have seen.
  () => {
    const client = scriptedClient12(asking).before('certificateVerify');
    const signature = ed25519Key.sign({ type: 'ed25519' }, client.messages.subarray(0, -1));
    return client.certificateVerify((message) => ({ ...message, signature }));
  },
);
clause(
  'RFC 5246 §7.4.8: a proof with a scheme that was not asked for',
  () => proving((message) => ({ ...message, algorithm: signatureSchemes.ecdsa_sha1 })),
  () => proving((message) => ({ ...message, algorithm: 0xfefe as never })),
);
clause('RFC 5246 §7.4.8: a proof with a scheme that does not fit the key', () => {
  const client = scriptedClient12(asking).before('certificateVerify');
  const signature = p256Key.sign({ type: 'ecdsa', hash: 'sha256' }, client.messages);
  return client.certificateVerify((message) => ({
    ...message,
    algorithm: signatureSchemes.ecdsa_secp256r1_sha256,
    signature,
  }));
});
clause('RFC 5246 §7.4.8: a proof that is right', () => {
  const client = scriptedClient12(asking).before('end');
  expect(client.victim.facts.peerSignatureScheme).toBe(signatureSchemes.ed25519);
  return client.data(bytes(1));
});

function proving(change: Parameters<ScriptedClient12['certificateVerify']>[0]) {
  return scriptedClient12(asking).before('certificateVerify').certificateVerify(change);
}

clause(
  'RFC 5246 §7.4.9: a Finished of a client that is wrong',
  () => finishing((data) => data.with(0, data[0]! ^ 1)),
  () => finishing((data) => data.with(11, data[11]! ^ 0x80)),
  () => finishing(() => new Uint8Array(12)),
  () => finishing((data) => data.subarray(1)),
  () => finishing((data) => Uint8Array.from([...data, 0])),
  () => finishing(() => new Uint8Array()),
  // Made for the other side.
  () => {
    const client = scriptedClient12().before('finished');
    const verifyData = client.verifyData('server');
    return client.finished((message) => ({ ...message, verifyData }));
  },
  // Somebody on the way has changed the hello.
  () => {
    const client = scriptedClient12().before('finished');
    client.transcript = client.transcript.append(bytes(0, 0, 0, 0));
    return client.finished();
  },
);

function finishing(change: (data: Uint8Array) => Uint8Array) {
  return scriptedClient12()
    .before('finished')
    .finished((message) => ({ ...message, verifyData: change(message.verifyData) }));
}

// ------------------------------------------------------------------------------------- RFC 8422

const { secp256r1, secp384r1, x25519 } = namedGroups;

clause(
  'RFC 8422 §5.7: a public key of a client that is no point of the curve',
  () => sharing(secp256r1, (share) => share.with(64, share[64]! ^ 1)),
  () => sharing(secp256r1, (share) => share.with(0, 6)),
  () => sharing(secp256r1, (share) => share.subarray(0, 64)),
  () => sharing(secp256r1, (share) => concat([share, bytes(0)])),
  () => sharing(secp256r1, () => new Uint8Array(65).fill(4, 0, 1)),
  () => sharing(secp256r1, () => bytes(0)),
  () => sharing(x25519, () => new Uint8Array(32)),
  () => sharing(x25519, () => new Uint8Array(33).fill(9)),
);
clause('RFC 8422 §5.7: a compressed point of a client', () =>
  sharing(secp256r1, (share) => concat([bytes(2 + (share[64]! & 1)), share.subarray(1, 33)])),
);
clause(
  'RFC 8422 §5.7: an implicit public key',
  () =>
    scriptedClient12()
      .before('clientKeyExchange')
      .clientKeyExchange((message) => ({ ...message, body: bytes() })),
  () =>
    scriptedClient12()
      .before('clientKeyExchange')
      .clientKeyExchange((message) => ({ ...message, body: bytes(0) })),
);

function sharing(group: number, change: (share: Uint8Array) => Uint8Array) {
  return scriptedClient12({ groups: [group as typeof x25519] })
    .before('clientKeyExchange')
    .clientKeyExchange(({ body }) =>
      clientKeyExchangeOf(clientKeyExchangeFields.ecdhe, { ecdhYc: change(body.subarray(1)) }),
    );
}

clause(
  'RFC 8422 §5.1.1: no curve in common',
  () => hello((message) => helloWith(message, extension('CH', supportedGroupsExtension, [secp384r1]))),
  () => hello((message) => helloWithout(message, supportedGroupsExtension), { groups: [x25519] }),
);
const x25519Alone = (message: ClientHello) =>
  helloWith(message, extension('CH', supportedGroupsExtension, [x25519]));
clause('RFC 8422 §5.3: a curve that only our key is on', () =>
  hello(x25519Alone, {
    answers: { selectCertificate: () => ({ ok: true, credential: p256Credential }) },
  }),
);
clause('RFC 8422 §5.3: a curve that only one of our keys is on', () => {
  const schemes = [signatureSchemes.ecdsa_secp256r1_sha256, signatureSchemes.ed25519];
  const both = (message: ClientHello) =>
    helloWith(x25519Alone(message), extension('CH', signatureAlgorithmsExtension, schemes));
  const client = hello(both, { credentials: [p256Credential, ed25519Credential] });
  expect(client.victim.facts.ownChain).toEqual(ed25519Credential.chain);
  return client.completed();
});
clause('RFC 8422 §5.1.1: no list of curves', () => {
  const client = hello((message) => helloWithout(message, supportedGroupsExtension));
  expect(client.params?.namedCurve).toBe(secp256r1);
  return client.completed();
});
clause('RFC 8422 §5.1.2: point formats without the uncompressed one', () =>
  hello((message) =>
    helloWith(message, extension('CH', ecPointFormatsExtension, [pointFormats.ansiX962_compressed_prime])),
  ),
);
clause('RFC 8422 §5.1.2: no point formats', () => {
  const client = hello((message) => helloWithout(message, ecPointFormatsExtension));
  expect(client.serverHello?.extensions.has(ecPointFormatsExtension)).toBe(false);
  return client.completed();
});

// -------------------------------------------------------------------------- RFC 7366, 7627, 7301

const cbc = suites12.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA;
const encrypts = extension('CH', encryptThenMacExtension, true);

clause('RFC 7366 §2: a client that offers encrypt_then_mac', () => {
  const client = hello((message) => ({ ...helloWith(message, encrypts), cipherSuites: [cbc] }));
  expect(client.encryptsThenMacs).toBe(true);
  return client.completed();
});
clause('RFC 7366 §2: a client that offers it, and an AEAD', () => {
  const client = hello((message) => helloWith(message, encrypts));
  expect(client.encryptsThenMacs).toBe(false);
  return client.completed();
});
clause('RFC 7366 §2: a client that offers it to a server without', () => {
  const change = (message: ClientHello) => ({ ...helloWith(message, encrypts), cipherSuites: [cbc] });
  const client = scriptedClient12({ encryptThenMac: false, cipherSuites: [cbc] }).clientHello(change);
  expect(client.encryptsThenMacs).toBe(false);
  return client.completed();
});
clause('RFC 7366 §2: a client that does not offer it', () => {
  const client = hello((message) => ({ ...message, cipherSuites: [cbc] }));
  expect(client.encryptsThenMacs).toBe(false);
  return client.completed();
});
clause('RFC 7627 §5.2: a client without the extended main secret', () => {
  const client = hello((message) => helloWithout(message, extendedMainSecretExtension));
  expect(client.extendsMainSecret).toBe(false);
  return client.completed();
});
clause('RFC 7301 §3.2: no protocol in common in TLS 1.2', () =>
  hello((message) => helloWith(message, extension('CH', alpnExtension, ['spdy/1']))),
);
clause('RFC 5746 §3.6: a client that says nothing of renegotiation', () => {
  const client = hello((message) => helloWithout(message, renegotiationInfoExtension));
  expect(client.serverHello?.extensions.has(renegotiationInfoExtension)).toBe(false);
  return client.completed();
});
clause('RFC 5746 §3.6: a client that signals it among its suites', () => {
  const client = hello((message) => ({
    ...helloWithout(message, renegotiationInfoExtension),
    cipherSuites: [...message.cipherSuites, suites12.TLS_EMPTY_RENEGOTIATION_INFO_SCSV],
  }));
  expect(client.serverHello?.extensions.get(renegotiationInfoExtension)).toEqual(bytes());
  return client.completed();
});
