import { transportContract } from '@sealwire/testkit';
import { describe, it } from 'vitest';
import { nodeTransport } from './under-test.ts';

const profile = process.env.SEALWIRE_PROFILE === 'full' ? 'full' : 'default';

describe('node transport', () => {
  for (const { name, run } of transportContract(nodeTransport, { profile })) {
    it(name, async (context) => {
      const outcome = await run();
      if (outcome === undefined) return;
      console.log(`skipped: ${outcome.skipped}`);
      context.skip(outcome.skipped);
    });
  }
});
