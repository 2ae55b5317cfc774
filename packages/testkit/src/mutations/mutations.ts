import type { RandomSource } from '@sealwire/core';
import { integerBelow } from '../seeded-random.ts';
import { repairedRule, skippedRule } from './benign.ts';
import type { Conversation, Flight, SeenMessage } from '../middle/conversation.ts';
import type { Mutation } from './draw.ts';
import { isOlder } from './older.ts';
import { isSkipped } from './skipped.ts';
import { messageMutators } from './message-mutators.ts';
import { recordMutators } from './record-mutators.ts';

/** A mutation, and what it was drawn by: of one flight of one conversation, equal draws are equal mutations. */
export type DrawnMutation = Mutation & { readonly drawn: string };

/** A random mutation of one flight of `original`; `undefined` when there is nothing to do what was drawn to. */
export function mutationOf(
  original: Conversation,
  flight: Flight,
  source: RandomSource,
): DrawnMutation | undefined {
  const drawn: string[] = [];
  const mutation = drawMutation(
    original,
    flight,
    (length) => {
      const bytes = source(length);
      drawn.push(`[${bytes.join()}]`);
      return bytes;
    },
    (bound) => {
      const number = integerBelow(source, bound);
      drawn.push(`${number}`);
      return number;
    },
  );
  return mutation && { ...mutation, drawn: drawn.join() };
}

function drawMutation(
  original: Conversation,
  flight: Flight,
  random: RandomSource,
  below: (bound: number) => number,
): Mutation | undefined {
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const records = original.records.filter((seen) => seen.flight === flight);
  const messages = original.messages.filter((seen) => seen.flight === flight);
  // Somebody who knows the keys can change what follows the handshake as he likes; what is left to test is
  // which messages may stand there at all.
  const isOpened = below(2) === 0 && messages.length > 0;
  if (isOpened) {
    const target = pick(messages);
    // Before TLS 1.3 every message is one of the handshake.
    const isHandshake = flight !== 'post-handshake' || isOlder(original);
    const mutation = pick(messageMutators)({ target, original, random, below, pick, isHandshake });
    // Without CertificateVerify nothing is left to tell a Finished that whoever holds the keys has made.
    const isSigned = original.messages.some(
      ({ from, message }) => from === 'server' && message[0] === certificateVerify,
    );
    const mayForge = isSigned && (flight === 'client hello' || flight === 'server flight');
    return mutation !== undefined && mayForge && below(3) === 0
      ? forgingFinished(mutation, target)
      : mutation;
  }
  const target = pick(records);
  const mutation = pick(recordMutators)({ target, original, random, below, pick });
  return mutation !== undefined && isSkipped(mutation, original)
    ? { benign: skippedRule, ...mutation }
    : mutation;
}

/** The same by somebody who also makes a Finished that fits; only what he did to a Finished itself is undone by that. */
function forgingFinished(mutation: Mutation, target: SeenMessage): Mutation {
  if (!('onMessage' in mutation.middle)) return mutation;
  const { onMessage } = mutation.middle;
  return {
    ...mutation,
    name: `${mutation.name}, with a Finished that fits`,
    ...(target.message[0] === finished && { benign: repairedRule }),
    middle: { onMessage, forgesFinished: true },
  };
}

const certificateVerify = 15;
const finished = 20;
