import { nobleProvider } from '@sealwire/crypto-noble';
import { crossCheckProviders } from '@sealwire/testkit';
import { describe, it } from 'vitest';
import { nodeProvider } from '../src/index.ts';

describe('node and noble provider', () => {
  const runs = process.env.SEALWIRE_PROFILE === 'full' ? 500 : 20;
  for (const { name, run } of crossCheckProviders(nodeProvider, nobleProvider, runs)) {
    it(name, (context) => {
      const outcome = run();
      if (outcome === undefined) return;
      console.log(`skipped: ${outcome.skipped}`);
      context.skip(outcome.skipped);
    });
  }
});
