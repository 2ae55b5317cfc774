import { nodeProvider } from '@sealwire/crypto-node';
import { isX509Error, parseCertificate, publicKeySpki, signatureAlgorithmOf } from '@sealwire/x509';
import { commonName, made } from './made.mjs';

/** Signatures apart from certificates; those that are good say so by their names alone. */
export function signatures({ blocks, compare, list }) {
  for (const file of list('verify_signed_data_unittest', '.pem')) {
    const name = file.slice(file.indexOf('/') + 1, -'.pem'.length);
    compare(`signature ${name}`, good.has(name) ? 'good' : 'refused', verdict(blocks(file)));
  }
}

/** As in their verify_signed_data_unittest.cc. */
const good = new Set([
  'rsa-pkcs1-sha1',
  'rsa-pkcs1-sha256',
  'rsa2048-pkcs1-sha512',
  'ecdsa-secp384r1-sha256',
  'ecdsa-prime256v1-sha512',
  'rsa-pss-sha256',
  'mldsa-44',
  'mldsa-65',
  'mldsa-87',
]);

/** As the signature of a certificate is checked, whose algorithm and signature these are. */
function verdict(parts) {
  try {
    const certificate = parseCertificate(
      made({
        subject: commonName('x'),
        algorithm: parts.get('ALGORITHM'),
        signature: parts.get('SIGNATURE'),
      }),
    );
    const algorithm = signatureAlgorithmOf(certificate.signatureAlgorithm);
    const key = nodeProvider.importPublicKey(publicKeySpki(parts.get('PUBLIC KEY')));
    if (algorithm === undefined || key === undefined) return 'refused';
    return key.verify(algorithm, parts.get('DATA'), certificate.signature) ? 'good' : 'refused';
  } catch (error) {
    if (!isX509Error(error)) throw error;
    return 'refused';
  }
}
