import { expect } from 'vitest';
import { delegatedCredentialContent } from '../../src/index.ts';
import { signedContent } from '../../src/auth/signed-content.ts';
import type { PrivateKey } from '../../src/crypto/provider.ts';
import { describeScheme } from '../../src/crypto/signature-schemes.ts';
import {
  clientCertificateTypeExtension,
  serverCertificateTypeExtension,
} from '../../src/extensions/certificate-type.ts';
import { extension } from '../../src/extensions/definition.ts';
import {
  delegatedCredential,
  delegatedCredentialExtension,
  type DelegatedCredential,
} from '../../src/extensions/delegated-credential.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import type { CertificateVerify } from '../../src/messages/certificate-verify.ts';
import { certificate as certificateCodec, type Certificate } from '../../src/messages/certificate.ts';
import { certificateTypes } from '../../src/registry/certificate-types.ts';
import { compressionAlgorithms } from '../../src/registry/compression-algorithms.ts';
import { extensionTypes as ext } from '../../src/registry/extension-types.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { signatureSchemes as schemes, type SignatureScheme } from '../../src/registry/signature-schemes.ts';
import { decodeHandshake } from '../../src/messages/tls13.ts';
import type { Delegation, X509Credential } from '../../src/values/credential.ts';
import type { VerifyPeerAsk, VerifyPeerReply } from '../../src/values/peer-evidence.ts';
import { encode } from '../../src/wire/codec.ts';
import {
  ed25519Certificate,
  ed25519Credential,
  ed25519Key,
  p256Certificate,
  p256Credential,
  p256Key,
  publicKeyOf,
} from '../harness/fixtures.ts';
import { testProvider } from '../harness/node-provider.ts';
import { nowMs, withExtension, type Change } from '../harness/peer.ts';
import { scriptedClient, type ScriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer, type ScriptedServer } from '../harness/scripted-server.ts';
import { bytes, clause, type Victim } from './clause.ts';

type End = ScriptedClient | ScriptedServer;

const newEd25519 = testProvider.generateKeyPair({ type: 'ed25519' });
const otherP256Key = testProvider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
const { ecdsa_secp256r1_sha256: p256, ed25519 } = schemes;

interface Delegator {
  readonly role: 'client' | 'server';
  readonly certificate: Uint8Array;
  readonly key: PrivateKey;
  readonly scheme: SignatureScheme;
}

/** The scripted end that the victim talks to: its certificate, and the key that can delegate. */
const others = {
  client: { role: 'server', certificate: p256Certificate, key: p256Key, scheme: p256 },
  server: { role: 'client', certificate: ed25519Certificate, key: ed25519Key, scheme: ed25519 },
} as const satisfies Record<Victim, Delegator>;

function delegated(
  { role, certificate, key, scheme }: Delegator,
  to: PrivateKey,
  dcCertVerifyAlgorithm: SignatureScheme,
): DelegatedCredential {
  const cred = {
    validTimeSeconds: 1_000,
    dcCertVerifyAlgorithm,
    subjectPublicKeyInfo: to.publicKey.spki,
  };
  const content = delegatedCredentialContent(role, certificate, cred, scheme);
  return { cred, algorithm: scheme, signature: key.sign(describeScheme(scheme)!.algorithm, content) };
}

/** The key that the other end delegates to: of another kind than its own. */
const delegates = {
  client: { key: newEd25519, scheme: ed25519 },
  server: { key: otherP256Key, scheme: p256 },
} as const;

const ofOther = (
  victim: Victim,
  scheme: SignatureScheme = delegates[victim].scheme,
  to: PrivateKey = delegates[victim].key,
) => delegated(others[victim], to, scheme);

/** Whoever is right about certificates, and takes what it is shown of delegated credentials. */
const answers = {
  verifyPeer: ({ evidence }: VerifyPeerAsk): VerifyPeerReply => {
    if (evidence.type === 'rawPublicKey') return { ok: true, publicKey: evidence.spki };
    const [own] = evidence.chain;
    const publicKey = own!.delegatedCredential?.cred.subjectPublicKeyInfo ?? publicKeyOf(own!.certificate);
    return { ok: true, publicKey };
  },
};
const accepting = { acceptDelegatedCredentials: true, answers } as const;
const request = { clientAuthentication: 'request' } as const;

/** Up to the other end's Certificate, which is changed. */
function certificate(victim: Victim, change: Change<Certificate>, options: object = accepting): End {
  return victim === 'client'
    ? scriptedServer(options).before('certificate').certificate(change)
    : scriptedClient({ ...request, ...options })
        .before('certificate')
        .certificate(change);
}

const raw = (data: Uint8Array) => ({ type: ext.delegated_credential, data });
const carrying = (credential: DelegatedCredential) => carryingBytes(encode(delegatedCredential, credential));

/** With a credential in the first entry, or another one. */
function carryingBytes(data: Uint8Array, at = 0): Change<Certificate> {
  return (message) => ({
    ...message,
    certificateList: message.certificateList.map((entry, position) =>
      position === at ? withEntryExtension(entry, data) : entry,
    ),
  });
}

function withEntryExtension(entry: Certificate['certificateList'][number], data: Uint8Array) {
  // A block would refuse to hold what the tests are about.
  const extensions = { entries: [...entry.extensions.entries, raw(data)] };
  return { ...entry, extensions } as unknown as typeof entry;
}

/** CertificateVerify by another key. */
function by(
  end: End,
  victim: Victim,
  key: PrivateKey,
  algorithm: SignatureScheme,
): Change<CertificateVerify> {
  const content = signedContent(others[victim].role, end.digest());
  const signature = key.sign(describeScheme(algorithm)!.algorithm, content);
  return (message) => ({ ...message, algorithm, signature });
}

function proven(victim: Victim, end: End): End {
  const { key, scheme } = delegates[victim];
  end.certificateVerify(by(end, victim, key, scheme)).finished();
  expect(end.victim.facts).toMatchObject({
    handshakes: 1,
    peerSignatureScheme: scheme,
    peerEvidence: {
      chain: [{ delegatedCredential: { cred: { subjectPublicKeyInfo: key.publicKey.spki } } }],
    },
  });
  return end;
}

// ---------------------------------------------------------------------------------------------------- §4

clause(
  'RFC 9345 §4: a credential that is malformed',
  (victim) => certificate(victim, carryingBytes(bytes())),
  (victim) => certificate(victim, carryingBytes(bytes(0, 2, 4, 3))),
  (victim) => certificate(victim, carryingBytes(bytes(...encode(delegatedCredential, ofOther(victim)), 0))),
  (victim) =>
    certificate(victim, carryingBytes(encode(delegatedCredential, ofOther(victim)).subarray(0, -1))),
  // Also where it would have been ignored.
  (victim) =>
    certificate(victim, (message) => {
      const [own] = message.certificateList;
      return carryingBytes(bytes(1), 1)({ ...message, certificateList: [own!, own!] });
    }),
);
clause(
  'RFC 9345 §4: a credential for a key with the rsaEncryption OID',
  (victim) => certificate(victim, carrying(ofOther(victim, schemes.rsa_pss_rsae_sha256))),
  // Though the list says so, which is against the RFC as well.
  (victim) => {
    const type = ext.delegated_credential;
    const own = { in: victim === 'client' ? 'CH' : 'CR', type, data: bytes(0, 2, 8, 4) } as const;
    const options = { ...accepting, extraExtensions: [own] };
    return certificate(victim, carrying(ofOther(victim, schemes.rsa_pss_rsae_sha256)), options);
  },
);
clause('RFC 9345 §4: a key that does not fit the scheme', (victim) => {
  const end = certificate(victim, carrying(ofOther(victim, undefined, others[victim].key)));
  const { scheme } = delegates[victim];
  return end.certificateVerify((message) => ({ ...message, algorithm: scheme }));
});
clause('RFC 9345 §4: a key that is none', (victim) => {
  const { cred, ...rest } = ofOther(victim);
  const end = certificate(
    victim,
    carrying({ ...rest, cred: { ...cred, subjectPublicKeyInfo: bytes(0x30, 0) } }),
  );
  const { scheme } = delegates[victim];
  return end.certificateVerify((message) => ({ ...message, algorithm: scheme }));
});

// -------------------------------------------------------------------------------------------------- §4.1

clause('RFC 9345 §4.1: a delegated credential', (victim) =>
  proven(victim, certificate(victim, carrying(ofOther(victim)))),
);
clause('RFC 9345 §4.1: a compressed certificate with a delegated credential', (victim) => {
  const { zlib } = compressionAlgorithms;
  const compressed: Change<Certificate> = (message) => {
    const body = encode(certificateCodec, carrying(ofOther(victim))(message) as Certificate);
    return {
      type: 'compressed_certificate',
      algorithm: zlib,
      uncompressedLength: body.length,
      compressedCertificateMessage: testProvider.certificateCompression!.zlib!.compress!(body),
    };
  };
  const options = { ...accepting, certificateCompression: { accept: [zlib] } };
  return proven(victim, certificate(victim, compressed, options));
});
clause(
  'RFC 9345 §4.1: a delegated credential that nobody asked for',
  (victim) => certificate(victim, carrying(ofOther(victim)), { answers }),
  (victim) =>
    certificate(
      victim,
      (message) => {
        const [own] = message.certificateList;
        const twice = { ...message, certificateList: [own!, own!] };
        return carryingBytes(encode(delegatedCredential, ofOther(victim)), 1)(twice);
      },
      { answers },
    ),
);
clause('RFC 9345 §4.1: a delegated credential beside another certificate', (victim) => {
  const end = certificate(victim, (message) => {
    const [own] = message.certificateList;
    const twice = { ...message, certificateList: [own!, own!] };
    return carryingBytes(encode(delegatedCredential, ofOther(victim)), 1)(twice);
  });
  end.certificateVerify().finished();
  const { peerEvidence } = end.victim.facts;
  expect(peerEvidence?.type === 'x509' && peerEvidence.chain.map((each) => Object.keys(each))).toEqual([
    ['certificate'],
    ['certificate'],
  ]);
  return end;
});
clause('RFC 9345 §4.1: a delegated credential beside a raw public key', (victim) => {
  const options = { ...accepting, peerCertificateTypes: ['rawPublicKey', 'x509'] } as const;
  const change: Change<Certificate> = (message) => {
    const [own] = message.certificateList;
    const entry = { ...own!, certData: others[victim].key.publicKey.spki };
    return carrying(ofOther(victim))({ ...message, certificateList: [entry] });
  };
  const { RawPublicKey } = certificateTypes;
  if (victim === 'client') {
    return scriptedServer(options)
      .before('encryptedExtensions')
      .encryptedExtensions((message) =>
        withExtension(message, extension('EE', serverCertificateTypeExtension, RawPublicKey)),
      )
      .certificate(change);
  }
  return scriptedClient({ ...request, ...options })
    .clientHello((hello) =>
      withExtension(hello, extension('CH', clientCertificateTypeExtension, [RawPublicKey])),
    )
    .certificate(change);
});

const signedWith = (algorithm: number) => (victim: Victim) =>
  certificate(victim, carrying({ ...ofOther(victim), algorithm: algorithm as SignatureScheme }));
clause(
  'RFC 9345 §4.1: a credential signed by a scheme that was not offered',
  signedWith(0x6a6a),
  signedWith(schemes.ecdsa_sha1),
  // Offered, but for certificates.
  signedWith(schemes.rsa_pkcs1_sha256),
  (victim) => {
    const options = { ...accepting, signatureSchemes: [schemes.ed448] };
    return certificate(victim, carrying(ofOther(victim)), {
      ...options,
      acceptDelegatedCredentials: [p256, ed25519],
    });
  },
);
clause(
  'RFC 9345 §4.1: a credential for a scheme that was not offered',
  (victim) =>
    certificate(victim, carrying(ofOther(victim)), {
      ...accepting,
      acceptDelegatedCredentials: [schemes.ed448],
    }),
  (victim) => certificate(victim, carrying(ofOther(victim, 0x6a6a as SignatureScheme))),
  (victim) => certificate(victim, carrying(ofOther(victim, schemes.rsa_pkcs1_sha256))),
);
clause('RFC 9345 §4.1: a delegated credential in EncryptedExtensions', () =>
  scriptedServer(accepting)
    .before('encryptedExtensions')
    .encryptedExtensions((message) => withExtension(message, raw(bytes(0, 2, 4, 3)))),
);

// ---------------------------------------------------------------------------------- what the victim sends

/** The victim's own certificate and key, with a delegated one. */
function credentialOf(victim: Victim): X509Credential {
  const certified =
    victim === 'client'
      ? { ...others.server, certificate: ed25519Certificate, role: 'client' as const }
      : { ...others.client, certificate: p256Certificate, role: 'server' as const };
  const delegation: Delegation = {
    credential: delegated(certified, otherP256Key, p256),
    key: otherP256Key,
    role: certified.role,
    expiresAtMs: nowMs + 1,
  };
  return { ...(victim === 'client' ? ed25519Credential : p256Credential), delegations: [delegation] };
}

/** The victim is asked for its certificate, by one that says this of delegated credentials. */
function asked(
  victim: Victim,
  data: Uint8Array | undefined,
  {
    credential = credentialOf(victim),
    verifies = [victim === 'client' ? ed25519 : p256],
  }: { credential?: X509Credential; verifies?: readonly SignatureScheme[] } = {},
): End {
  const options = { credentials: [credential] };
  const list = <M extends Parameters<typeof withExtension>[0]>(message: M): M => {
    const other = data === undefined ? message : withExtension(message, raw(data));
    return withExtension(other, extension('CH', signatureAlgorithmsExtension, verifies)) as M;
  };
  if (victim === 'server') return scriptedClient(options).clientHello(list);
  const server = scriptedServer(options, { asksClient: true }).before('certificateRequest');
  server.certificateRequest(list);
  return server.failure === undefined ? server.certificate().certificateVerify().finished() : server;
}

/** What the victim has sent of its own certificate, and of the key that signed for it. */
function shown(victim: Victim, end: End, isDelegated: boolean): End {
  const [message] = end.messagesOf(handshakeTypes.certificate).map((each) => decodeHandshake(each));
  const entries = message?.type === 'certificate' ? message.certificateList : [];
  expect(entries).toHaveLength(1);
  expect(entries[0]!.extensions.has(delegatedCredentialExtension)).toBe(isDelegated);
  if (victim === 'server') (end as ScriptedClient).finished();
  const { facts } = end.victim;
  expect(facts.handshakes).toBe(1);
  expect(facts.ownSignatureScheme).toBe(isDelegated || victim === 'server' ? p256 : ed25519);
  const expected = isDelegated ? credentialOf(victim).delegations![0]!.credential.cred : undefined;
  expect(facts.ownDelegatedCredential?.cred).toEqual(expected);
  return end;
}

const oneScheme = bytes(0, 2, 4, 3);

clause(
  'RFC 9345 §4.1: a list of schemes without entries',
  (victim) => asked(victim, bytes(0, 0)),
  (victim) => asked(victim, bytes(0, 1, 4)),
);
clause('RFC 9345 §4.1: schemes of delegated keys that nobody knows', (victim) =>
  shown(victim, asked(victim, bytes(0, 4, 0x6a, 0x6a, 5, 3)), false),
);
clause('RFC 9345 §4.1: no delegated_credential of the other side', (victim) =>
  shown(victim, asked(victim, undefined), false),
);
clause(
  'RFC 9345 §4.1: a delegated_credential that ours fits',
  (victim) => shown(victim, asked(victim, oneScheme), true),
  (victim) => shown(victim, asked(victim, bytes(0, 4, 0x6a, 0x6a, 4, 3)), true),
);
clause(
  'RFC 9345 §4.1: a peer that cannot verify what ours is signed with',
  (victim) => {
    const credential = credentialOf(victim);
    const [delegation] = credential.delegations!;
    const signed = { ...delegation!.credential, algorithm: schemes.ed448 };
    const other = { ...credential, delegations: [{ ...delegation!, credential: signed }] };
    return shown(victim, asked(victim, oneScheme, { credential: other }), false);
  },
  // Nor is one shown that has expired, or is for the other role.
  ...[{ expiresAtMs: nowMs }, { role: 'other' } as const].map((change) => (victim: Victim) => {
    const credential = credentialOf(victim);
    const [delegation] = credential.delegations!;
    const role = delegation!.role === 'client' ? 'server' : 'client';
    const changed = { ...delegation!, ...('role' in change ? { role } : change) } as Delegation;
    return shown(
      victim,
      asked(victim, oneScheme, { credential: { ...credential, delegations: [changed] } }),
      false,
    );
  }),
);
clause('RFC 9345 §4.1: a peer that takes our delegated key alone, and has not asked for it', (victim) => {
  const credential = { ...credentialOf(victim), signatureSchemes: [], key: 'external' as const };
  expect(shown(victim, asked(victim, oneScheme, { credential }), true).failure).toBeUndefined();
  if (victim === 'server') return asked(victim, undefined, { credential });
  const answers = { selectCertificate: () => ({ ok: true, credential }) as const };
  const server = scriptedServer({ answers }, { asksClient: true }).before('certificateRequest');
  return server.certificateRequest().certificate().certificateVerify().finished();
});

// ------------------------------------------------------------------------------------------------ §4.1.3

clause(
  "RFC 9345 §4.1.3: a CertificateVerify of another scheme than the credential's",
  (victim) => certificate(victim, carrying(ofOther(victim))).certificateVerify(),
  (victim) => {
    const end = certificate(victim, carrying(ofOther(victim)));
    return end.certificateVerify((message) => ({ ...message, algorithm: 0x6a6a as SignatureScheme }));
  },
);
clause("RFC 9345 §4.1.3: a CertificateVerify of the certificate's key", (victim) => {
  const { key, scheme } = others[victim];
  const to = victim === 'client' ? otherP256Key : newEd25519;
  const end = certificate(victim, carrying(ofOther(victim, scheme, to)));
  return end.certificateVerify(by(end, victim, key, scheme));
});
clause('RFC 9345 §4.1.3: a credential that the application calls invalid', (victim) => {
  const verifyPeer = () => ({ ok: false, reason: 'invalidDelegation', message: 'expired' }) as const;
  return certificate(victim, carrying(ofOther(victim)), { ...accepting, answers: { verifyPeer } });
});
clause('RFC 9345 §4.1.3: a credential that the application knows nothing of', (victim) =>
  certificate(victim, carrying(ofOther(victim)), { acceptDelegatedCredentials: true }),
);
