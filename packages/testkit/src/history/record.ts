import {
  ApiMisuseError,
  type Answers,
  type ClientConfig,
  clientConfig,
  type ClientOptions,
  type Connection,
  createClient,
  createServer,
  type Decision,
  type Entropy,
  type Output,
  type ServerConfig,
  serverConfig,
  type ServerOptions,
} from '@sealwire/core';
import { concatenated, hexOf } from '../bytes.ts';
import {
  type EntropyEvent,
  type History,
  type HistoryStep,
  historyWarning,
  type PolicyEvent,
} from './history.ts';
import { keptAnswers, withoutKeepers } from './kept-answers.ts';
import { type Encoding, isConfig, type Json, toJson } from './json.ts';

export interface RecordOptions {
  /**
   * `include`: the private keys of credentials go into the history, so that a fork can go on signing. Default `omit`:
   * what they signed is in it all the same, and replay needs no more.
   */
  readonly privateKeys?: 'omit' | 'include';
}

/** A connection that writes down everything that is done to it. */
export interface Recording {
  /** Use it as any connection. */
  readonly connection: Connection;
  /** What has happened so far. **It contains secrets**: see `History`. */
  history(): History;
}

/** A client that is recorded, from options or from what `clientConfig` made. */
export function recordClient(options: ClientOptions | ClientConfig, how: RecordOptions = {}): Recording {
  const config = 'role' in options ? options : clientConfig(options);
  const log = new HistoryLog('client', { privateKeys: how.privateKeys ?? 'omit' });
  const answers = keptAnswers(config);
  const recorded = Object.freeze({ ...config, ...log.seams({ ...config, answers }) });
  return recording(log, createClient(recorded), { given: given(options, config), answers });
}

/** A server that is recorded, from options or from what `serverConfig` made. */
export function recordServer(options: ServerOptions | ServerConfig, how: RecordOptions = {}): Recording {
  const config = 'role' in options ? options : serverConfig(options);
  const log = new HistoryLog('server', { privateKeys: how.privateKeys ?? 'omit' });
  const answers = keptAnswers(config);
  const recorded = Object.freeze({ ...config, ...log.seams({ ...config, answers }) });
  return recording(log, createServer(recorded), { given: given(options, config), answers });
}

/** Given options alone, so that a history outlives defaults that are added later; and the versions, which change. */
function given(options: object, { versions }: ClientConfig | ServerConfig): Record<string, unknown> {
  return { ...withoutKeepers(options), versions };
}

export function recording(
  log: HistoryLog,
  connection: Connection,
  options: { readonly given: Record<string, unknown>; readonly answers: Answers },
): Recording {
  log.attach(connection);
  return { connection, history: () => log.history(options.given, options.answers) };
}

type OpenStep = {
  -readonly [K in keyof HistoryStep]: HistoryStep[K];
} & { entropy: EntropyEvent[]; replies: PolicyEvent[]; outputs: Json[] };

/** The steps of one connection as they happen. */
export class HistoryLog {
  readonly #role: 'client' | 'server';
  readonly #encoding: Encoding;
  readonly #steps: OpenStep[] = [];
  /** Methods may call one another; only what comes from outside is a step. */
  #depth = 0;

  constructor(role: 'client' | 'server', encoding: Encoding, steps: readonly HistoryStep[] = []) {
    this.#role = role;
    this.#encoding = encoding;
    this.#steps = steps.map((step) => ({
      ...step,
      entropy: [...(step.entropy ?? [])],
      replies: [...(step.replies ?? [])],
      outputs: [...(step.outputs ?? [])],
    }));
  }

  history(options: Record<string, unknown>, answers: Answers): History {
    const {
      provider: _,
      entropy: __,
      answers: ___,
      role: ____,
      ...rest
    } = options as Record<string, unknown>;
    return {
      format: 'sealwire history',
      version: 1,
      warning: historyWarning,
      role: this.#role,
      options: toJson(rest, this.#encoding),
      policies: Object.entries(answers).flatMap(([kind, policy]) => (policy === undefined ? [] : [kind])),
      steps: this.#steps.map(({ entropy, replies, outputs, ...step }) => ({
        ...step,
        ...(entropy.length > 0 && { entropy: [...entropy] }),
        ...(replies.length > 0 && { replies: [...replies] }),
        ...(outputs.length > 0 && { outputs: [...outputs] }),
      })),
    };
  }

  /** Entropy and answers of a configuration, written down as they are used. */
  seams({ entropy, answers }: { readonly entropy: Entropy; readonly answers: Answers }) {
    return { entropy: this.#noting(entropy), answers: this.#notingReplies(answers) };
  }

  /** Puts itself between the connection's methods and whoever calls them. */
  attach(connection: Connection): void {
    const prototype = Object.getPrototypeOf(connection) as object;
    for (const [name, { value, get, set }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (name === 'constructor' || looks.has(name)) continue;
      if (name === 'poll') {
        Object.defineProperty(connection, name, { value: () => this.#polled(connection, value) });
      } else if (typeof value === 'function') {
        const method = value as (...args: unknown[]) => unknown;
        Object.defineProperty(connection, name, {
          value: (...args: unknown[]) =>
            this.#called(name, args, () =>
              method.apply(
                connection,
                name === 'renegotiate' ? args.map((each) => this.#seamed(each)) : args,
              ),
            ),
        });
      } else if (set !== undefined) {
        Object.defineProperty(connection, name, {
          get: () => get?.call(connection),
          set: (argument: unknown) =>
            this.#called(`set ${name}`, [argument], () => set.call(connection, argument)),
        });
      }
    }
  }

  #called(call: string, args: readonly unknown[], run: () => unknown): unknown {
    if (this.#depth > 0) return run();
    const step: OpenStep = {
      call,
      args: args.map((argument, i) =>
        call === 'answer' && i === 0 ? decisionToJson(argument) : toJson(argument, this.#encoding),
      ),
      entropy: [],
      replies: [],
      outputs: [],
    };
    this.#steps.push(step);
    this.#depth++;
    try {
      const result = run();
      if (result !== undefined) step.result = toJson(result, this.#encoding);
      return result;
    } catch (error) {
      step.threw = toJson(error, this.#encoding);
      throw error;
    } finally {
      this.#depth--;
    }
  }

  #polled(connection: Connection, poll: () => Output | undefined): Output | undefined {
    const output = poll.call(connection);
    if (output !== undefined) this.#steps.at(-1)?.outputs.push(outputToJson(output));
    return output;
  }

  #noting(inner: Entropy): Entropy {
    const note = (event: EntropyEvent) => void this.#steps.at(-1)?.entropy.push(event);
    const noting: { [K in keyof Entropy]-?: Entropy[K] } = {
      random(length) {
        const bytes = inner.random(length);
        note({ draw: 'random', bytes: hexOf(bytes) });
        return bytes;
      },
      generate(group) {
        const key = inner.generate(group);
        note({ draw: 'generate', group: group.name, private: hexOf(key.exportPrivate()) });
        return key;
      },
      respond(group, clientShare) {
        const response = inner.respond(group, clientShare);
        note({
          draw: 'respond',
          group: group.name,
          clientShare: hexOf(clientShare),
          ...(response && { response: { share: hexOf(response.share), secret: hexOf(response.secret) } }),
        });
        return response;
      },
      sign(key, algorithm, message) {
        const signature = inner.sign(key, algorithm, message);
        note({ draw: 'sign', message: hexOf(message), signature: hexOf(signature) });
        return signature;
      },
      encryptPkcs1(key, message) {
        const ciphertext = inner.encryptPkcs1(key, message);
        note({
          draw: 'encryptPkcs1',
          message: hexOf(message),
          ...(ciphertext && { ciphertext: hexOf(ciphertext) }),
        });
        return ciphertext;
      },
    };
    return noting;
  }

  #notingReplies(answers: Answers): Answers {
    const entries = Object.entries(answers).map(([kind, policy]) => {
      if (policy === undefined) return [kind, undefined];
      const noting = (ask: never): unknown => {
        const replies = this.#steps.at(-1)?.replies;
        try {
          const reply: unknown = (policy as (ask: never) => unknown)(ask);
          replies?.push({ kind, reply: toJson(reply, this.#encoding) });
          return this.#withSeams(reply);
        } catch (error) {
          replies?.push({ kind, threw: toJson(error, this.#encoding) });
          throw error;
        }
      };
      return [kind, noting];
    });
    return Object.fromEntries(entries) as Answers;
  }

  /** A configuration that is chosen on the way signs and answers for itself. */
  #withSeams(reply: unknown): unknown {
    const config = (reply as { readonly config?: ServerConfig } | undefined)?.config;
    return config === undefined ? reply : { ...(reply as object), config: this.#seamed(config) };
  }

  /** A configuration with these seams; anything else as it is. */
  #seamed(value: unknown): unknown {
    if (!isConfig(value)) return value;
    return Object.freeze({ ...value, ...this.seams({ ...value, answers: keptAnswers(value) }) });
  }
}

/** Outputs as a history holds them: questions by their name and number, transmits in one piece, the rest whole. */
export function outputToJson(output: Output): Json {
  if (output.type === 'decision' || output.type === 'decisionCancelled') {
    return { type: output.type, decision: decisionToJson(output.decision) };
  }
  // Into how many pieces a record is cut is the provider's own affair.
  if (output.type === 'transmit') return { type: output.type, hex: hexOf(concatenated(output.pieces)) };
  return toJson(output, { privateKeys: 'omit' });
}

function decisionToJson(decision: unknown): Json {
  const { kind, id } = (decision ?? {}) as Partial<Decision>;
  if (typeof kind !== 'string' || typeof id !== 'number') {
    throw new ApiMisuseError('answer expects the decision that the connection asked');
  }
  return { $: 'decision', kind, id };
}

/** What changes nothing is no step. */
const looks: ReadonlySet<string> = new Set([
  'exportKeyingMaterial',
  'exportEarlyKeyingMaterial',
  'channelBinding',
  'session',
]);
