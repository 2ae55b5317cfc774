import { cryptoProviderContract } from '@sealwire/testkit';
import { describe, it } from 'vitest';
import { nobleProvider } from '../src/index.ts';

describe('noble provider', () => {
  for (const { name, run } of cryptoProviderContract(nobleProvider)) {
    it(name, (context) => {
      const outcome = run();
      if (outcome === undefined) return;
      console.log(`skipped: ${outcome.skipped}`);
      context.skip(outcome.skipped);
    });
  }
});
