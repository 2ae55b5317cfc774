import type { CryptoProvider } from '@sealwire/core';
import {
  decryptPadded,
  type FileCipher,
  fileCiphers,
  rc2Cipher,
  requireCipher,
} from '../encryption/ciphers.ts';
import { requireHash } from '../encryption/parameters.ts';
import { X509Error } from '../errors.ts';
import type { PemBlock } from '../pem.ts';

/** Whether the contents of a block are encrypted by the header lines in front of them (RFC 1421 §4.6.1.1). */
export function isEncryptedPem(block: PemBlock): boolean {
  return /(^|,)\s*ENCRYPTED\s*$/.test(block.headers.get('Proc-Type') ?? '') || block.headers.has('DEK-Info');
}

/**
 * What stands in a block that is encrypted in the old way (RFC 1421 §4.6.1.3, and what OpenSSL made of it); `undefined`
 * when the passphrase is wrong or the block damaged.
 *
 *     DEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF
 */
export function decryptPem(
  block: PemBlock,
  password: Uint8Array,
  { provider, allowRc2 }: { readonly provider: CryptoProvider; readonly allowRc2: boolean },
): Uint8Array | undefined {
  const [name = '', parameter = '', ...more] = (block.headers.get('DEK-Info') ?? '').split(',');
  const { offset } = block;
  const cipher = ciphers.get(name.trim().toUpperCase());
  if (cipher === undefined) {
    throw new X509Error(
      'encryption.unsupported',
      `expected a known cipher in DEK-Info, got ${JSON.stringify(name)}`,
      {
        offset,
      },
    );
  }
  const digits = parameter.trim();
  if (more.length > 0 || !/^[0-9a-f]*$/i.test(digits) || digits.length !== 2 * cipher.blockBytes) {
    throw new X509Error(
      'encryption.malformed',
      `expected an initialisation vector of ${cipher.blockBytes} bytes in DEK-Info, got ${JSON.stringify(parameter)}`,
      { offset },
    );
  }
  requireCipher(cipher, provider, allowRc2);
  if (block.der.length % cipher.blockBytes !== 0) {
    throw new X509Error(
      'encryption.malformed',
      `expected whole blocks of ${cipher.blockBytes} bytes, got ${block.der.length} bytes`,
      { offset },
    );
  }
  const iv = Uint8Array.from(digits.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16));
  const key = keyOf(provider, password, iv.subarray(0, 8), cipher.keyBytes);
  const text = decryptPadded(cipher, provider, key, iv, block.der);
  key.fill(0);
  return text;
}

/** MD5 once, of all that came before, password and salt: OpenSSL's EVP_BytesToKey with a count of 1. */
function keyOf(provider: CryptoProvider, password: Uint8Array, salt: Uint8Array, length: number): Uint8Array {
  const md5 = requireHash(provider, 'md5');
  const key = new Uint8Array(length);
  let block = new Uint8Array();
  for (let at = 0; at < length; at += 16) {
    block = Uint8Array.from(md5.digest([block, password, salt]));
    key.set(block.subarray(0, length - at), at);
  }
  return key;
}

const ciphers: ReadonlyMap<string, FileCipher> = /* @__PURE__ */ new Map<string, FileCipher>([
  ['AES-128-CBC', fileCiphers['aes-128']],
  ['AES-192-CBC', fileCiphers['aes-192']],
  ['AES-256-CBC', fileCiphers['aes-256']],
  ['DES-EDE3-CBC', fileCiphers['3des']],
  ['DES-EDE-CBC', fileCiphers['3des-two-keys']],
  ['DES-CBC', fileCiphers.des],
  ['RC2-CBC', rc2Cipher(16, 128)],
  ['RC2-64-CBC', rc2Cipher(8, 64)],
  ['RC2-40-CBC', rc2Cipher(5, 40)],
]);
