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
          include: tests,
          exclude: ['**/node_modules/**', ...alone],
          // Sources without state of their own, in many small files: to load them anew for each would take longer than the tests.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: alone },
      },
    ],
  },
});
