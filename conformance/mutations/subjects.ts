import { nodeProvider } from '@sealwire/crypto-node';
import { type Conversation, converse, type Middle } from '@sealwire/testkit';
import { clientOf, type Scenario, serverOf, speakEarly } from '../properties/scenarios.ts';
import { memoized } from './memoized-entropy.ts';
import { memoizedProvider } from './memoized-provider.ts';

/** Both ends of a scenario with somebody in between, to the end of its script or of the transport. */
export function converseAs(scenario: Scenario, middle: Middle): Conversation {
  const options = { isTapped: true, provider, entropy: memoized(provider) };
  const { client, server, script } = scenario;
  const ends = { client: clientOf(scenario, options), server: serverOf(scenario, options) };
  return converse(
    {
      ...ends,
      onOutput: (side, output) => speakEarly(scenario, ends[side], output),
      provider,
      script,
      maxFragmentBytes: Math.min(client?.recordSizeLimit ?? 16_385, server?.recordSizeLimit ?? 16_385) - 1,
    },
    middle,
  );
}

const provider = memoizedProvider(nodeProvider);
