import type { ExternalPsk } from '../../src/values/external-psk.ts';
import { ascii } from '../../src/wire/bytes.ts';

/** A key for TLS 1.2. */
export const psk12: ExternalPsk = {
  identity: ascii('alice'),
  key: new Uint8Array(20).fill(3),
  usedIn: 'tls12',
};
