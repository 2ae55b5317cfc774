import type { AeadName } from '@sealwire/core';
import { hex, joined } from '../contracts/contract-case.ts';
import { bytes, expectValue, number } from './fields.ts';
import type { GroupRunner } from './vector.ts';

/** Nonces of other lengths than 12 bytes, AES-192 and other tags than those of TLS do not apply. */
export const runAead: GroupRunner = (provider, group, test, algorithm) => {
  const name = names[`${algorithm} ${number(group, 'keySize')} ${number(group, 'tagSize')}`];
  const aead = name && provider.aeads[name];
  if (aead === undefined || number(group, 'ivSize') !== 96) return 'not applicable';
  const [key, nonce, aad, message] = [
    aead.key(bytes(test, 'key')),
    bytes(test, 'iv'),
    bytes(test, 'aad'),
    bytes(test, 'msg'),
  ];
  const sealed = joined([bytes(test, 'ct'), bytes(test, 'tag')]);
  const opened = expectValue(key.open(nonce, aad, sealed), message, test.result === 'valid');
  if (opened !== 'right' || test.result !== 'valid') return opened;
  const resealed = joined(key.seal(nonce, aad, [message]));
  return hex(resealed) === hex(sealed) ? 'right' : `sealed as ${hex(resealed)}`;
};

const names: Readonly<Record<string, AeadName>> = {
  'AES-GCM 128 128': 'aes-128-gcm',
  'AES-GCM 256 128': 'aes-256-gcm',
  'CHACHA20-POLY1305 256 128': 'chacha20-poly1305',
  'AES-CCM 128 128': 'aes-128-ccm',
  'AES-CCM 128 64': 'aes-128-ccm-8',
  'AES-CCM 256 128': 'aes-256-ccm',
  'AES-CCM 256 64': 'aes-256-ccm-8',
};
