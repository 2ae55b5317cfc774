import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const tests = [
  'packages/*/src/**/*.test.ts',
  'packages/*/test/**/*.test.ts',
  'conformance/**/*.test.ts',
  'interop/src/**/*.test.ts',
  'examples/*/{src,test}/**/*.test.ts',
];

/** With what a process has alone: sockets and their errors, a `tls` object that tests write to, warnings that come once. */
const alone = [
  'packages/{bogo-shim,node-transport,web-transport}/**/*.test.ts',
  'packages/session-cache/test/redis.test.ts',
  'packages/compat-node-tls/test/{beyond,context,http,legacy,parity,process,socket,trace,wire}/**/*.test.ts',
  'packages/x509/test/node-tls-crl.test.ts',
  'conformance/{capture,openssl-errors}/**/*.test.ts',
  'interop/**/*.test.ts',
  'examples/**/*.test.ts',
];

/**
 * What starts other programs again and again, or tries much of what seldom changes: left out of `npm test`, which should take minutes,
 * and run by `npm run verify` and `.ci/run` as a part of its own. `SEALWIRE_PART` says which part is run: `quick`, `rest`, by default both.
 */
const rest = {
  pure: [
    'packages/x509/test/openssl-*.test.ts',
    'packages/x509/test/{mutation,providers}.test.ts',
    'packages/x509/test/fuzz/*.test.ts',
    'packages/x509/test/node/{check-names,odd-certificates}.test.ts',
    'packages/x509/src/keys/encrypted-keys.test.ts',
    'packages/x509/src/containers/pkcs12/pkcs12.test.ts',
    'packages/crypto-node/test/{cross-check,snapshot,wycheproof}.test.ts',
    'packages/compat-node-tls/test/{openssl,session}/{cipher-strings,dhparam,fleet}.test.ts',
  ],
  alone: [
    'packages/session-cache/test/redis.test.ts',
    'packages/node-transport/test/{leaks,soak}.test.ts',
    'packages/compat-node-tls/test/process/*.test.ts',
    'packages/compat-node-tls/test/context/min-dh-size.test.ts',
    'packages/compat-node-tls/test/http/{register,permission}.test.ts',
    'conformance/{capture,openssl-errors}/*.test.ts',
    'examples/**/*.test.ts',
  ],
};

const part = process.env['SEALWIRE_PART'] ?? 'both';
if (!['quick', 'rest', 'both'].includes(part))
  throw new RangeError('SEALWIRE_PART expects quick, rest or both');
const leftOut = part === 'quick' ? rest : { pure: [], alone: [] };

export default defineConfig({
  test: {
    // Vitest leaves one processor alone, which is half of two.
    maxWorkers: availableParallelism(),
    // What hangs should end; how long it takes on a busy machine, or with the full profile, says nothing.
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: part === 'rest' ? rest.pure : tests,
          exclude: ['**/node_modules/**', ...alone, ...leftOut.pure],
          // Sources without state of their own, in many small files: to load them anew for each would take longer than the tests.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: part === 'rest' ? rest.alone : alone,
          exclude: ['**/node_modules/**', ...leftOut.alone],
        },
      },
    ],
  },
});
