import { cryptoProviderContract } from '@sealwire/testkit';
import { describe, it } from 'vitest';
import { nodeProvider } from '../src/index.ts';

describe('node provider', () => {
  for (const { name, run } of cryptoProviderContract(nodeProvider)) {
    it(name, (context) => {
      const outcome = run();
      if (outcome === undefined) return;
      console.log(`skipped: ${outcome.skipped}`);
      context.skip(outcome.skipped);
    });
  }
});
