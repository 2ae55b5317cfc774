import { isX509Error, type X509Error } from '@sealwire/x509';
import { cryptoOperationFailed } from './node-codes.ts';
import { nativeError } from './node-error.ts';
import { type OpensslReason, sslReason, thrownOpensslError } from './openssl-error.ts';

/**
 * What `createSecureContext` throws for keys and certificates that it cannot take: the code, the sentence and the rest of
 * OpenSSL's queue, as far as our finding tells them.
 *
 * There is none for `ca`, of which Node takes what it can read, nor for `dhparam` that cannot be read, which it leaves out.
 */
export type LoadedThing = 'key' | 'cert' | 'pfx' | 'crl';

/**
 * `input`: what was being read. Anything but an `X509Error` is no finding about it, and comes back as it is.
 */
export function loadingError(error: unknown, what: LoadedThing, input: string | Uint8Array): unknown {
  if (!isX509Error(error)) return error;
  switch (what) {
    case 'key':
      return keyError(error, typeof input === 'string' ? input : Buffer.from(input).toString('latin1'));
    case 'cert':
      return certificateError(error);
    case 'pfx':
      return pfxError(error, typeof input === 'string' ? Buffer.from(input) : input);
    case 'crl':
      return cryptoOperationFailed('Failed to parse CRL');
  }
}

/** A certificate beside a key that is not its own. */
export function keyMismatch(): Error {
  return thrownOpensslError(reasons.keyMismatch);
}

/** A key that the security level does not allow: the end entity's, or one of its chain. */
export function keyTooSmall(whose: 'ee' | 'ca'): Error {
  return thrownOpensslError(sslReason(whose === 'ee' ? 'ee key too small' : 'ca key too small'));
}

export function dhParameterTooSmall(): Error {
  return nativeError('ERR_INVALID_ARG_VALUE', 'DH parameter is less than 1024 bits', TypeError);
}

/** A PKCS #12 file without a private key. */
export function pfxWithoutKey(): Error {
  return cryptoOperationFailed('Unable to load private key from PFX data');
}

/** A list of signature algorithms with something unknown: OpenSSL queues nothing then, and Node prints that nothing. */
export function invalidSigalgs(): Error {
  return nativeError(undefined, 'error:00000000:lib(0)::reason(0)');
}

/** Whatever is wrong with a key, OpenSSL ends with having no decoder for it, unless it is the passphrase. */
function keyError({ code }: X509Error, text: string): Error {
  const isOldForm = text.includes('Proc-Type:');
  if (code === 'encryption.passphraseMissing' || code === 'encryption.passphraseWrong') {
    const { badDecrypt, pemBadDecrypt, cipherFinal } = reasons;
    const rest = isOldForm ? [pemBadDecrypt] : [cipherFinal, badDecrypt, cipherFinal];
    return thrownOpensslError(badDecrypt, rest);
  }
  if (isOldForm) {
    const info = /^DEK-Info:\s*([^,\s]*)(,?)/m.exec(text);
    if (info === null) return thrownOpensslError(reasons.noDekInfo);
    if (info[2] === '' || code === 'encryption.unsupported') {
      return thrownOpensslError(reasons.unsupportedEncryption);
    }
    if (code === 'encryption.malformed') return thrownOpensslError(reasons.badIv);
  }
  const found = structure[outline(bodyOf(text))];
  // Two decoders try the forms that are older than PKCS #8.
  const times = /-----BEGIN \w+ PRIVATE KEY-----/.test(text) && !text.includes('ENCRYPTED') ? 2 : 1;
  return thrownOpensslError(reasons.noDecoder, Array(times).fill(found).flat());
}

function certificateError({ code }: X509Error): Error {
  switch (code) {
    case 'pem.noBlock':
    case 'pem.badLabel':
      return thrownOpensslError(reasons.noStartLine);
    case 'pem.badBase64':
      return thrownOpensslError(reasons.badBase64);
    case 'pem.unclosedBlock':
    case 'pem.labelMismatch':
      return thrownOpensslError(reasons.badEndLine);
    default: {
      const found = structure[code === 'der.truncated' ? 'truncated' : 'otherTag'];
      return thrownOpensslError(found.at(-1)!, [reasons.asn1Lib, ...found.slice(0, -1)]);
    }
  }
}

/** Here Node throws the sentence alone. */
function pfxError({ code }: X509Error, bytes: Uint8Array): Error {
  switch (code) {
    case 'encryption.passphraseMissing':
    case 'encryption.passphraseWrong':
      return nativeError(undefined, 'mac verify failure');
    case 'encryption.unsupported':
    case 'encryption.rc2NotAllowed':
    case 'container.unsupported':
      return nativeError('ERR_CRYPTO_UNSUPPORTED_OPERATION', 'Unsupported PKCS12 PFX data');
    default:
      return nativeError(
        undefined,
        bytes.length === 0 || outline(bytes) === 'truncated' ? 'not enough data' : 'wrong tag',
      );
  }
}

/** How far OpenSSL comes with what should be a SEQUENCE: it looks at the length before the tag. */
function outline(bytes: Uint8Array): keyof typeof structure {
  const [tag, first = 0] = bytes;
  if (tag === undefined) return 'empty';
  const count = first > 0x80 ? first - 0x80 : 0;
  const length =
    count === 0 ? first : Number(`0x${Buffer.from(bytes.subarray(2, 2 + count)).toString('hex')}`);
  if (!(length <= bytes.length - 2 - count)) return 'truncated';
  return tag === 0x30 ? 'fits' : 'otherTag';
}

/** What the lines of a PEM block hold; nothing if there is none. */
function bodyOf(text: string): Buffer {
  const [, body = ''] = /-----BEGIN [^-]+-----([A-Za-z0-9+/=\s]*)-----END/.exec(text) ?? [];
  return Buffer.from(body, 'base64');
}

const asn1 = (number: number, reason: string): OpensslReason => ({
  library: 'asn1 encoding routines',
  number,
  reason,
});
const pem = (number: number, reason: string): OpensslReason => ({ library: 'PEM routines', number, reason });

const reasons = {
  keyMismatch: { library: 'x509 certificate routines', number: 0x74, reason: 'key values mismatch' },
  badDecrypt: { library: 'Provider routines', number: 0x64, reason: 'bad decrypt' },
  cipherFinal: { library: 'PKCS12 routines', number: 0x74, reason: 'pkcs12 cipherfinal error' },
  noDecoder: { library: 'DECODER routines', number: 0x8_010c, reason: 'unsupported' },
  pemBadDecrypt: pem(0x65, 'bad decrypt'),
  noDekInfo: pem(0x69, 'not dek info'),
  badIv: pem(0x67, 'bad iv chars'),
  unsupportedEncryption: pem(0x72, 'unsupported encryption'),
  noStartLine: pem(0x6c, 'no start line'),
  badBase64: pem(0x64, 'bad base64 decode'),
  badEndLine: pem(0x66, 'bad end line'),
  asn1Lib: pem(0x8_000d, 'ASN1 lib'),
} as const satisfies Record<string, OpensslReason>;

/** What OpenSSL queues about the structure, the oldest last. */
const structure = {
  empty: [],
  fits: [],
  truncated: [asn1(0x8_010a, 'nested asn1 error'), asn1(0x66, 'bad object header'), asn1(0x9b, 'too long')],
  otherTag: [asn1(0x8_010a, 'nested asn1 error'), asn1(0xa8, 'wrong tag')],
} as const satisfies Record<string, readonly OpensslReason[]>;
