import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const pure = ['packages/core/src/**/*.test.ts', 'packages/x509/src/**/*.test.ts'];

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
          include: pure,
          // Sources without state of their own, in many small files: to load them anew for each would take longer than the tests.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: [
            'packages/*/src/**/*.test.ts',
            'packages/*/test/**/*.test.ts',
            'conformance/**/*.test.ts',
            'interop/src/**/*.test.ts',
            'examples/*/{src,test}/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', ...pure],
        },
      },
    ],
  },
});
