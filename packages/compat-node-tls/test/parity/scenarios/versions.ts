import { type Scenario, variants } from '../scenario.ts';
import { talk, type Version, watch } from './meeting.ts';
import { together } from './together.ts';

const all: readonly Version[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
const low = { ciphers: 'DEFAULT:@SECLEVEL=0' };

type Range = readonly [min: Version, max: Version];
const pairs: readonly { readonly server: Range; readonly client: Range }[] = [
  ...all.flatMap((max) => all.map((min) => ({ server: ['TLSv1', max], client: [min, 'TLSv1.3'] }) as const)),
  ...all.slice(1).map((version) => ({ server: [version, version], client: ['TLSv1', 'TLSv1.3'] }) as const),
  ...all
    .slice(0, -1)
    .map((version) => ({ server: ['TLSv1', 'TLSv1.3'], client: ['TLSv1', version] }) as const),
];

const ranges = variants(
  pairs,
  ({ server, client }) => `versions: server ${server.join(' to ')}, client ${client.join(' to ')}`,
  async (stage, { server, client }) => {
    const meets =
      all.indexOf(client[0]) <= all.indexOf(server[1]) && all.indexOf(server[0]) <= all.indexOf(client[1]);
    const met = await together(
      stage,
      { ...low, minVersion: server[0], maxVersion: server[1] },
      { ...low, minVersion: client[0], maxVersion: client[1] },
    );
    (meets ? talk : watch)(met);
    await met.closed;
  },
);

const methods = variants(
  ['TLS_method', 'TLSv1_method', 'TLSv1_1_method', 'TLSv1_2_method', 'SSLv23_method'],
  (method) => `versions: secureProtocol ${method} on both sides`,
  async (stage, secureProtocol) => {
    const met = await together(stage, { ...low, secureProtocol }, { ...low, secureProtocol });
    talk(met);
    await met.closed;
  },
);

/** Without `@SECLEVEL=0` OpenSSL 3 does not speak TLS 1.0 and 1.1, whatever the options say. */
const levels = variants(
  ['TLSv1', 'TLSv1.1'] as const,
  (version) => `versions: ${version} at the level that is the default`,
  async (stage, version) => {
    const met = await together(
      stage,
      { minVersion: version, ...low },
      { minVersion: version, maxVersion: version },
    );
    watch();
    await met.closed;
  },
);

/** The other way round, and with a suite for which nothing is signed. */
const serverLevels = variants(
  ['DEFAULT', 'AES128-SHA'] as const,
  (ciphers) => `versions: a server of TLSv1 at the level that is the default, ${ciphers}`,
  async (stage, ciphers) => {
    const met = await together(
      stage,
      { ...stage.pki.rsa, minVersion: 'TLSv1', ciphers },
      { ...low, maxVersion: 'TLSv1', minVersion: 'TLSv1' },
    );
    watch();
    await met.closed;
  },
);

export const versionScenarios: readonly Scenario[] = [...ranges, ...methods, ...levels, ...serverLevels];
