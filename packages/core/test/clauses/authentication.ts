import { expect } from 'vitest';
import { extension } from '../../src/extensions/definition.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import type { CertificateVerify } from '../../src/messages/certificate-verify.ts';
import type { Certificate } from '../../src/messages/certificate.ts';
import type { Finished } from '../../src/messages/finished.ts';
import { contentTypes as type } from '../../src/registry/content-types.ts';
import { extensionTypes as ext } from '../../src/registry/extension-types.ts';
import { signatureSchemes as schemes, type SignatureScheme } from '../../src/registry/signature-schemes.ts';
import { ed25519Certificate, ed25519Credential, ed25519Key, p256Certificate } from '../harness/fixtures.ts';
import { withBody, withExtension, withoutExtension, type Change, type Peer } from '../harness/peer.ts';
import { scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { atFinished, bytes, clause, clauses, inHandshake, type Case, type Victim } from './clause.ts';

const request = { clientAuthentication: 'request' } as const;
const require = { clientAuthentication: 'require' } as const;

/** The authentication messages of either side, each with a change. */
const certificate = (victim: Victim, change: Change<Certificate>): Peer =>
  victim === 'client'
    ? scriptedServer().before('certificate').certificate(change)
    : scriptedClient(request).before('certificate').certificate(change);
const certificateVerify = (victim: Victim, change: Change<CertificateVerify>): Peer =>
  victim === 'client'
    ? scriptedServer().before('certificateVerify').certificateVerify(change)
    : scriptedClient(request).before('certificateVerify').certificateVerify(change);
const finished = (victim: Victim, change: Change<Finished>): Peer => atFinished(victim).finished(change);

// ------------------------------------------------------------------------ §4.4.2 CertificateRequest

clause('RFC 9846 §4.4.2: a context in the handshake', () =>
  scriptedServer()
    .before('certificate')
    .certificateRequest((message) => ({ ...message, certificateRequestContext: bytes(1) })),
);
clause('RFC 9846 §4.4.2: no signature_algorithms', () =>
  scriptedServer()
    .before('certificate')
    .certificateRequest((message) => withoutExtension(message, ext.signature_algorithms)),
);
clause('RFC 9846 §4.4.2: no scheme that our key can sign with', () => {
  const algorithms = extension('CR', signatureAlgorithmsExtension, [schemes.ed448]);
  const server = scriptedServer({}, { asksClient: true }).before('certificateRequest');
  server.certificateRequest((message) => withExtension(message, algorithms));
  server.certificate().certificateVerify().finished();
  // A client without a certificate that fits goes on without one (§4.5.1).
  expect(server.victim.facts.handshakes).toBe(1);
  return server;
});

clause('RFC 9846 §4.2.1: the application insists on a key that the peer cannot verify', (victim) => {
  const answers = { selectCertificate: () => ({ ok: true, credential: ed25519Credential }) as const };
  if (victim === 'server') return scriptedClient({ answers }).clientHello();
  const algorithms = extension('CR', signatureAlgorithmsExtension, [schemes.ecdsa_secp256r1_sha256]);
  const server = scriptedServer({ answers }).before('certificate');
  server.certificateRequest((message) => withExtension(message, algorithms));
  return server.certificate().certificateVerify().finished();
});

// ------------------------------------------------------------------------------- §4.5.1 Certificate

clause('RFC 9846 §4.5.1: a context that answers no request', (victim) =>
  certificate(victim, (message) => ({ ...message, certificateRequestContext: bytes(1) })),
);
clause('RFC 9846 §4.5.1.3: an empty Certificate of a server', () =>
  certificate('client', (message) => ({ ...message, certificateList: [] })),
);
clause('RFC 9846 §4.5.1.3: an empty Certificate of a client that must have one', () =>
  scriptedClient(require)
    .before('certificate')
    .certificate((message) => ({ ...message, certificateList: [] })),
);
clause('RFC 9846 §4.5.1.3: an empty Certificate of a client that may have one', () =>
  scriptedClient(request)
    .before('certificate')
    .certificate((message) => ({ ...message, certificateList: [] }))
    .finished(),
);
clause('RFC 9846 §4.5.2: CertificateVerify after an empty Certificate', () =>
  scriptedClient(request)
    .before('certificate')
    .certificate((message) => ({ ...message, certificateList: [] }))
    .certificateVerify(),
);
clause('RFC 9846 §4.5.2: no CertificateVerify after a certificate', (victim) =>
  victim === 'client'
    ? scriptedServer().before('certificateVerify').finished()
    : scriptedClient(request).before('certificateVerify').finished(),
);
clause('RFC 9846 §4.5.1: no Certificate although one was asked for', () =>
  scriptedClient(request).before('certificate').finished(),
);
clause('RFC 9846 §4.5.1: a Certificate that nobody asked for', () =>
  scriptedClient().before('finished').certificate(),
);
clause('RFC 9846 §4.5.1: an entry without bytes', (victim) =>
  certificate(victim, (message) => withBody(message, () => bytes(0, 0, 0, 5, 0, 0, 0, 0, 0))),
);
clause('RFC 9846 §4.5.1: an extension twice in an entry', () =>
  scriptedServer({ requestOcsp: true })
    .before('certificate')
    .certificate((message) => {
      const status = { type: ext.status_request, data: bytes(1, 0, 0, 1, 0) };
      const [entry] = message.certificateList;
      const extensions = { entries: [status, status] } as unknown as NonNullable<typeof entry>['extensions'];
      return { ...message, certificateList: [{ ...entry!, extensions }] };
    }),
);
clause('RFC 9846 §4.5.1: an extension in an entry that the request did not ask for', () =>
  certificate('server', (message) => ({
    ...message,
    certificateList: message.certificateList.map((entry) => ({
      ...entry,
      extensions: entry.extensions.with({ type: ext.status_request, data: bytes(1, 0, 0, 1, 0) }),
    })),
  })),
);
clause('RFC 9846 §4.5.1.3: a certificate that the application calls malformed', (victim) => {
  const answers = {
    verifyPeer: () => ({ ok: false, reason: 'malformed', message: 'no certificate' }) as const,
  };
  return victim === 'client'
    ? scriptedServer({ answers }).before('certificate').certificate()
    : scriptedClient({ ...request, answers })
        .before('certificate')
        .certificate();
});
clause('RFC 9846 §4.5.1.2: a public key that cannot be used', (victim) => {
  const answers = { verifyPeer: () => ({ ok: true, publicKey: bytes(0x30, 0) }) as const };
  return victim === 'client'
    ? scriptedServer({ answers }).before('certificateVerify').certificateVerify()
    : scriptedClient({ ...request, answers })
        .before('certificateVerify')
        .certificateVerify();
});

// ------------------------------------------------------------------------- §4.5.2 CertificateVerify

clauses('RFC 9846 §4.5.2: a scheme that was not offered', [
  ['unknown', (victim) => certificateVerify(victim, withScheme(0x6a6a))],
  ['ecdsa_sha1', (victim) => certificateVerify(victim, withScheme(0x0203))],
  ['rsa_pkcs1_sha1', (victim) => certificateVerify(victim, withScheme(0x0201))],
  [
    'known',
    (victim) => {
      const options = { signatureSchemes: [schemes.rsa_pss_rsae_sha256] };
      return victim === 'client'
        ? scriptedServer(options).before('certificateVerify').certificateVerify()
        : scriptedClient({ ...request, ...options })
            .before('certificateVerify')
            .certificateVerify();
    },
  ],
]);
clauses(
  'RFC 9846 §4.3.3: a scheme that is for certificates alone',
  (['rsa_pkcs1_sha256', 'rsa_pkcs1_sha384', 'rsa_pkcs1_sha512'] as const).map(
    (name): Case => [name, (victim) => certificateVerify(victim, withScheme(schemes[name]))],
  ),
);
clause(
  'RFC 9846 §4.5.2: a scheme that does not fit the key',
  (victim) =>
    certificateVerify(
      victim,
      withScheme(victim === 'client' ? schemes.ed25519 : schemes.ecdsa_secp256r1_sha256),
    ),
  (victim) => certificateVerify(victim, withScheme(schemes.ecdsa_secp384r1_sha384)),
  (victim) => certificateVerify(victim, withScheme(schemes.rsa_pss_rsae_sha256)),
);
clause(
  'RFC 9846 §4.5.2: a signature that does not verify',
  (victim) => certificateVerify(victim, (message) => ({ ...message, signature: flipped(message.signature) })),
  (victim) => certificateVerify(victim, (message) => ({ ...message, signature: bytes() })),
  (victim) => certificateVerify(victim, (message) => ({ ...message, signature: new Uint8Array(64) })),
  (victim) =>
    certificateVerify(victim, (message) => ({ ...message, signature: bytes(...message.signature, 0) })),
  // Of another key, of another transcript, of the other side.
  () =>
    scriptedServer()
      .before('certificate')
      .certificate((message) => withCertificate(message, ed25519Certificate))
      .certificateVerify((message) => ({
        ...message,
        algorithm: schemes.ed25519,
        signature: ed25519Key.sign({ type: 'ed25519' }, bytes(1)),
      })),
  () =>
    scriptedClient(request)
      .before('certificate')
      .certificate((message) => withCertificate(message, p256Certificate))
      .certificateVerify((message) => ({ ...message, algorithm: schemes.ecdsa_secp256r1_sha256 })),
  (victim) => {
    const peer =
      victim === 'client'
        ? scriptedServer().before('certificateVerify')
        : scriptedClient(request).before('certificateVerify');
    peer.transcript = peer.transcript.append(bytes(0));
    return peer.certificateVerify();
  },
);

function withScheme(scheme: number): Change<CertificateVerify> {
  return (message) => ({ ...message, algorithm: scheme as SignatureScheme });
}

function withCertificate(message: Certificate, certData: Uint8Array): Certificate {
  return { ...message, certificateList: message.certificateList.map((entry) => ({ ...entry, certData })) };
}

// ----------------------------------------------------------------------------------- §4.5.3 Finished

clause(
  'RFC 9846 §4.5.3: a Finished that does not verify',
  (victim) => finished(victim, (message) => ({ ...message, verifyData: flipped(message.verifyData) })),
  (victim) => finished(victim, (message) => ({ ...message, verifyData: new Uint8Array(32) })),
  (victim) => {
    const peer = atFinished(victim);
    peer.transcript = peer.transcript.append(bytes(0));
    return peer.finished();
  },
);
clause(
  'RFC 9846 §4.5.3: a Finished of another length',
  ...[0, 12, 31, 33, 48].map(
    (length) => (victim: Victim) =>
      finished(victim, (message) => ({ ...message, verifyData: new Uint8Array(length) })),
  ),
);
clause(
  'RFC 9846 §4.5.3: application data before Finished',
  (victim) => inHandshake(victim).data(bytes(1)),
  (victim) => inHandshake(victim).data(bytes()),
  (victim) => atFinished(victim).data(bytes(1)),
);
clause('RFC 9846 §4.7.3: KeyUpdate before Finished', (victim) =>
  atFinished(victim).handshake({ type: 'key_update', updateRequested: false }),
);
clause('RFC 9846 §5.2: messages under keys that are not agreed', (victim) => {
  const peer = inHandshake(victim);
  peer.writeKeys = peer.keys(new Uint8Array(32));
  return peer.record(type.handshake, bytes(20, 0));
});

function flipped(data: Uint8Array): Uint8Array {
  return data.map((byte, i) => (i === data.length - 1 ? byte ^ 1 : byte));
}
