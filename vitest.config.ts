import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'packages/*/test/**/*.test.ts',
      'conformance/**/*.test.ts',
      'interop/src/**/*.test.ts',
      'examples/*/{src,test}/**/*.test.ts',
    ],
  },
});
