import {
  type Answers,
  ApiMisuseError,
  type Entropy,
  givenEntropy,
  type KeyExchangeGroup,
} from '@sealwire/core';
import { bytesOfHex, hexOf } from '../bytes.ts';
import { seededRandom } from '../seeded-random.ts';
import type { Difference, EntropyEvent, HistoryStep, PolicyEvent } from './history.ts';
import type { Json } from './json.ts';

/** Gives a connection what its history holds: randomness, and the replies of policies. */
export class HistorySource {
  /** The first thing that was asked for and is not in the history. */
  difference: Omit<Difference, 'step' | 'call'> | undefined;
  readonly #value: (json: Json) => unknown;
  readonly #spare = givenEntropy(seededRandom('what the history does not hold'));
  #entropy: EntropyEvent[] = [];
  #replies: PolicyEvent[] = [];
  #mode: 'compare' | 'whatever' | 'live' = 'compare';
  #live: { readonly entropy: Entropy; readonly answers: Answers } | undefined;

  constructor(value: (json: Json) => unknown) {
    this.#value = value;
  }

  get entropy(): Entropy {
    return this.#seam();
  }

  /** In `whatever` mode what is left of earlier steps may still be used: shortened histories draw at other times. */
  begin({ entropy = [], replies = [] }: HistoryStep, mode: 'compare' | 'whatever'): void {
    this.#mode = mode;
    this.#entropy = mode === 'compare' ? [...entropy] : [...this.#entropy, ...entropy];
    this.#replies = mode === 'compare' ? [...replies] : [...this.#replies, ...replies];
  }

  /** From now on everything comes from outside. */
  goLive(live: { readonly entropy: Entropy; readonly answers: Answers }): void {
    this.#mode = 'live';
    this.#live = live;
  }

  /** What the step's history holds and nobody asked for. */
  leftOver(): Omit<Difference, 'step' | 'call'> | undefined {
    const [event] = this.#entropy;
    if (event !== undefined) return { what: 'entropy', expected: { ...event } as Json, actual: undefined };
    const [reply] = this.#replies;
    if (reply !== undefined) return { what: 'policy', expected: reply.kind, actual: undefined };
    return undefined;
  }

  /** Policies of these kinds that reply what was replied. */
  policies(kinds: readonly string[]): Answers {
    const policy = (kind: string) => (ask: never) => {
      if (this.#live !== undefined) {
        return (this.#live.answers as Record<string, ((ask: never) => unknown) | undefined>)[kind]?.(ask);
      }
      const event = this.#takeReply(kind);
      if (event === undefined) return undefined;
      if (event.threw !== undefined) throw this.#value(event.threw);
      return this.#value(event.reply ?? null);
    };
    return Object.fromEntries(kinds.map((kind) => [kind, policy(kind)])) as Answers;
  }

  #takeReply(kind: string): PolicyEvent | undefined {
    const index = this.#mode === 'compare' ? 0 : this.#replies.findIndex((event) => event.kind === kind);
    const event = this.#replies[index];
    if (event?.kind !== kind) {
      this.difference ??= { what: 'policy', expected: event?.kind, actual: kind };
      return undefined;
    }
    this.#replies.splice(index, 1);
    return event;
  }

  #seam(): Entropy {
    const seam: { [K in keyof Entropy]-?: Entropy[K] } = {
      random: (length) => {
        if (this.#live !== undefined) return this.#live.entropy.random(length);
        const event = this.#take('random', (each) => each.bytes.length === 2 * length, `${length} bytes`);
        return event === undefined ? this.#spare.random(length) : bytesOfHex(event.bytes);
      },
      generate: (group) => {
        if (this.#live !== undefined) return this.#live.entropy.generate(group);
        const event = this.#take('generate', (each) => each.group === group.name, group.name);
        return event === undefined ? this.#spare.generate(group) : restored(group, event.private);
      },
      respond: (group, clientShare) => {
        if (this.#live !== undefined) return this.#live.entropy.respond(group, clientShare);
        const share = hexOf(clientShare);
        const event = this.#take(
          'respond',
          (each) => each.group === group.name && each.clientShare === share,
          `${group.name} to ${share.slice(0, 16)}…`,
        );
        if (event === undefined) return this.#spare.respond(group, clientShare);
        const { response } = event;
        return response && { share: bytesOfHex(response.share), secret: bytesOfHex(response.secret) };
      },
      sign: (key, algorithm, message) => {
        if (this.#live !== undefined) return this.#live.entropy.sign(key, algorithm, message);
        const text = hexOf(message);
        const event = this.#take('sign', (each) => each.message === text, `${message.length} bytes`);
        return event === undefined ? this.#spare.sign(key, algorithm, message) : bytesOfHex(event.signature);
      },
      encryptPkcs1: (key, message) => {
        if (this.#live !== undefined) return this.#live.entropy.encryptPkcs1(key, message);
        const text = hexOf(message);
        const event = this.#take('encryptPkcs1', (each) => each.message === text, `${message.length} bytes`);
        if (event === undefined) return this.#spare.encryptPkcs1(key, message);
        return event.ciphertext === undefined ? undefined : bytesOfHex(event.ciphertext);
      },
    };
    return seam;
  }

  #take<D extends EntropyEvent['draw']>(
    draw: D,
    fits: (event: Extract<EntropyEvent, { readonly draw: D }>) => boolean,
    asked: string,
  ): Extract<EntropyEvent, { readonly draw: D }> | undefined {
    type Event = Extract<EntropyEvent, { readonly draw: D }>;
    const isIt = (event: EntropyEvent | undefined): event is Event =>
      event?.draw === draw && fits(event as Event);
    const index = this.#mode === 'compare' ? 0 : this.#entropy.findIndex(isIt);
    const event = this.#entropy[index];
    if (!isIt(event)) {
      const expected = event === undefined ? undefined : ({ ...event } as Json);
      this.difference ??= { what: 'entropy', expected, actual: `${draw} ${asked}` };
      return undefined;
    }
    this.#entropy.splice(index, 1);
    return event;
  }
}

function restored(group: KeyExchangeGroup, privateHex: string) {
  const key = group.restore(bytesOfHex(privateHex));
  if (key === undefined) throw new ApiMisuseError(`the history holds no private key of ${group.name}`);
  return key;
}
