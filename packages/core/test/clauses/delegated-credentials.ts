import { expect } from 'vitest';
import {
  clientCertificateTypeExtension,
  serverCertificateTypeExtension,
} from '../../src/extensions/certificate-type.ts';
import { extension } from '../../src/extensions/definition.ts';
import { delegatedCredential } from '../../src/extensions/delegated-credential.ts';
import { certificate as certificateCodec, type Certificate } from '../../src/messages/certificate.ts';
import { certificateTypes } from '../../src/registry/certificate-types.ts';
import { compressionAlgorithms } from '../../src/registry/compression-algorithms.ts';
import { extensionTypes as ext } from '../../src/registry/extension-types.ts';
import { signatureSchemes as schemes, type SignatureScheme } from '../../src/registry/signature-schemes.ts';
import { encode } from '../../src/wire/codec.ts';
import { testProvider } from '../harness/node-provider.ts';
import { withExtension, type Change } from '../harness/peer.ts';
import { scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { bytes, clause, type Victim } from './clause.ts';

import {
  accepting,
  answers,
  by,
  carrying,
  carryingBytes,
  certificate,
  delegates,
  ed25519,
  newEd25519,
  ofOther,
  otherP256Key,
  others,
  p256,
  proven,
  raw,
  request,
} from '../harness/delegators.ts';
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
