import {
  clientConfig,
  type Connection,
  createClient,
  createServer,
  type Entropy,
  serverConfig,
} from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import {
  type Conversation,
  type ConversationOptions,
  type ConversationRules,
  converse,
  type Middle,
  rehearsed,
  type RehearsedOptions,
  type Side,
  type TappedEnd,
} from '@sealwire/testkit';
import { clientOptionsOf, type Scenario, serverOptionsOf, speakEarly } from '../properties/scenarios.ts';
import { memoized } from './memoized-entropy.ts';
import { memoizedProvider } from './memoized-provider.ts';

/** Both ends of a scenario with somebody in between, to the end of its script or of the transport. */
export function converseAs(scenario: Scenario, middle: Middle): Conversation<TappedEnd> {
  const { connection } = subjectOf(scenario);
  const ends = { client: connection('client'), server: connection('server') };
  return converse({ ...ends, ...rulesOf(scenario), provider }, middle);
}

/** The same; what has been called before on one of the ends is not called again. */
export function converseAgainAs(scenario: Scenario, middle: Middle): Conversation {
  return subjectOf(scenario).rehearsed(middle);
}

/** Where connections can be copied: see `unsealed`. */
export function copyWith(how: NonNullable<RehearsedOptions['copier']>): void {
  copier = how;
}

interface Subject {
  readonly connection: (side: Side) => Connection;
  readonly rehearsed: (middle: Middle) => Conversation;
}

function subjectOf(scenario: Scenario): Subject {
  const known = subjects.get(scenario);
  if (known !== undefined) return known;
  const connection = connectionsOf(scenario);
  const options = { ...rulesOf(scenario), connection, provider };
  const made = { connection, rehearsed: rehearsed({ ...options, ...(copier && { copier }) }) };
  subjects.set(scenario, made);
  return made;
}

/** Connections that have all of their configuration in common but the entropy. */
function connectionsOf(scenario: Scenario): (side: Side) => Connection {
  const options = { isTapped: true, provider, entropy };
  const client = clientConfig(clientOptionsOf(scenario, options));
  const server = serverConfig(serverOptionsOf(scenario, options));
  return (side) =>
    side === 'client'
      ? createClient({ ...client, entropy: entropy(side) })
      : createServer({ ...server, entropy: entropy(side) });
}

function rulesOf(scenario: Scenario): ConversationRules & Required<Pick<ConversationOptions, 'onOutput'>> {
  const { client, server, script } = scenario;
  const maxFragmentBytes = Math.min(client?.recordSizeLimit ?? 16_385, server?.recordSizeLimit ?? 16_385) - 1;
  return {
    script,
    maxFragmentBytes,
    onOutput: (_, output, connection) => speakEarly(scenario, connection, output),
  };
}

let copier: RehearsedOptions['copier'];
const provider = memoizedProvider(nodeProvider);
const entropy: (side: Side) => Entropy = memoized(provider);
const subjects = new Map<Scenario, Subject>();
