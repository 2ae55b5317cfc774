import { keptAnswers } from './kept-answers.ts';
import {
  type Answers,
  ApiMisuseError,
  clientConfig,
  type ClientOptions,
  type Connection,
  createClient,
  createServer,
  type CryptoProvider,
  type Decision,
  type Entropy,
  type Output,
  serverConfig,
  type ServerOptions,
  tls13,
} from '@sealwire/core';
import { SessionTable } from '@sealwire/core/tls12';
import type { Difference, History, HistoryStep } from './history.ts';
import { fromJson, type Json, toJson } from './json.ts';
import { HistoryLog, outputToJson, type Recording, type RecordOptions, recording } from './record.ts';
import { HistorySource } from './source.ts';

export interface ReplayOptions {
  /** Any provider that has the algorithms; need not be the recorded one. */
  readonly provider: CryptoProvider;
  /** Options in place of the recorded ones; needed for what a history cannot hold, such as functions in options. */
  readonly options?: Partial<Omit<ClientOptions & ServerOptions, 'provider' | 'entropy' | 'answers'>>;
}

export interface Replay {
  readonly connection: Connection;
  /** Everything that was polled. */
  readonly outputs: readonly Output[];
  /** `undefined`: every output byte, every result and every question is the same. */
  readonly difference: Difference | undefined;
}

/** Does everything again that the history tells, and compares what comes of it. Stops at the first difference. */
export function replay(history: History, options: ReplayOptions): Replay {
  const player = new Player(history, options);
  const difference = player.play(history.steps, 'compare');
  return { connection: player.connection, outputs: player.outputs, difference };
}

export interface ForkOptions extends ReplayOptions, RecordOptions {
  /** Where randomness comes from after the fork. Default: the provider's own generator. */
  readonly entropy?: Entropy;
  /** Policies after the fork. Default: those of the history fall silent, so that decisions are outputs. */
  readonly answers?: Answers;
}

export interface Fork extends Recording {
  /** What was polled before the fork; the last decision among them may still be open. */
  readonly outputs: readonly Output[];
}

/**
 * Does again what the first `steps` steps did, and then leaves the connection to you: it is live, and recorded from
 * its beginning. `ApiMisuseError` if the replay differs on the way.
 */
export function fork(history: History, steps: number, options: ForkOptions): Fork {
  if (!Number.isInteger(steps) || steps < 0 || steps > history.steps.length) {
    throw new ApiMisuseError(`fork expects a step from 0 to ${history.steps.length}, got ${steps}`);
  }
  const before = history.steps.slice(0, steps);
  const player = new Player(history, options);
  const difference = player.play(before, 'compare');
  if (difference !== undefined) {
    throw new ApiMisuseError(`the history does not replay: ${describeDifference(difference)}`);
  }
  const log = new HistoryLog(history.role, { privateKeys: options.privateKeys ?? 'omit' }, before);
  player.source.goLive(
    log.seams({
      entropy: options.entropy ?? player.liveEntropy,
      answers: { ...player.liveAnswers, ...options.answers },
    }),
  );
  const answers = Object.fromEntries(history.policies.map((kind) => [kind, () => undefined])) as Answers;
  const live = recording(log, player.connection, { given: player.given, answers });
  return { ...live, outputs: player.outputs };
}

/** What came of a history that was changed, and need not make sense any more. */
export interface Rerun {
  readonly connection: Connection;
  readonly outputs: readonly Output[];
  /** Results of the steps, by index; a step that threw has what it threw. Steps that cannot be done are `undefined`. */
  readonly results: readonly unknown[];
}

/**
 * Does what the history tells as far as possible: randomness that it does not hold is drawn from its seed, answers to
 * questions that were not asked are left out. For histories that were shortened; see `shrinkHistory`.
 */
export function rerun(history: History, options: ReplayOptions): Rerun {
  const player = new Player(history, options);
  player.play(history.steps, 'whatever');
  return { connection: player.connection, outputs: player.outputs, results: player.results };
}

export function describeDifference({ step, call, what, expected, actual }: Difference): string {
  const shown = (json: Json | undefined) =>
    json === undefined ? 'nothing' : JSON.stringify(json).slice(0, 300);
  return `step ${step} (${call}): ${what} was ${shown(expected)}, is ${shown(actual)}`;
}

class Player {
  readonly connection: Connection;
  readonly source: HistorySource;
  readonly outputs: Output[] = [];
  readonly results: unknown[] = [];
  /** The options that the connection was made of. */
  readonly given: Record<string, unknown>;
  readonly liveEntropy: Entropy;
  /** What a server that begins here would keep for itself. */
  readonly liveAnswers: Answers;
  readonly #provider: CryptoProvider;
  readonly #decisions = new Map<number, Decision>();

  constructor(history: History, { provider, options = {} }: ReplayOptions) {
    this.#provider = provider;
    const overrides = options as Record<string, unknown>;
    const revived = fromJson(history.options, {
      provider,
      onOmitted(path) {
        const [top = ''] = path.split('.');
        if (!(top in overrides)) {
          throw new ApiMisuseError(`a history cannot hold ${path}: give { options: { ${top}: … } }`);
        }
      },
    });
    this.given = { versions: [tls13], ...(revived as Record<string, unknown>), ...overrides };
    const defaults = history.role === 'client' ? clientConfig : serverConfig;
    const live = defaults({ ...(withStore(this.given) as unknown as ServerOptions), provider });
    this.liveEntropy = live.entropy;
    this.liveAnswers = keptAnswers(live);
    this.source = new HistorySource((json) => this.#value(json));
    const { entropy } = this.source;
    const made = {
      ...(this.given as object),
      provider,
      entropy,
      answers: this.source.policies(history.policies),
    };
    this.connection =
      history.role === 'client' ? createClient(made as ClientOptions) : createServer(made as ServerOptions);
  }

  play(steps: readonly HistoryStep[], mode: 'compare' | 'whatever'): Difference | undefined {
    for (const [index, step] of steps.entries()) {
      this.source.begin(step, mode);
      const done = this.#do(step);
      this.results.push(done?.result ?? done?.threw);
      const actual = this.#drain(step.outputs?.length ?? 0);
      if (mode === 'whatever') continue;
      const difference =
        this.source.difference ??
        firstDifference('result', [step.result, step.threw], [json(done?.result), json(done?.threw)]) ??
        firstDifference('output', step.outputs ?? [], actual.map(outputToJson)) ??
        this.source.leftOver();
      if (difference !== undefined) return { step: index, call: step.call, ...difference };
    }
    if (mode === 'whatever') this.#drain(Number.POSITIVE_INFINITY);
    return undefined;
  }

  /** `undefined`: it cannot be done, because it answers what was not asked. */
  #do(step: HistoryStep): { readonly result?: unknown; readonly threw?: unknown } | undefined {
    const { connection } = this;
    if (step.call === 'answer') {
      const asked = step.args[0] as { readonly id?: number } | undefined;
      const isAsked = () => this.#decisions.has(asked?.id ?? -1);
      if (!isAsked()) this.#drain(Number.POSITIVE_INFINITY);
      if (step.threw === undefined && !isAsked()) return undefined;
    }
    const args = step.args.map((argument) => this.#value(argument));
    try {
      if (step.call.startsWith('set ')) {
        Reflect.set(connection, step.call.slice(4), args[0]);
        return {};
      }
      const method = Reflect.get(connection, step.call) as ((...given: unknown[]) => unknown) | undefined;
      if (typeof method !== 'function') throw new ApiMisuseError(`connections have no method ${step.call}`);
      return { result: method.apply(connection, args) };
    } catch (threw) {
      return { threw };
    }
  }

  #drain(most: number): Output[] {
    const polled: Output[] = [];
    while (polled.length < most) {
      const output = this.connection.poll();
      if (output === undefined) break;
      polled.push(output);
      this.outputs.push(output);
      if (output.type === 'decision') this.#decisions.set(output.decision.id, output.decision);
    }
    return polled;
  }

  #value(value: Json): unknown {
    return fromJson(value, {
      provider: this.#provider,
      decisions: this.#decisions,
      config: (role, options, policies) => {
        const made = {
          ...withStore(options),
          provider: this.#provider,
          entropy: this.source.entropy,
          answers: this.source.policies(policies),
        } as unknown;
        if (role === 'server') return serverConfig(made as ServerOptions);
        const { sni = false, ...rest } = made as ClientOptions;
        return clientConfig({ ...rest, sni });
      },
    });
  }
}

/** Sessions are kept somewhere, as tickets are sealed under some key. */
function withStore(given: Record<string, unknown>): Record<string, unknown> {
  const { sessionIds } = given;
  if (typeof sessionIds !== 'object' || sessionIds === null) return given;
  return { ...given, sessionIds: { ...sessionIds, store: new SessionTable() } };
}

function json(value: unknown): Json | undefined {
  return value === undefined ? undefined : toJson(value, { privateKeys: 'omit' });
}

function firstDifference(
  what: Difference['what'],
  expected: readonly (Json | undefined)[],
  actual: readonly (Json | undefined)[],
): Omit<Difference, 'step' | 'call'> | undefined {
  for (let i = 0; i < Math.max(expected.length, actual.length); i++) {
    if (JSON.stringify(expected[i]) !== JSON.stringify(actual[i])) {
      return { what, expected: expected[i], actual: actual[i] };
    }
  }
  return undefined;
}
