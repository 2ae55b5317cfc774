import { ApiMisuseError, type CryptoProvider, type PublicKey } from '@sealwire/core';
import { algorithmIds } from '../certificate/algorithm.ts';
import { ownBytes } from '../der/bytes.ts';
import { DerReader, tags } from '../der/reader.ts';
import { readInteger, readObjectIdentifier, readOctetsOfBitString } from '../der/values.ts';
import { derBitString, derNull, derObjectIdentifier, derSequence } from '../der/write.ts';
import { X509Error } from '../errors.ts';
import { looksLikeDer } from '../der/looks-like-der.ts';
import { parsePem } from '../pem.ts';

/**
 * A public key as people have it, brought into the one form that providers take: DER SubjectPublicKeyInfo (RFC 5280
 * §4.1.2.7). Accepted, each as PEM or DER: that (`PUBLIC KEY`), and PKCS #1 (`RSA PUBLIC KEY`, RFC 8017 §A.1.1). In a PEM
 * text the first public key counts. Throws `X509Error` with a `key.…`, `der.…` or `pem.…` code.
 */
export function publicKeySpki(input: string | Uint8Array): Uint8Array {
  if (typeof input !== 'string' && !(input instanceof Uint8Array))
    throw new ApiMisuseError(`expected a public key as PEM or DER, got ${typeof input}`);
  if (typeof input !== 'string' && looksLikeDer(input)) {
    const first = new DerReader(input, 'PublicKey').enter(tags.sequence, 'PublicKey').nextTag;
    return first === tags.integer ? fromPkcs1(input) : checkedSpki(input);
  }
  for (const { label, der } of parsePem(input)) {
    if (label === 'PUBLIC KEY') return checkedSpki(der);
    if (label === 'RSA PUBLIC KEY') return fromPkcs1(der);
  }
  throw new X509Error(
    'pem.noBlock',
    'expected a PUBLIC KEY block of PEM (the contents of a file, not its path)',
  );
}

/** A public key file as the provider's key; throws `X509Error` when it is none that the provider can use. */
export function loadPublicKey(input: string | Uint8Array, provider: CryptoProvider): PublicKey {
  const key = provider.importPublicKey(publicKeySpki(input));
  if (key === undefined)
    throw new X509Error('key.unsupported', `expected a public key that ${provider.name} knows`);
  return key;
}

/** `SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }` */
function checkedSpki(der: Uint8Array): Uint8Array {
  const reader = new DerReader(der, 'SubjectPublicKeyInfo');
  const info = reader.enter(tags.sequence, 'SubjectPublicKeyInfo');
  reader.finish();
  readObjectIdentifier(info.enter(tags.sequence, 'algorithm'), 'algorithm');
  readOctetsOfBitString(info, 'subjectPublicKey');
  info.finish();
  return ownBytes(der);
}

/** `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }` */
function fromPkcs1(der: Uint8Array): Uint8Array {
  const reader = new DerReader(der, 'RSAPublicKey');
  const key = reader.enter(tags.sequence, 'RSAPublicKey');
  reader.finish();
  readInteger(key, 'modulus');
  readInteger(key, 'publicExponent');
  key.finish();
  return derSequence(derSequence(derObjectIdentifier(algorithmIds.rsa), derNull), derBitString(der));
}
