import { dovecot } from './servers/dovecot.ts';
import { mariadb } from './servers/mariadb.ts';
import { mosquitto } from './servers/mosquitto.ts';
import { redis } from './servers/redis.ts';
import { postgres } from './servers/postgres.ts';
import type { RealServer } from './servers/server.ts';
import { http2Visitors, type Visitor } from './visitors.ts';

export interface Library {
  /** Of its script. */
  readonly name: string;
  /** On npm, for the versions. */
  readonly packages: readonly string[];
  /** Whom it talks to; where there is none, its script serves, and is run by Node's own TLS and by ours. */
  readonly server?: RealServer;
  /** What its script serves, for the table. */
  readonly serves?: string;
  /** Programs that also visit the server of its script. */
  readonly visitors?: readonly Visitor[];
}

export const libraries: readonly Library[] = [
  { name: 'pg', packages: ['pg'], server: postgres },
  { name: 'mysql2', packages: ['mysql2'], server: mariadb },
  { name: 'ioredis', packages: ['ioredis'], server: redis },
  { name: 'mqtt', packages: ['mqtt'], server: mosquitto },
  { name: 'imapflow', packages: ['imapflow'], server: dovecot },
  { name: 'undici', packages: ['undici'], serves: 'Node’s https and http2' },
  { name: 'ws', packages: ['ws'], serves: 'ws over https' },
  { name: 'nodemailer', packages: ['nodemailer', 'smtp-server'], serves: 'smtp-server' },
  { name: 'grpc', packages: ['@grpc/grpc-js'], serves: 'grpc-js' },
  { name: 'express', packages: ['express'], serves: 'express over https' },
  { name: 'http2', packages: [], serves: 'Node’s http2', visitors: http2Visitors },
  { name: 'tedious', packages: ['tedious'], serves: 'a TDS server of the suite' },
];
