import type { CbcName } from '@sealwire/core';
import { hex, joined } from '../contracts/contract-case.ts';
import { bytes, number } from './fields.ts';
import type { GroupRunner } from './vector.ts';

/** The padding (PKCS #7) is the caller's, so wrong ones do not apply. */
export const runCbc: GroupRunner = (provider, group, test, algorithm) => {
  const name = names[`${algorithm} ${number(group, 'keySize')} ${number(group, 'ivSize')}`];
  const cipher = name && provider.cbcs?.[name];
  if (cipher === undefined || test.result !== 'valid') return 'not applicable';
  const [key, iv, message] = [cipher.key(bytes(test, 'key')), bytes(test, 'iv'), bytes(test, 'msg')];
  const paddingBytes = cipher.blockBytes - (message.length % cipher.blockBytes);
  const text = joined([message, new Uint8Array(paddingBytes).fill(paddingBytes)]);
  const encrypted = key.encrypt(iv, [text]);
  if (hex(encrypted) !== hex(bytes(test, 'ct'))) return `encrypted as ${hex(encrypted)}`;
  const decrypted = key.decrypt(iv, encrypted);
  return hex(decrypted) === hex(text) ? 'right' : `decrypted as ${hex(decrypted)}`;
};

const names: Readonly<Record<string, CbcName>> = {
  'AES-CBC-PKCS5 128 128': 'aes-128-cbc',
  'AES-CBC-PKCS5 192 128': 'aes-192-cbc',
  'AES-CBC-PKCS5 256 128': 'aes-256-cbc',
};
