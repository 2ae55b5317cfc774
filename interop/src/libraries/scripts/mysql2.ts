import { connect as dial } from 'node:net';
import type tls from 'node:tls';
import mysql, { type RowDataPacket, type SslOptions } from 'mysql2/promise';
import { bulk, eachVersion, next, refusal, socketFacts, text } from '../facts.ts';
import type { Script, Site } from '../script.ts';

/** A protocol whose connection has been used before TLS begins, and a library that keeps contexts and sessions itself. */
export const cases: Script['cases'] = {
  ...eachVersion('statements, 4 MB both ways, 50,000 rows', async (site, version) => {
    const connection = await mysql.createConnection(
      optionsOf(site, { minVersion: version, maxVersion: version }),
    );
    await connection.query('create or replace table things (id int primary key, data longblob)');
    const sent = bulk(4_000_000);
    await connection.execute('insert into things values (?, ?)', [1, sent]);
    const [things] = await connection.query<RowDataPacket[]>('select data from things where id = 1');
    if (!sent.equals(things[0]?.['data'] as Buffer)) throw new Error('other bytes came back');
    const [rows] = await connection.query<RowDataPacket[]>(
      "select seq, repeat('x', seq mod 100) as pad from seq_1_to_50000",
    );
    const inOrder = rows.every(
      (row, i) => row['seq'] === i + 1 && (row['pad'] as string).length === (i + 1) % 100,
    );
    const sums = await Promise.all(
      [1, 2, 3].map(async (n) => (await connection.execute<RowDataPacket[]>('select ? + 1 as sum', [n]))[0]),
    );
    const facts = {
      inOrder,
      count: rows.length,
      sums,
      seen: await seenOf(connection),
      socket: socketFacts(streamOf(connection)),
    };
    await connection.end();
    return facts;
  }),

  ...eachVersion('a pool resumes its sessions', async (site, version) => {
    const pool = mysql.createPool({
      ...optionsOf(site, { minVersion: version, maxVersion: version }),
      connectionLimit: 2,
    });
    const first = await pool.getConnection();
    const before = { seen: await seenOf(first), socket: socketFacts(streamOf(first)) };
    const second = await pool.getConnection();
    const after = { seen: await seenOf(second), socket: socketFacts(streamOf(second)) };
    first.release();
    second.release();
    const answers = await Promise.all(
      Array.from(
        { length: 10 },
        async (_, n) => (await pool.query<RowDataPacket[]>('select ? as n', [n]))[0][0]?.['n'] as number,
      ),
    );
    await pool.end();
    if (!streamOf(second).isSessionReused()) throw new Error('nothing was resumed');
    return { before, after, answers };
  }),

  async 'a certificate, where the server wants one'(site) {
    const who = { user: 'certified', password: 'secret of certified', database: '' };
    const key = { cert: text(site.files.clientChain), key: text(site.files.clientKey) };
    const connection = await mysql.createConnection({ ...optionsOf(site, key), ...who });
    const [rows] = await connection.query<RowDataPacket[]>('select current_user() as who');
    await connection.end();
    return { rows, without: await refusal(mysql.createConnection({ ...optionsOf(site), ...who })) };
  },

  async 'refusals: a root that is not known, another name, no TLS'(site) {
    // The library holds the name of the host against the certificate.
    const stream = () => dial(site.ports['tls']!, '127.0.0.1');
    const { ssl: _, ...plain } = optionsOf(site);
    return {
      root: await refusal(mysql.createConnection(optionsOf(site, { ca: text(site.files.wrongCa) }))),
      name: await refusal(mysql.createConnection({ ...optionsOf(site), host: 'other.example.org', stream })),
      plain: await refusal(mysql.createConnection(plain)),
    };
  },

  async 'a statement that takes too long, and a server that ends the connection'(site) {
    const one = await mysql.createConnection(optionsOf(site));
    const other = await mysql.createConnection(optionsOf(site));
    const late = await refusal(one.query({ sql: 'select sleep(5)', timeout: 100 }));
    const two = await mysql.createConnection(optionsOf(site));
    // There may be two: what the server says, and that the connection is gone.
    two.on('error', () => {});
    const ended = refusal(next(two, 'error').then(([error]) => Promise.reject(error as Error)));
    await other.query(`kill ${two.threadId}`);
    const end = await ended;
    one.destroy();
    await other.end();
    return { late, end };
  },
};

function optionsOf({ ports, files }: Site, ssl: SslOptions = {}): mysql.ConnectionOptions {
  return {
    host: 'localhost',
    port: ports['tls']!,
    user: 'sealwire',
    password: 'secret of sealwire',
    database: 'work',
    enableKeepAlive: true,
    ssl: { ca: text(files.ca), verifyIdentity: true, ...ssl },
  };
}

/** What the server says of the connection. */
async function seenOf(connection: mysql.Connection): Promise<Record<string, unknown>> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "show session status where Variable_name in ('Ssl_version', 'Ssl_cipher')",
  );
  return Object.fromEntries(rows.map((row) => [row['Variable_name'], row['Value']]));
}

function streamOf(connection: mysql.Connection): tls.TLSSocket {
  return (connection as unknown as { connection: { stream: tls.TLSSocket } }).connection.stream;
}
