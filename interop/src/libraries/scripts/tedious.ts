import type tls from 'node:tls';
import { Connection, type ConnectionConfiguration, Request } from 'tedious';
import { eachVersion, portOf, refusal, socketFacts, text } from '../facts.ts';
import type { Script, Serve, Site } from '../script.ts';
import { serverOptions } from './seen.ts';
import { strictTdsServer, tdsServer } from './tds-server.ts';

/** TLS inside the packets of another protocol: over a Duplex that is no socket, with `setMaxSendFragment`. */
export const cases: Script['cases'] = {
  'statements of 20 bytes and of 600,000, 500 rows, TLS inside TDS 7.4': (site) =>
    works(site, 'inside', true),
  ...eachVersion('the same with TDS 8.0: TLS from the first byte', (site, version) =>
    works(site, 'strict', 'strict', { minVersion: version, maxVersion: version }),
  ),
  async 'refusals: a root that is not known, another name'(site) {
    const wrong = { ca: text(site.files.wrongCa) };
    return {
      root: await refusal(connected(site, 'inside', true, wrong)),
      rootStrict: await refusal(connected(site, 'strict', 'strict', wrong)),
      name: await refusal(connected(site, 'inside', true, {}, { serverName: 'other.example.org' })),
    };
  },
  async 'whoever trusts every certificate'(site) {
    const lax = { trustServerCertificate: true };
    const connection = await connected(site, 'inside', true, { ca: text(site.files.wrongCa) }, lax);
    const rows = await asked(connection, 'select 1');
    await closed(connection);
    return rows.slice(0, 3);
  },
};

export const serve: Serve = async (files) => ({
  inside: await portOf(tdsServer(serverOptions(files))),
  strict: await portOf(strictTdsServer(serverOptions(files))),
});

type Encrypt = boolean | 'strict';

async function works(
  site: Site,
  port: string,
  encrypt: Encrypt,
  own: tls.SecureContextOptions = {},
): Promise<unknown> {
  let socket: unknown;
  const connection = await connected(
    site,
    port,
    encrypt,
    own,
    {},
    (secure) => (socket = socketFacts(secure)),
  );
  const short = await asked(connection, 'select something');
  const long = await asked(connection, `select '${'long '.repeat(120_000)}'`);
  await closed(connection);
  const isWhole = [short, long].every((rows) => rows.length === 503 && rows[502]?.[1]?.length === 499 * 7);
  if (!isWhole) throw new Error(`${short.length} and ${long.length} rows`);
  return { short: short.slice(0, 3), long: long.slice(0, 3), socket };
}

function connected(
  { ports, files }: Site,
  port: string,
  encrypt: Encrypt,
  own: tls.SecureContextOptions = {},
  more: Partial<ConnectionConfiguration['options']> = {},
  onSecure: (secure: unknown) => void = () => {},
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const connection = new Connection({
      server: 'localhost',
      authentication: { type: 'default', options: { userName: 'somebody', password: 'secret' } },
      options: {
        port: ports[port]!,
        encrypt,
        cryptoCredentialsDetails: { ca: text(files.ca), ...own },
        connectTimeout: 5000,
        ...more,
      } as NonNullable<ConnectionConfiguration['options']>,
    });
    connection.on('secure', onSecure);
    connection.on('error', () => {});
    connection.connect((error) => (error === undefined ? resolve(connection) : reject(error)));
  });
}

function asked(connection: Connection, statement: string): Promise<string[][]> {
  return new Promise((resolve, reject) => {
    const rows: string[][] = [];
    const request = new Request(statement, (error) => (error ? reject(error) : resolve(rows)));
    request.on('row', (columns: { value: string }[]) => rows.push(columns.map(({ value }) => value)));
    connection.execSqlBatch(request);
  });
}

function closed(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    connection.on('end', () => resolve());
    connection.close();
  });
}
