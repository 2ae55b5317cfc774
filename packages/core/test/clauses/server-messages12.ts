import { expect } from 'vitest';
import { alpnExtension } from '../../src/extensions/alpn.ts';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import { extension, type RawExtension } from '../../src/extensions/definition.ts';
import { ecPointFormatsExtension } from '../../src/extensions/ec-point-formats.ts';
import { encryptThenMacExtension } from '../../src/extensions/encrypt-then-mac.ts';
import { extendedMainSecretExtension } from '../../src/extensions/extended-main-secret.ts';
import { renegotiationInfoExtension } from '../../src/extensions/renegotiation-info.ts';
import { tls13, type ClientOptions } from '../../src/index.ts';
import { downgradeSentinels } from '../../src/messages/server-hello.ts';
import type { ServerHello12 } from '../../src/messages/tls12/server-hello.ts';
import {
  clientCertificateTypes,
  type ClientCertificateType,
} from '../../src/registry/client-certificate-types.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { namedGroups } from '../../src/registry/groups.ts';
import { pointFormats } from '../../src/registry/point-formats.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { suites13 } from '../../src/registry/suites13.ts';
import { tls12 } from '../../src/tls12/module.ts';
import { concat } from '../../src/wire/bytes.ts';
import { ed25519Certificate, ed25519Credential, ed25519Key } from '../harness/fixtures.ts';
import { longer, shorter, type Change12 } from '../harness/peer12.ts';
import { type ScriptedServer12, scriptedServer12, type ServerStep12 } from '../harness/scripted-server12.ts';
import { bytes, clause, clauses, type Case } from './clause.ts';

/** What a server of TLS 1.2 can do to a client. */

function hello(change: (message: ServerHello12) => Partial<ServerHello12>, options?: Partial<ClientOptions>) {
  return scriptedServer12(options).serverHello((message) => ({ ...message, ...change(message) }));
}

function answering(...extensions: readonly RawExtension[]) {
  return scriptedServer12({}, { extensions });
}

// ------------------------------------------------------------------------------------ ServerHello

clauses(
  'RFC 5246 §7.4.1.3: a cipher suite that was not offered',
  [
    ['of TLS 1.2, known', suites12.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384],
    ['static RSA', suites12.TLS_RSA_WITH_AES_128_GCM_SHA256],
    ['without encryption', suites12.TLS_ECDHE_ECDSA_WITH_NULL_SHA],
    ['NULL_WITH_NULL_NULL', 0],
    ['of TLS 1.3', suites13.TLS_AES_128_GCM_SHA256],
    ['unknown', 0xfafa],
    ['a signal', suites12.TLS_FALLBACK_SCSV],
  ].map(
    ([label, suite]): Case => [
      `${label}`,
      () =>
        hello(() => ({ cipherSuite: suite as never }), {
          cipherSuites: [suites12.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256],
        }),
    ],
  ),
);
clause('RFC 5246 §7.4.1.3: a cipher suite of another version', () =>
  hello(() => ({ cipherSuite: suites13.TLS_AES_128_GCM_SHA256 }), { versions: [tls13, tls12] }),
);
clause(
  'RFC 5246 §7.4.1.3: a compression method',
  () => hello(() => ({ compressionMethod: 1 })),
  () => hello(() => ({ compressionMethod: 255 })),
);
clause(
  'RFC 5246 §7.4.1.3: an older version',
  ...[0x0302, 0x0301, 0x0300, 0x0200].map(
    (version) => () => hello(() => ({ serverVersion: version as never })),
  ),
);
clause(
  'RFC 5246 §7.4.1.4: an extension that was not asked for',
  () =>
    scriptedServer12(
      { cipherSuites: [suites12.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256] },
      { extensions: [extension('SH12', encryptThenMacExtension, true)] },
    ).serverHello(),
  () => answering({ type: 0xfefe, data: bytes() }).serverHello(),
  () => answering({ type: 5, data: bytes() }).serverHello(),
  () => answering({ type: 13_172, data: bytes() }).serverHello(),
);
clause('RFC 5246 §7.4.1.4: an extension that may not stand in ServerHello', () =>
  answering({ type: 13, data: bytes(0, 2, 4, 3) }).serverHello(),
);
clause('RFC 5246 §7.4.1.4: an extension twice in ServerHello', () =>
  scriptedServer12().serverHello((message) => {
    const [first] = message.extensions.entries;
    return { ...message, extensions: { entries: [first!, first!] } as never };
  }),
);
clause('RFC 5246 §7.4.1.4: no extensions at all', () =>
  hello(() => ({ extensions: ExtensionBlock.of('SH12', []) })),
);
clause(
  'RFC 9846 §4.2.3: a downgrade sentinel of either kind',
  () => hello(sentinel(downgradeSentinels.tls12), { versions: [tls13, tls12] }),
  () => hello(sentinel(downgradeSentinels.older), { versions: [tls13, tls12] }),
);
clause('RFC 9846 §4.2.3: a downgrade sentinel that warns of nothing', () =>
  hello(sentinel(downgradeSentinels.tls12)),
);

function sentinel(end: Uint8Array) {
  return ({ random }: ServerHello12) => ({ random: concat([random.subarray(0, 24), end]) });
}

// ------------------------------------------------------------------------------ the server's flight

clauses('RFC 5246 §7.4: a message that does not fill its length', [
  ...(
    ['serverHello', 'certificate', 'serverKeyExchange', 'certificateRequest', 'serverHelloDone'] as const
  ).flatMap((step): Case[] => [
    [`${step}, longer`, () => damaged(step, longer)],
    ...(step === 'serverHelloDone' ? [] : [[`${step}, shorter`, () => damaged(step, shorter)] as const]),
  ]),
  ['certificateStatus, longer', () => damaged('certificateStatus', longer)],
  [
    'hello_request with a body',
    () =>
      scriptedServer12()
        .before('end')
        .handshake(bytes(0, 0, 0, 1, 0)),
  ],
]);

function damaged(
  step: Exclude<ServerStep12, 'end' | 'newKeys' | 'finished'>,
  change: Change12<never>,
): ScriptedServer12 {
  const staples = step === 'certificateStatus';
  const server = scriptedServer12({ requestOcsp: staples }, { asksClient: true, staples }).before(step);
  server[step](change as never);
  // Parameters are read when it is known whose signature they should have.
  return step === 'serverKeyExchange' ? server.serverHelloDone() : server;
}

clause('RFC 5246 §7.4.2: a server without a certificate', () =>
  scriptedServer12()
    .before('certificate')
    .certificate((message) => ({ ...message, certificateList: [] })),
);
clause('RFC 5246 §7.4.2: more certificates than we take', () =>
  scriptedServer12()
    .before('certificate')
    .certificate((message) => ({ ...message, certificateList: Array.from({ length: 200 }, () => bytes(1)) })),
);
clause(
  'RFC 5246 §7.4.2: a key of another kind than the suite says',
  // An EdDSA or ECDSA key where RSA was agreed on; the signature itself is right.
  () => signedBy({ suite: suites12.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 }),
);
clause(
  'RFC 5246 §7.4.3: a ServerKeyExchange signed with a scheme that does not fit the key',
  () => signedBy({ scheme: signatureSchemes.ed25519 }),
  () => signedBy({ scheme: signatureSchemes.rsa_pss_rsae_sha256 }),
);
clause(
  'RFC 5246 §7.4.3: a ServerKeyExchange signed with a scheme that was not offered',
  () => signedBy({ scheme: signatureSchemes.ecdsa_sha1, algorithm: { type: 'ecdsa', hash: 'sha1' } }),
  () => signedBy({ scheme: 0xfefe as never }),
  () =>
    signedBy(
      {
        certificate: ed25519Certificate,
        key: ed25519Key,
        scheme: signatureSchemes.ed25519,
        algorithm: { type: 'ed25519' },
      },
      {
        signatureSchemes: [signatureSchemes.ecdsa_secp256r1_sha256],
      },
    ),
);
clause(
  'RFC 5246 §7.4.3: a ServerKeyExchange whose signature does not verify',
  // Of another handshake: the client's random, or the server's, or the parameters are others.
  () => wrong((server) => (server.clientRandom = bytes(...server.clientRandom.map((byte) => byte ^ 1)))),
  () => wrong((server) => (server.serverRandom = bytes(...server.serverRandom.map((byte) => byte ^ 1)))),
  () =>
    scriptedServer12()
      .before('serverKeyExchange')
      .serverKeyExchange(({ body, ...rest }) => ({ ...rest, body: body.with(10, body[10]! ^ 1) }))
      .serverHelloDone(),
  () =>
    scriptedServer12()
      .before('serverKeyExchange')
      .serverKeyExchange(({ body, ...rest }) => ({ ...rest, body: body.with(-1, body.at(-1)! ^ 1) }))
      .serverHelloDone(),
);
clause('RFC 5246 §7.4.3: ECDSA with the hash of another curve', () =>
  signedBy({
    scheme: signatureSchemes.ecdsa_secp384r1_sha384,
    algorithm: { type: 'ecdsa', hash: 'sha384' },
  })
    .newKeys()
    .finished(),
);

function signedBy(
  script: NonNullable<Parameters<typeof scriptedServer12>[1]>,
  options?: Partial<ClientOptions>,
) {
  return scriptedServer12(options, script).before('newKeys');
}

function wrong(change: (server: ScriptedServer12) => void) {
  const server = scriptedServer12().before('serverKeyExchange');
  change(server);
  return server.serverKeyExchange().serverHelloDone();
}

clause(
  'RFC 5246 §7.4.9: a Finished that is wrong',
  () => finishing((data) => data.with(0, data[0]! ^ 1)),
  () => finishing((data) => data.with(11, data[11]! ^ 0x80)),
  () => finishing(() => new Uint8Array(12)),
  () => finishing((data) => data.subarray(1)),
  () => finishing((data) => Uint8Array.from([...data, 0])),
  () => finishing(() => new Uint8Array()),
  // The client's own, sent back.
  () => {
    const server = scriptedServer12().before('finished');
    const [own] = server.bodiesOf(handshakeTypes.finished);
    return server.finished((message) => ({ ...message, verifyData: own! }));
  },
);

function finishing(change: (data: Uint8Array) => Uint8Array) {
  return scriptedServer12()
    .before('finished')
    .finished((message) => ({ ...message, verifyData: change(message.verifyData) }));
}

clause('RFC 5246 §7.4.1.1: a HelloRequest after the handshake', () =>
  scriptedServer12().before('end').helloRequest().data(bytes(1)),
);
clause('RFC 5246 §7.4.1.1: HelloRequests without end', () => {
  const server = scriptedServer12().before('end');
  for (let i = 0; i < 1_000 && server.failure === undefined; i++) server.helloRequest();
  return server;
});
clause('RFC 5246 §7.4.6: a request for a certificate that we do not have', () => {
  const server = scriptedServer12({ credentials: [] }, { asksClient: true }).before('newKeys');
  expect([...server.bodiesOf(handshakeTypes.certificate)[0]!]).toEqual([0, 0, 0]);
  expect(server.bodiesOf(handshakeTypes.certificate_verify)).toEqual([]);
  return server.newKeys().finished();
});

clause('RFC 5246 §7.4.4: a request for keys of another kind than ours', () => {
  const { rsa_sign, rsa_fixed_dh } = clientCertificateTypes;
  const server = requesting([rsa_sign, rsa_fixed_dh]);
  expect([...server.bodiesOf(handshakeTypes.certificate)[0]!]).toEqual([0, 0, 0]);
  return server.newKeys().finished();
});
clause('RFC 5246 §7.4.4: a request for keys of another kind, and an application that insists', () =>
  requesting([clientCertificateTypes.rsa_sign], {
    answers: { selectCertificate: () => ({ ok: true, credential: ed25519Credential }) },
  }),
);

function requesting(
  certificateTypes: readonly ClientCertificateType[],
  options: Partial<ClientOptions> = {},
): ScriptedServer12 {
  return scriptedServer12(options, { asksClient: true })
    .before('certificateRequest')
    .certificateRequest((message) => ({
      ...message,
      certificateTypes,
      supportedSignatureAlgorithms: [signatureSchemes.ed25519, signatureSchemes.rsa_pss_rsae_sha256],
    }))
    .serverHelloDone();
}

// ------------------------------------------------------------------------------------- RFC 8422

const { secp256r1, secp384r1 } = namedGroups;

clause(
  'RFC 8422 §5.4: explicit parameters of a curve',
  () => withParams(() => concat([bytes(1, 1, 23), new Uint8Array(40)])),
  () => withParams(() => concat([bytes(2, 1, 23), new Uint8Array(40)])),
);
clause('RFC 8422 §5.3: a key on a curve that was not offered', () =>
  scriptedServer12({ groups: [namedGroups.x25519] }).before('newKeys'),
);
clause(
  'RFC 8422 §5.4: a curve that was not offered',
  () => withParams((server) => server.params(server.share, secp384r1)),
  () => withParams((server) => server.params(server.share, 0xfefe as never)),
);
clause(
  'RFC 8422 §5.4: a public key that is no point of the curve',
  () => withShare((share) => share.with(64, share[64]! ^ 1)),
  () => withShare((share) => share.with(0, 6)),
  () => withShare((share) => share.subarray(0, 64)),
  () => withShare((share) => concat([share, bytes(0)])),
  () => withShare(() => new Uint8Array(65).fill(4, 0, 1)),
  // The point at infinity.
  () => withShare(() => bytes(0)),
  // x25519: all zeros is of small order.
  () => withParams((server) => server.params(new Uint8Array(32))),
  () => withParams((server) => server.params(new Uint8Array(31).fill(9))),
);
clause('RFC 8422 §5.4: a compressed point', () =>
  withShare((share) => concat([bytes(2 + (share[64]! & 1)), share.subarray(1, 33)])),
);
clause('RFC 8422 §5.4: an empty public key', () => withParams(() => bytes(3, 0, 29, 0)));
clause('RFC 8422 §5.2: point formats of the server without the uncompressed one', () =>
  answering(
    extension('SH12', ecPointFormatsExtension, [pointFormats.ansiX962_compressed_prime]),
  ).serverHello(),
);
clause('RFC 8422 §5.2: point formats of the server beside the uncompressed one', () =>
  answering(
    extension('SH12', ecPointFormatsExtension, [
      pointFormats.ansiX962_compressed_prime,
      pointFormats.uncompressed,
    ]),
  ).before('end'),
);

function withParams(params: (server: ScriptedServer12) => Uint8Array, options?: Partial<ClientOptions>) {
  const server = scriptedServer12(options).before('serverKeyExchange');
  return server.serverKeyExchange(() => server.keyExchange(params(server))).serverHelloDone();
}

function withShare(change: (share: Uint8Array) => Uint8Array) {
  const server = scriptedServer12({}, { group: secp256r1 }).before('serverKeyExchange');
  return server
    .serverKeyExchange(() => server.keyExchange(server.params(change(server.share))))
    .serverHelloDone();
}

// ------------------------------------------------------------- RFC 7366, 7627, 7301, 7250, 6066

const cbc = suites12.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA;
const encrypted = extension('SH12', encryptThenMacExtension, true);

clause('RFC 7366 §3: encrypt_then_mac with an AEAD', () =>
  scriptedServer12({}, { extensions: [encrypted] }).serverHello(),
);
clause('RFC 7366 §3: encrypt_then_mac with CBC', () =>
  scriptedServer12({}, { suite: cbc, extensions: [encrypted] })
    .before('end')
    .data(bytes(1)),
);
clause('RFC 7366 §2: encrypt_then_mac that was not offered', () =>
  scriptedServer12({ encryptThenMac: false }, { suite: cbc, extensions: [encrypted] }).serverHello(),
);
clause('RFC 7366 §3: CBC without encrypt_then_mac', () =>
  scriptedServer12({}, { suite: cbc }).before('end').data(bytes(1)),
);
clause('RFC 7627 §5.2: a server without the extended main secret', () =>
  scriptedServer12({}, { withoutExtendedMainSecret: true }).before('end').data(bytes(1)),
);
clause('RFC 7627 §5.1: an extended_main_secret with content', () =>
  answering({ type: extendedMainSecretExtension.type, data: bytes(0) }).serverHello(),
);
clause('RFC 7301 §3.1: a protocol of TLS 1.2 that was not offered', () =>
  answering(extension('SH12', alpnExtension, 'spdy/1')).serverHello(),
);
clause('RFC 7301 §3.1: an answer of TLS 1.2 without being asked', () =>
  scriptedServer12(
    { alpnProtocols: [] },
    { extensions: [extension('SH12', alpnExtension, 'h2')] },
  ).serverHello(),
);
clause('RFC 6066 §8: a CertificateStatus that was announced', () => {
  const server = scriptedServer12({ requestOcsp: true }, { staples: true }).before('end');
  const { peerEvidence } = server.victim.facts;
  expect(peerEvidence).toMatchObject({ chain: [{ ocspResponse: bytes(1, 2, 3) }] });
  return server;
});
clause('RFC 6066 §8: a CertificateStatus that was announced and did not come', () =>
  scriptedServer12({ requestOcsp: true }, { staples: true })
    .serverHello()
    .certificate()
    .serverKeyExchange()
    .serverHelloDone()
    .newKeys()
    .finished(),
);
clause('RFC 6066 §8: an empty CertificateStatus', () =>
  scriptedServer12({ requestOcsp: true }, { staples: true })
    .before('certificateStatus')
    .handshake(bytes(22, 0, 0, 4, 1, 0, 0, 0)),
);
clause('RFC 6066 §3: an answer to server_name', () =>
  answering({ type: 0, data: bytes() }).before('end').data(bytes(1)),
);
clause('RFC 5746 §3.4: renegotiation_info whose length is wrong', () =>
  answering({ type: renegotiationInfoExtension.type, data: bytes(1) }).serverHello(),
);
