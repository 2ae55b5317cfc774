import { createServer, connect as dial, type Socket } from 'node:net';
import tls from 'node:tls';
import pg from 'pg';
import { bulk, eachVersion, portOf, refusal, socketFacts, text } from '../facts.ts';
import type { Script, Site } from '../script.ts';

/** STARTTLS in PostgreSQL's way, with what that library makes of it: SCRAM bound to the channel. */
export const cases: Script['cases'] = {
  ...eachVersion('statements, 4 MB both ways, 5 MB of rows', async (site, version) => {
    const client = await connected(site, { minVersion: version, maxVersion: version });
    const sent = bulk(4_000_000);
    const { rows } = await client.query<{ data: Buffer }>('select $1::bytea as data', [sent]);
    if (rows[0]?.data.equals(sent) !== true) throw new Error('other bytes came back');
    const many = await client.query<{ n: number; pad: string }>(
      "select n, repeat('x', n % 200) as pad from generate_series(1, 50000) as n",
    );
    const inOrder = many.rows.every(({ n, pad }, i) => n === i + 1 && pad.length === n % 200);
    const prepared = await Promise.all(
      [1, 2, 3].map((n) =>
        client.query({ name: 'double', text: 'select $1::int * 2 as twice', values: [n] }),
      ),
    );
    const seen = await client.query(
      'select version, cipher, bits from pg_stat_ssl where pid = pg_backend_pid()',
    );
    const facts = {
      inOrder,
      prepared: prepared.map((each) => each.rows),
      seen: seen.rows,
      socket: socketFacts(streamOf(client)),
    };
    await client.end();
    return facts;
  }),

  ...eachVersion('SCRAM-SHA-256-PLUS is what is used', async (site, version) => {
    const mechanisms: string[] = [];
    const client = clientOf(
      site,
      { minVersion: version, maxVersion: version },
      { enableChannelBinding: true },
    );
    const { connection } = client as unknown as { connection: Sasl };
    const { sendSASLInitialResponseMessage: send } = connection;
    connection.sendSASLInitialResponseMessage = function (mechanism, response) {
      mechanisms.push(mechanism, response.slice(0, 'p=tls-server-end-point'.length));
      send.call(this, mechanism, response);
    };
    await client.connect();
    const { rows } = await client.query('select current_user');
    await client.end();
    if (mechanisms[0] !== 'SCRAM-SHA-256-PLUS') throw new Error(`it used ${mechanisms[0]}`);
    return { mechanisms, rows };
  }),

  async 'somebody between who has another certificate: refused, but for the binding'(site) {
    const between = createServer((socket) => void relay(socket, site));
    const there = { ...site, ports: { tls: await portOf(between) } };
    const unbound = await connected(there);
    await unbound.end();
    const bound = await refusal(connected(there, {}, { enableChannelBinding: true }));
    between.close();
    if ((bound as { code?: unknown }).code !== '28000') throw new Error(JSON.stringify(bound));
    return bound;
  },

  async 'a certificate instead of a password'(site) {
    const user = 'client p256';
    const key = { cert: text(site.files.clientChain), key: text(site.files.clientKey) };
    const client = await connected(site, key, { user });
    const { rows } = await client.query(
      'select current_user, client_dn from pg_stat_ssl where pid = pg_backend_pid()',
    );
    await client.end();
    return { rows, without: await refusal(connected(site, {}, { user })) };
  },

  async 'refusals: a root that is not known, another name, no TLS'(site) {
    return {
      root: await refusal(connected(site, { ca: text(site.files.wrongCa) })),
      name: await refusal(connected(site, { servername: 'other.example.org' }, { host: '127.0.0.1' })),
      plain: await refusal(connected(site, false)),
    };
  },

  async 'a pool, a statement that takes too long, a server that ends the connection'(site) {
    const pool = new pg.Pool({ ...optionsOf(site), max: 3, keepAlive: true });
    const twice = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => (await pool.query('select $1::int * 2 as twice', [n])).rows),
    );
    const client = await pool.connect();
    // The server's word comes first, then the end of the connection, perhaps before the pool listens again.
    client.on('error', () => {});
    await client.query('set statement_timeout = 50');
    const late = await refusal(client.query('select pg_sleep(10)'));
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const ended = refusal(new Promise((_, reject) => client.once('error', reject)));
    await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    const end = await ended;
    client.release(true);
    await pool.end();
    return { twice, late, end };
  },
};

interface Sasl {
  sendSASLInitialResponseMessage(mechanism: string, response: string): void;
}

function optionsOf({ ports, files }: Site, ssl: tls.ConnectionOptions | false = {}): pg.ClientConfig {
  return {
    host: 'localhost',
    port: ports['tls']!,
    user: 'sealwire',
    password: 'secret of sealwire',
    database: 'postgres',
    ssl: ssl === false ? false : { ca: text(files.ca), ...ssl },
  };
}

function clientOf(site: Site, ssl?: tls.ConnectionOptions | false, more?: object): pg.Client {
  return new pg.Client({ ...optionsOf(site, ssl), ...more });
}

async function connected(...options: Parameters<typeof clientOf>): Promise<pg.Client> {
  const client = clientOf(...options);
  // After the end of a connection, of which the case hears otherwise.
  client.on('error', () => {});
  await client.connect();
  return client;
}

function streamOf(client: pg.Client): unknown {
  return (client as unknown as { connection: { stream: unknown } }).connection.stream;
}

/** Ends TLS on both sides, with a certificate for the same name that the clients trust as well. */
async function relay(socket: Socket, { ports, files }: Site): Promise<void> {
  const there = dial(ports['tls']!, '127.0.0.1');
  for (const each of [socket, there]) each.on('error', () => {});
  await asked(socket);
  there.write(request);
  await asked(there);
  socket.write('S');
  const cert = text(files.otherChain);
  const near = new tls.TLSSocket(socket, { isServer: true, cert, key: text(files.otherKey) });
  const far = tls.connect({ socket: there, ca: text(files.ca), servername: 'localhost' });
  for (const each of [near, far]) each.on('error', () => each.destroy());
  near.pipe(far).pipe(near);
}

/** The one message before TLS, which the other side waits behind. */
function asked(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('readable', () => resolve(void socket.read())));
}

/** SSLRequest: length and number. */
const request = Buffer.from('0000000804d2162f', 'hex');
