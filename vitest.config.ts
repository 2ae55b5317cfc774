import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Vitest leaves one processor alone, which is half of two.
    maxWorkers: availableParallelism(),
    // What hangs should end; how long it takes on a busy machine, or with the full profile, says nothing.
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'conformance/**/*.test.ts',
      'interop/src/**/*.test.ts',
      'examples/*/{src,test}/**/*.test.ts',
    ],
  },
});
