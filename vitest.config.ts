import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Vitest leaves one processor alone, which is half of two.
    maxWorkers: availableParallelism(),
    // What hangs should end; how long it takes on a busy machine says nothing.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'conformance/**/*.test.ts',
      'interop/src/**/*.test.ts',
      'examples/*/{src,test}/**/*.test.ts',
    ],
  },
});
