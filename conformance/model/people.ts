import { type Answers, type Decision, givenEntropy, ReplayGuard, type ServerOptions } from '@sealwire/core';
import { type Recording, recordClient, recordServer, seededRandom, type Side } from '@sealwire/testkit';
import { memoized } from '../mutations/memoized-entropy.ts';
import { answersOf, clientOptionsOf, nodeProvider, serverOptionsOf } from '../properties/scenarios.ts';
import { ticketRing } from './beginnings.ts';
import type { WorldSetup } from './world.ts';

/** The applications on both sides: how they are configured, what they remember, and what they answer. */
export class People {
  readonly #setup: WorldSetup;
  readonly #ring = ticketRing();
  readonly #guard = new ReplayGuard();
  readonly #answers: Readonly<Record<Side, Answers>>;

  constructor(setup: WorldSetup) {
    this.#setup = setup;
    const { client, server } = setup.scenario;
    const psks = (side: typeof client | typeof server) =>
      ({ ok: true, psks: side?.externalPsks ?? [] }) as const;
    this.#answers = {
      client: {
        ...answersOf('client', setup.scenario),
        chooseSession: () => ({ ok: true, sessions: client?.sessions ?? [] }),
        lookupPsk: () => psks(client),
      },
      server: {
        ...answersOf('server', setup.scenario),
        lookupPsk: () => psks(server),
        openTicket: (ask) => this.#ring.openTicket(ask),
        sealTicket: (ask) => this.#ring.sealTicket(ask),
        acceptEarlyData: (ask) => (server?.earlyData?.guard ?? this.#guard).acceptEarlyData(ask),
      },
    };
  }

  client(): Recording {
    const { scenario } = this.#setup;
    const options = clientOptionsOf(scenario, this.#options);
    return recordClient({ ...options, ...this.#shared('client', options.answers) });
  }

  /** A server; with a name another one of the same owner, with the same memory and other random numbers. */
  server(name?: string): Recording {
    const { scenario } = this.#setup;
    const others = name === undefined ? {} : { entropy: () => givenEntropy(seededRandom(name)) };
    const options = serverOptionsOf(scenario, { ...this.#options, ...others });
    const { earlyData } = options;
    const shared: Partial<ServerOptions> = {
      tickets: { keeper: this.#ring },
      ...(earlyData && { earlyData: { guard: this.#guard, ...earlyData } }),
    };
    return recordServer({ ...options, ...shared, ...this.#shared('server', options.answers) });
  }

  replyTo(side: Side, { kind, ask }: Decision): object {
    const reply = (this.#answers[side][kind] as ((ask: unknown) => object | undefined) | undefined)?.(ask);
    if (reply === undefined) throw new Error(`nobody knows what to reply to ${kind}`);
    return reply;
  }

  get #options() {
    const { asksEverything } = this.#setup;
    return { isTapped: true, asksEverything, entropy: memoized(nodeProvider) };
  }

  #shared(side: Side, answers: Answers | undefined) {
    const { asksEverything, isHostile } = this.#setup;
    const asked = Object.keys(this.#answers[side]).map((kind) => [kind, () => undefined]);
    return {
      allowDetach: true,
      answers: asksEverything ? (Object.fromEntries(asked) as Answers) : (answers ?? {}),
      // Who disturbs may well reach a limit; who does not must come nowhere near the real ones.
      limits: isHostile ? { heldInputBytes: 5_000, handshakeMessageBytes: 20_000 } : {},
    };
  }
}
