import { nodeProvider } from '@sealwire/crypto-node';
import { transportContract } from '@sealwire/testkit';
import { describe, it } from 'vitest';
import { makeIdentities } from './identities.ts';
import { webTransport } from './under-test.ts';

let unhandled = 0;
process.on('unhandledRejection', () => unhandled++);

/** In memory, and with the provider that is fast here; what the runtimes make of it is tried in them. */
const underTest = {
  ...webTransport(makeIdentities(), nodeProvider),
  unhandledRejections: () => unhandled,
};
const profile = process.env.SEALWIRE_PROFILE === 'full' ? 'full' : 'default';

describe('web transport', () => {
  for (const { name, run } of transportContract(underTest, { profile })) {
    it(name, async (context) => {
      const outcome = await run();
      if (outcome === undefined) return;
      console.log(`skipped: ${outcome.skipped}`);
      context.skip(outcome.skipped);
    });
  }
});
