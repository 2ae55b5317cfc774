import { expect } from 'vitest';
import { pinnedPublicKeys, rawPublicKeyCredential } from '../../src/index.ts';
import {
  clientCertificateTypeExtension,
  serverCertificateTypeExtension,
} from '../../src/extensions/certificate-type.ts';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import { extension } from '../../src/extensions/definition.ts';
import { certificate as certificateCodec, type Certificate } from '../../src/messages/certificate.ts';
import type { ClientHello } from '../../src/messages/client-hello.ts';
import { certificateTypes, type CertificateType } from '../../src/registry/certificate-types.ts';
import { compressionAlgorithms } from '../../src/registry/compression-algorithms.ts';
import { extensionTypes as ext } from '../../src/registry/extension-types.ts';
import { encode } from '../../src/wire/codec.ts';
import { ed25519Certificate, ed25519Key, p256Certificate, p256Key } from '../harness/fixtures.ts';
import { testProvider } from '../harness/node-provider.ts';
import { withExtension, type Change } from '../harness/peer.ts';
import { scriptedClient, type ScriptedClient } from '../harness/scripted-client.ts';
import { scriptedClient12 } from '../harness/scripted-client12.ts';
import { scriptedServer, type ScriptedServer } from '../harness/scripted-server.ts';
import { bytes, clause, type Victim, type Case, clauses } from './clause.ts';

const { X509, RawPublicKey } = certificateTypes;
const rawAlone = { peerCertificateTypes: ['rawPublicKey'] } as const;
const rawToo = { peerCertificateTypes: ['rawPublicKey', 'x509'] } as const;
const request = { clientAuthentication: 'request' } as const;
const require = { clientAuthentication: 'require' } as const;

/** Of the scripted server and of the scripted client. */
const spkis = { client: p256Key.publicKey.spki, server: ed25519Key.publicKey.spki };

const ofServer = (type: CertificateType) => extension('EE', serverCertificateTypeExtension, type);
const ofClient = (type: CertificateType) => extension('EE', clientCertificateTypeExtension, type);
const listsOf = (types: readonly CertificateType[]) => (hello: ClientHello) =>
  withExtension(hello, extension('CH', clientCertificateTypeExtension, types));
const listsOfServer = (types: readonly CertificateType[]) => (hello: ClientHello) =>
  withExtension(hello, extension('CH', serverCertificateTypeExtension, types));

const entryOf = (certData: Uint8Array) => ({ certData, extensions: ExtensionBlock.of('CT', []) });
const listing =
  (...entries: Uint8Array[]) =>
  (message: Certificate) => ({
    ...message,
    certificateList: entries.map(entryOf),
  });

/** Up to the other side's Certificate, which is agreed to be a raw public key, and is `change`d. */
function raw(
  victim: Victim,
  change: Change<Certificate>,
  options: object = {},
): ScriptedClient | ScriptedServer {
  const answers = { verifyPeer: pinnedPublicKeys([spkis[victim]]) };
  if (victim === 'client') {
    return scriptedServer({ ...rawAlone, answers, ...options })
      .before('encryptedExtensions')
      .encryptedExtensions((message) => withExtension(message, ofServer(RawPublicKey)))
      .certificate(change);
  }
  return scriptedClient({ ...rawAlone, ...request, answers, ...options })
    .clientHello(listsOf([RawPublicKey]))
    .certificate(change);
}

function finished(peer: ScriptedClient | ScriptedServer, victim: Victim) {
  peer.certificateVerify().finished();
  expect(peer.victim.facts).toMatchObject({
    handshakes: 1,
    peerEvidence: { type: 'rawPublicKey', spki: spkis[victim] },
  });
  return peer;
}

clause('RFC 9846 §4.5.1: a raw public key', (victim) =>
  finished(raw(victim, listing(spkis[victim])), victim),
);
clause('RFC 9846 §4.5.1: a raw public key, compressed', (victim) => {
  const { zlib } = compressionAlgorithms;
  const compressed: Change<Certificate> = (message) => {
    const body = encode(certificateCodec, listing(spkis[victim])(message));
    return {
      type: 'compressed_certificate',
      algorithm: zlib,
      uncompressedLength: body.length,
      compressedCertificateMessage: testProvider.certificateCompression!.zlib!.compress!(body),
    };
  };
  return finished(raw(victim, compressed, { certificateCompression: { accept: [zlib] } }), victim);
});
clause('RFC 9846 §4.5.1: two raw public keys', (victim) =>
  raw(victim, listing(spkis[victim], spkis[victim])),
);
clause('RFC 9345 §4.1: a delegated credential beside a raw public key that nobody asked for', (victim) =>
  raw(victim, (message) => ({
    ...message,
    certificateList: message.certificateList.map((entry) =>
      withExtension(entry as never, {
        type: ext.delegated_credential,
        // Whole, and of one byte wherever there may be any.
        data: bytes(0, 0, 0, 1, 4, 3, 0, 0, 1, 0, 4, 3, 0, 1, 0),
      }),
    ),
  })),
);
clause('RFC 9846 §4.5.1: no raw public key of a server', () => raw('client', listing()));
clause('RFC 9846 §4.5.1: no raw public key of a client', () => raw('server', listing()).finished());

const anyKey = {
  answers: {
    verifyPeer: ({ evidence }: { evidence: unknown }) =>
      ({ ok: true, publicKey: (evidence as { spki: Uint8Array }).spki }) as const,
  },
};
clauses(
  'RFC 9846 §4.5.1: a raw public key that is none',
  (
    [
      ['an empty SEQUENCE', bytes(0x30, 0)],
      ['half a header', bytes(0x30)],
      ['a length of four bytes', bytes(0x30, 0x84, 0, 0, 0, 0)],
      ['cut', bytes(0x30, 9, 0x30, 3, 6, 1, 0x2a, 3, 2, 0)],
      ['an algorithm alone', bytes(0x30, 5, 0x30, 3, 6, 1, 0x2a)],
      ['no key behind the algorithm', bytes(0x30, 8, 0x30, 3, 6, 1, 0x2a, 4, 1, 0)],
      ['something behind the key', bytes(0x30, 11, 0x30, 3, 6, 1, 0x2a, 3, 2, 0, 7, 5, 0)],
      ['something behind it all', bytes(0x30, 9, 0x30, 3, 6, 1, 0x2a, 3, 2, 0, 7, 5, 0)],
    ] as const
  ).map(([label, spki]): Case => [label, (victim) => raw(victim, listing(spki), anyKey)]),
);
clause('RFC 9846 §4.5.1: a raw public key of an algorithm that we do not know', (victim) =>
  raw(victim, listing(bytes(0x30, 9, 0x30, 3, 6, 1, 0x2a, 3, 2, 0, 7)), anyKey).certificateVerify(),
);
clause('RFC 9846 §4.5.1: an X.509 certificate where a raw public key was agreed', (victim) =>
  raw(victim, listing(victim === 'client' ? p256Certificate : ed25519Certificate), anyKey),
);
clause('RFC 9846 §4.5.1: a raw public key that is not pinned', (victim) =>
  raw(victim, listing(spkis[victim === 'client' ? 'server' : 'client'])),
);
clause('RFC 9846 §4.5.1: a raw public key where X.509 was agreed', (victim) => {
  const answers = {
    verifyPeer: ({ evidence }: { evidence: { type: string } }) => {
      expect(evidence.type).toBe('x509');
      return { ok: false, reason: 'malformed', message: 'no certificate' } as const;
    },
  };
  return victim === 'client'
    ? scriptedServer({ ...rawToo, answers })
        .before('certificate')
        .certificate(listing(spkis.client))
    : scriptedClient({ ...rawToo, ...request, answers })
        .before('certificate')
        .certificate(listing(spkis.server));
});
clause(
  'RFC 9846 §4.5.1: an extension of an entry that was not asked for, beside a raw public key',
  (victim) =>
    raw(victim, (message) => {
      const extensions = ExtensionBlock.of('CT', [{ type: ext.status_request, data: bytes(1, 0, 0, 1, 0) }]);
      return { ...message, certificateList: [{ certData: spkis[victim], extensions }] };
    }),
);

// ------------------------------------------------------------------------------------------ RFC 7250 §4.2

const atExtensions = (options: object, change: Parameters<ScriptedServer['encryptedExtensions']>[0]) =>
  scriptedServer(options).before('encryptedExtensions').encryptedExtensions(change);

clause(
  'RFC 7250 §4.2: a certificate type that was not offered',
  () => atExtensions(rawAlone, (message) => withExtension(message, ofServer(X509))),
  () => atExtensions(rawToo, (message) => withExtension(message, ofServer(1 as CertificateType))),
  () =>
    atExtensions({ credentials: [rawPublicKeyCredential(ed25519Key)] }, (message) =>
      withExtension(message, ofClient(X509)),
    ),
);
clause(
  'RFC 7250 §4.2: a certificate type although none was offered',
  () => atExtensions({}, (message) => withExtension(message, ofServer(RawPublicKey))),
  () => atExtensions({}, (message) => withExtension(message, ofServer(X509))),
  () => atExtensions({}, (message) => withExtension(message, ofClient(X509))),
);
clause('RFC 7250 §4.2: X.509 for a client that takes raw public keys alone', () =>
  scriptedServer(rawAlone).before('certificate').certificate(),
);
clause(
  'RFC 7250 §4.2: no certificate type in common',
  () => scriptedClient().clientHello(listsOfServer([RawPublicKey])),
  () => scriptedClient().clientHello(listsOfServer([1 as CertificateType])),
  () => scriptedClient({ credentials: [rawPublicKeyCredential(p256Key)] }).clientHello(),
);
clause(
  'RFC 7250 §4.2: no certificate type in common for a client that must have one',
  () => scriptedClient({ ...require, ...rawAlone }).clientHello(),
  () => scriptedClient(require).clientHello(listsOf([RawPublicKey])),
);
clause('RFC 7250 §4.2: no certificate type in common for a client that may have one', () =>
  scriptedClient(request).clientHello(listsOf([RawPublicKey])),
);
clause('RFC 7250 §4.2: a client without a list that may have a certificate', () => {
  const client = scriptedClient({ ...request, ...rawAlone }).clientHello();
  expect(client.request).toBeUndefined();
  return client.finished();
});
clause(
  'RFC 7250 §4.1: a list of X.509 alone',
  () => scriptedClient().clientHello(listsOf([X509])),
  () => scriptedClient(require).clientHello(listsOfServer([X509, X509])),
  () => scriptedClient12().clientHello(listsOf([X509])),
);
clause('RFC 7250 §4.2: certificate types that nobody knows', () => {
  const types = [9 as CertificateType, X509];
  return scriptedClient(request)
    .clientHello((hello) => listsOf(types)(listsOfServer(types)(hello)))
    .certificate()
    .certificateVerify()
    .finished();
});
clause(
  'RFC 7250 §4.2: a list of certificate types without entries',
  ...[ext.client_certificate_type, ext.server_certificate_type].map(
    (type) => () => scriptedClient().clientHello((hello) => withExtension(hello, { type, data: bytes(0) })),
  ),
);
clause('RFC 7250 §4.2: a list of certificate types in the answer', () =>
  atExtensions(rawToo, (message) =>
    withExtension(message, { type: ext.server_certificate_type, data: bytes(1, RawPublicKey) }),
  ),
);
