import { provider } from '../process/provider.ts';
import { isX509Error, type Pkcs12, readPkcs12, type X509Error, type X509ErrorCode } from '@sealwire/x509';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { cryptoOperationFailed } from '../errors/node-codes.ts';
import { nativeError } from '../errors/node-error.ts';
import type { OpensslVersion } from '../process/host.ts';
import { fits } from './key-slots.ts';
import { type OwnCertificate, readOwnCertificate } from './own-certificate.ts';

/** What a context takes from `pfx`: a key, its certificate, and all others. */
export interface Pkcs12Identity {
  readonly key: KeyObject;
  readonly own: OwnCertificate;
  readonly others: readonly OwnCertificate[];
}

/** As PKCS12_parse(3) does: the first key counts, and the first certificate that it fits. Errors in the words of Node. */
export function readIdentity(
  bytes: Uint8Array,
  passphrase: string | undefined,
  version: OpensslVersion,
): Pkcs12Identity {
  const { keys, certificates } = read(oneElement(bytes, version), passphrase, version);
  const [first] = keys;
  if (first === undefined) throw cryptoOperationFailed('Unable to load private key from PFX data');
  const key = createPrivateKey({ key: Buffer.from(first.pkcs8), format: 'der', type: 'pkcs8' });
  const all = certificates.map(({ certificate }) => readOwnCertificate(certificate));
  const own = all.find((each) => fits(each, key));
  if (own === undefined) throw cryptoOperationFailed('Unable to load certificate from PFX data');
  return { key, own, others: all.filter((each) => each !== own) };
}

function read(bytes: Uint8Array, passphrase: string | undefined, version: OpensslVersion): Pkcs12 {
  try {
    return readPkcs12(bytes, {
      provider,
      // Since 3.2 what nothing protects is read all the same.
      allowMissingMac: version !== '3.0',
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch (error) {
    if (!isX509Error(error)) throw error;
    // Of indefinite length, and the end is missing.
    if (error.code === 'der.truncated' && bytes[1] === 0x80) throw nativeError(undefined, 'not enough data');
    throw inWordsOfNode(error);
  }
}

function inWordsOfNode({ code }: X509Error): Error {
  return unsupported.has(code)
    ? nativeError('ERR_CRYPTO_UNSUPPORTED_OPERATION', 'Unsupported PKCS12 PFX data')
    : nativeError(undefined, reasons[code] ?? 'wrong tag');
}

/**
 * The one element that a file is to consist of; what comes behind it is not read. How much there is of it is looked at before
 * anything else.
 */
function oneElement(bytes: Uint8Array, version: OpensslVersion): Uint8Array {
  const short = version === '3.0' && bytes.length > 0 ? 'header too long' : 'not enough data';
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) throw nativeError(undefined, short);
  if (first === 0x80) return bytes;
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (bytes.length < 2 + more) throw nativeError(undefined, short);
  if (more > 4) throw nativeError(undefined, version === '3.0' ? 'header too long' : 'too long');
  const length =
    more === 0 ? first : bytes.subarray(2, 2 + more).reduce((value, byte) => value * 256 + byte, 0);
  const end = 2 + more + length;
  if (bytes.length < end) throw nativeError(undefined, 'not enough data');
  if (tag === 0x30 && length === 0) throw nativeError(undefined, 'field missing');
  return bytes.subarray(0, end);
}

const unsupported: ReadonlySet<X509ErrorCode> = new Set([
  'encryption.unsupported',
  'encryption.rc2NotAllowed',
]);

const reasons: Readonly<Partial<Record<X509ErrorCode, string>>> = {
  'encryption.passphraseWrong': 'mac verify failure',
  'encryption.passphraseMissing': 'mac verify failure',
  'container.noMac': 'mac absent',
  'container.unsupported': 'content type not data',
  'der.truncated': 'field missing',
  'der.lengthTooLarge': 'too long',
};
