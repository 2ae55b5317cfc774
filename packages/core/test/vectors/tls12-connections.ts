import type { RecordedConnection } from './recorded-connection.ts';
import { authenticated } from './tls12-connections-aead.ts';
import { chained } from './tls12-connections-cbc.ts';
import { older } from './tls12-connections-older.ts';
import { tripleDes } from './tls12-connections-3des.ts';

export const psk = '0102030405060708090a0b0c0d0e0f10';

/**
 * Connections of others with a pre-shared key (`psk`, identity "Client_identity", no certificates), recorded on
 * 2026-11-21: both ends OpenSSL 3.0.19 (`openssl s_server -rev`, `openssl s_client`) or GnuTLS 3.7.9 (`gnutls-serv
 * --echo`, `gnutls-cli`), all without tickets. The master secret is from their key log, the keying material from their
 * option for it: 32 bytes, label "EXPERIMENTAL-sealwire", no context.
 */
export const recordedConnections: readonly RecordedConnection[] = [
  ...authenticated,
  ...chained,
  ...older,
  ...tripleDes,
];
