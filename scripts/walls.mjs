/**
 * The import walls, as dependency-cruiser rules. A room of `packages/core/src` imports only rooms of earlier
 * rows; rooms of one row do not know each other. See "Import walls" in ARCHITECTURE.md.
 */

/** Rows of rooms, from the one that knows nothing to the one that knows all. */
export const rows = [
  ['errors', 'limits'],
  ['wire'],
  ['registry'],
  ['crypto', 'keylog'],
  ['hpke'],
  ['extensions'],
  ['messages'],
  ['record', 'transcript', 'fingerprint'],
  ['values'],
  ['machine'],
  ['config'],
  ['negotiate'],
  ['auth', 'resume', 'ech', 'alps'],
  ['hello', 'tls12', 'tls13'],
  ['interpret'],
  ['connection', 'quic'],
];

/** What the sources of a package may import beside its own files: packages, and modules of Node. */
const allowances = new Map([
  ['core', []],
  ['x509', ['@sealwire/core', 'asn1js']],
  ['crypto-noble', ['@sealwire/core', '@noble/*', 'micro-rsa-dsa-dh', 'pako']],
  [
    'crypto-node',
    [
      '@sealwire/core',
      '@sealwire/crypto-noble',
      '@noble/*',
      'micro-rsa-dsa-dh',
      'node:crypto',
      'node:buffer',
      'node:v8',
      'node:zlib',
    ],
  ],
  ['transport', ['@sealwire/core', '@sealwire/x509']],
  ['web-transport', ['@sealwire/core', '@sealwire/crypto-noble', '@sealwire/transport']],
  [
    'node-transport',
    [
      '@sealwire/core',
      '@sealwire/crypto-node',
      '@sealwire/transport',
      '@sealwire/x509',
      'node:diagnostics_channel',
      'node:events',
      'node:fs',
      'node:net',
      'node:path',
      'node:stream',
    ],
  ],
  ['session-cache', ['@sealwire/core', '@sealwire/crypto-node', '@noble/hashes', 'lru-cache', 'redis']],
  ['bun-transport', ['@sealwire/core', '@sealwire/crypto-node', '@sealwire/transport', '@sealwire/x509']],
  [
    'compat-node-tls',
    [
      '@sealwire/core',
      '@sealwire/crypto-node',
      '@sealwire/crypto-noble',
      '@sealwire/node-transport',
      '@sealwire/transport',
      '@sealwire/x509',
      'node:async_hooks',
      'node:buffer',
      'node:cluster',
      'node:crypto',
      'node:diagnostics_channel',
      'node:events',
      'node:fs',
      'node:http',
      'node:http2',
      'node:module',
      'node:net',
      'node:stream',
      'node:url',
      'node:util',
      'node:worker_threads',
    ],
  ],
  [
    'cli',
    [
      '@sealwire/compat-node-tls',
      '@sealwire/core',
      '@sealwire/crypto-node',
      '@sealwire/crypto-noble',
      '@sealwire/node-transport',
      '@sealwire/testkit',
      '@sealwire/x509',
      'commander',
      'node:events',
      'node:fs',
      'node:fs/promises',
      'node:http',
      'node:net',
      'node:path',
      'node:stream',
      'node:stream/consumers',
    ],
  ],
  [
    'transport-tests',
    [
      '@sealwire/crypto-node',
      '@sealwire/testkit',
      '@sealwire/transport',
      '@sealwire/x509',
      'node:events',
      'node:net',
    ],
  ],
  [
    'bogo-shim',
    [
      '@sealwire/core',
      '@sealwire/crypto-node',
      '@sealwire/crypto-noble',
      '@sealwire/x509',
      'esbuild',
      'node:child_process',
      'node:crypto',
      'node:events',
      'node:fs',
      'node:net',
      'node:os',
      'node:path',
      'node:url',
      'node:util',
    ],
  ],
]);

/** What the sources of a package may import types of, and nothing that runs. */
const typesOnly = new Map([['compat-node-tls', ['node:https', 'node:tls']]]);

/** What tests may import on top, other runtimes and all of Node. In core no workspace package: the builds would form a cycle. */
const testAllowances = ['vitest', 'fast-check', 'ajv'];
const testAllowancesOutsideCore = ['@sealwire/*'];

/** Modules that only other runtimes have, in the programs that tests run there. */
const ofRuntimes = '^cloudflare:';

const test = '(\\.test\\.ts$|^packages/[^/]+/test/)';
const core = '^packages/core/src/';
/** Entries (index.ts, tls13.ts, …) are the files that lie beside the rooms. */
const entry = `${core}(?!limits\\.ts$)[^/]+\\.ts$`;
/** Types without behaviour may describe what lies to their right. */
const mayPointRight = `${core}(values/|machine/step\\.ts$)`;

/**
 * Of a room's name an entry may be, too (`tls13.ts`); `limits.ts` is a room of one file.
 * @param {string} room
 */
const pathOf = (room) => `${core}${room}${room === 'limits' ? '\\.ts$' : '/'}`;

/** @returns {import('dependency-cruiser').IForbiddenRuleType[]} */
function roomRules() {
  return rows.flatMap((row, i) =>
    row.flatMap((room) => {
      const beyond = [...row.filter((other) => other !== room), ...rows.slice(i + 1).flat()].map(pathOf);
      const to = { path: [...beyond, entry] };
      const otherRooms = rows.flat().filter((other) => other !== room);
      return [
        {
          name: `room-order: ${room} imports a room to its right`,
          severity: 'error',
          from: { path: pathOf(room), pathNot: [test, mayPointRight] },
          to,
        },
        {
          name: `room-order: ${room} imports values of a room to its right`,
          severity: 'error',
          from: { path: mayPointRight, pathNot: [test, ...otherRooms.map(pathOf)] },
          to: { ...to, dependencyTypesNot: ['type-only'] },
        },
      ];
    }),
  );
}

/** @returns {import('dependency-cruiser').IForbiddenRuleType[]} */
function packageRules() {
  return [...allowances].flatMap(([name, allowed]) => {
    const own = `^packages/${name}/`;
    const types = (typesOnly.get(name) ?? []).map(resolved);
    const inTests = [...allowed, ...testAllowances, ...(name === 'core' ? [] : testAllowancesOutsideCore)];
    return [
      {
        name: `package: ${name} imports what it may not`,
        severity: 'error',
        from: { path: `${own}src/`, pathNot: test },
        to: { pathNot: [own, ...allowed.map(resolved), ...types] },
      },
      ...types.map((path) => ({
        name: `package: ${name} imports more than types`,
        severity: /** @type {const} */ ('error'),
        from: { path: `${own}src/`, pathNot: test },
        to: { path, dependencyTypesNot: /** @type {const} */ (['type-only']) },
      })),
      {
        name: `package: a test of ${name} imports what it may not`,
        severity: 'error',
        from: { path: [`${own}src/.*\\.test\\.ts$`, `${own}test/`] },
        to: {
          pathNot: [own, ofRuntimes, '^scripts/runtimes\\.', ...inTests.map(resolved)],
          dependencyTypesNot: ['core'],
        },
      },
    ];
  });
}

/**
 * A pattern for where an import of this name leads: a workspace package to its build, a package of the
 * registry into node_modules, a module of Node to its bare name.
 * @param {string} name
 */
function resolved(name) {
  const pattern = name.replace('*', '[^/]+');
  if (pattern.startsWith('node:')) return `^(node:)?${pattern.slice('node:'.length)}$`;
  if (pattern.startsWith('@sealwire/')) return `^packages/${pattern.slice('@sealwire/'.length)}/dist/`;
  return `node_modules/${pattern}/`;
}

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const everywhere = [
  {
    name: 'no-circular',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'no-circular-types',
    comment: 'the types of values/ and machine/step.ts point right, every other cycle is a wrong cut',
    severity: 'error',
    from: { pathNot: [mayPointRight] },
    to: { circular: true, viaOnly: { pathNot: mayPointRight } },
  },
  {
    name: 'no-unresolvable',
    comment: 'not installed, misspelt, or a workspace package that is not built',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true, pathNot: ofRuntimes },
  },
  {
    name: 'no-reaching-across',
    comment: 'another package is imported by its name, not by its files',
    severity: 'error',
    from: { path: '^packages/([^/]+)/' },
    to: { path: '^packages/[^/]+/(src|test)/', pathNot: '^packages/$1/' },
  },
  {
    name: 'no-undeclared',
    comment: 'sources import only what their own package.json names under dependencies or peerDependencies',
    severity: 'error',
    from: { path: '^packages/[^/]+/src/', pathNot: test },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['npm-peer'] },
  },
];

/** @type {import('dependency-cruiser').IRuleSetType} */
export const ruleSet = { forbidden: [...roomRules(), ...packageRules(), ...everywhere] };

/** @type {import('dependency-cruiser').ICruiseOptions} */
export const cruiseOptions = {
  doNotFollow: { path: ['node_modules', '/dist/'] },
  exclude: { path: ['/dist/.*\\.d\\.ts$'] },
  tsPreCompilationDeps: 'specify',
  combinedDependencies: false,
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['import', 'node', 'default', 'types'],
    extensions: ['.ts', '.js', '.mjs', '.json'],
  },
};
