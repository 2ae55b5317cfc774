import type { CryptoProvider, HashName } from '@sealwire/core';
import { hashIds } from '../../certificate/algorithm.ts';
import { type DerReader, tags } from '../../der/reader.ts';
import { readObjectIdentifier } from '../../der/values.ts';
import { type DecryptionContext, readCount, readSalt, requireHash } from '../../encryption/parameters.ts';
import type { Password } from '../../encryption/passphrase.ts';
import { hmacHashOf, type KeyDerivation, pbmac1Id, readKeyDerivation } from '../../encryption/pbes2.ts';
import { pkcs12Derivation } from '../../encryption/pkcs12-derivation.ts';

/** What protects the contents from changes: by the derivation of PKCS #12 itself, or by PBMAC1 (RFC 9879). */
export interface Mac {
  readonly type: 'pkcs12' | 'pbmac1';
  /** Whether the contents are what whoever knew the password wrote; spends work. */
  verify(password: Password, contents: Uint8Array, context: DecryptionContext): boolean;
}

/**
 * RFC 7292 §4:
 *
 *     MacData ::= SEQUENCE { mac DigestInfo, macSalt OCTET STRING, iterations INTEGER DEFAULT 1 }
 *     DigestInfo ::= SEQUENCE { digestAlgorithm AlgorithmIdentifier, digest OCTET STRING }
 */
export function readMac(pfx: DerReader): Mac {
  const macData = pfx.enter(tags.sequence, 'macData');
  const digestInfo = macData.enter(tags.sequence, 'mac');
  const algorithm = digestInfo.enter(tags.sequence, 'digestAlgorithm');
  const id = readObjectIdentifier(algorithm, 'algorithm');
  const pbmac1 = id === pbmac1Id ? readPbmac1(algorithm) : undefined;
  const hash = hashesById.get(id);
  if (pbmac1 === undefined && hash === undefined)
    throw algorithm.error('container.unsupported', `expected a MAC with a known hash, got ${id}`);
  if (pbmac1 === undefined && !algorithm.done) algorithm.content(tags.null, 'parameters');
  algorithm.finish();
  const digest = digestInfo.content(tags.octetString, 'digest');
  digestInfo.finish();
  const salt = readSalt(macData, 'macSalt');
  const iterations = macData.done ? 1 : readCount(macData, 'iterations');
  macData.finish();
  if (pbmac1 !== undefined) return pbmac1Of(pbmac1, digest);
  return {
    type: 'pkcs12',
    verify({ utf16 }, contents, { provider, work }) {
      const algorithm = requireHash(provider, hash!);
      work.spend(iterations);
      const key = pkcs12Derivation(algorithm, 'mac', utf16, salt, iterations, algorithm.outputBytes);
      return areEqual(algorithm.hmac(key, [contents]), digest);
    },
  };
}

interface Pbmac1 {
  readonly derivation: KeyDerivation;
  readonly keyBytes: number;
  readonly hash: HashName;
}

/**
 * RFC 8018 appendix A.5, RFC 9879: salt and iterations are those of the derivation, whose keyLength must be there.
 *
 *     PBMAC1-params ::= SEQUENCE { keyDerivationFunc AlgorithmIdentifier, messageAuthScheme AlgorithmIdentifier }
 */
function readPbmac1(algorithm: DerReader): Pbmac1 {
  const parameters = algorithm.enter(tags.sequence, 'PBMAC1-params');
  const derivation = readKeyDerivation(parameters, 'keyDerivationFunc');
  const scheme = parameters.enter(tags.sequence, 'messageAuthScheme');
  const id = readObjectIdentifier(scheme, 'algorithm');
  if (!scheme.done) scheme.content(tags.null, 'parameters');
  scheme.finish();
  parameters.finish();
  const hash = hmacHashOf(id);
  if (hash === undefined)
    throw algorithm.error('container.unsupported', `expected PBMAC1 with a known HMAC, got ${id}`);
  const { keyBytes } = derivation;
  // A length that the file chooses could leave a key of a byte or two, to which a MAC is easily found.
  if (keyBytes === undefined || keyBytes < 20 || keyBytes > maxMacKeyBytes) {
    throw algorithm.error(
      'container.malformed',
      `expected PBMAC1 with a keyLength of 20 to ${maxMacKeyBytes}, got ${keyBytes ?? 'none'}`,
    );
  }
  return { derivation, keyBytes, hash };
}

function pbmac1Of({ derivation, keyBytes, hash }: Pbmac1, digest: Uint8Array): Mac {
  return {
    type: 'pbmac1',
    verify(password, contents, context) {
      const algorithm = requireHash(context.provider, hash);
      const key = derivation.derive(password, keyBytes, context);
      return areEqual(algorithm.hmac(key, [contents]), digest);
    },
  };
}

/** All bytes are looked at, wherever the first difference is. */
function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ (b[i] ?? 0);
  return difference === 0;
}

/** The MAC of a file that we write. */
export function macOf(
  provider: CryptoProvider,
  hash: HashName,
  password: Password,
  contents: Uint8Array,
  { salt, iterations }: { readonly salt: Uint8Array; readonly iterations: number },
): Uint8Array {
  const algorithm = requireHash(provider, hash);
  const key = pkcs12Derivation(algorithm, 'mac', password.utf16, salt, iterations, algorithm.outputBytes);
  return algorithm.hmac(key, [contents]);
}

/** A key longer than the block of its hash is hashed first: 128 bytes are the most that is of use. */
const maxMacKeyBytes = 128;

const hashesById: ReadonlyMap<string, HashName> = /* @__PURE__ */ new Map<string, HashName>([
  ...(Object.entries(hashIds) as [HashName, string][]).map(([name, id]) => [id, name] as const),
  ['1.2.840.113549.2.5', 'md5'],
]);
