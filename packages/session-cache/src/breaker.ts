import { ApiMisuseError } from '@sealwire/core';
import { SessionStoreError, type StoreErrorCode } from './store-error.ts';

export interface BreakerOptions {
  /** How long a handshake may wait for one answer, in ms. Default 250. */
  readonly timeoutMs?: number;
  /** After so many failures in a row the store is left alone. Default 3. */
  readonly maxFailures?: number;
  /** For how long it is left alone at first, in ms; then twice as long each time, up to `maxRestMs`. Default 1,000. */
  readonly restMs?: number;
  /** Default 30,000. */
  readonly maxRestMs?: number;
  /** How many questions may wait for answers at a time. Default 1,000. */
  readonly maxPending?: number;
}

/**
 * Keeps a store that is gone from slowing every handshake: each question has a limit of time, and after some failures in a row
 * nobody is asked for a while, when a single question finds out whether it is back.
 */
export class Breaker {
  readonly #limits: Required<BreakerOptions>;
  readonly #now: () => number;
  #failures = 0;
  #pending = 0;
  #restsUntilMs = Number.NEGATIVE_INFINITY;
  #rests = 0;
  #isTrying = false;

  constructor(options: BreakerOptions, now: () => number = Date.now) {
    const {
      timeoutMs = 250,
      maxFailures = 3,
      restMs = 1_000,
      maxRestMs = 30_000,
      maxPending = 1_000,
    } = options;
    this.#limits = { timeoutMs, maxFailures, restMs, maxRestMs, maxPending };
    for (const [name, value] of Object.entries(this.#limits)) {
      if (!Number.isSafeInteger(value) || value < 1 || value > 2 ** 31 - 1)
        throw new ApiMisuseError(`${name} must be an integer from 1 to 2147483647, got ${String(value)}`);
    }
    this.#now = now;
  }

  /** Whether the store is left alone, or would be but for the question that finds out. */
  get rests(): boolean {
    return this.#failures >= this.#limits.maxFailures;
  }

  /**
   * What `ask` gives, if it comes in time. `ask` is told by `signal` that nobody waits for it any more. Rejects with
   * `SessionStoreError`; other errors than `refused` and `rubbish` count as failures.
   */
  async run<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#enter();
    const { timeoutMs } = this.#limits;
    const controller = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new SessionStoreError('timeout', `the store did not answer within ${timeoutMs} ms`));
        controller.abort();
      }, timeoutMs);
    });
    try {
      const answer = await Promise.race([ask(controller.signal), late]);
      this.#worked();
      return answer;
    } catch (error) {
      const known = error instanceof SessionStoreError ? error : undefined;
      if (known !== undefined && answers.has(known.code)) this.#worked();
      else this.#failed();
      throw known ?? new SessionStoreError('unreachable', 'the store cannot be reached');
    } finally {
      clearTimeout(timer);
      this.#pending -= 1;
    }
  }

  #enter(): void {
    const { maxFailures, maxPending } = this.#limits;
    if (this.#failures >= maxFailures) {
      if (this.#isTrying || this.#now() < this.#restsUntilMs)
        throw new SessionStoreError('resting', 'the store has failed, and is left alone for a while');
      this.#isTrying = true;
    } else if (this.#pending >= maxPending) {
      throw new SessionStoreError('busy', `${maxPending} questions to the store wait for answers`);
    }
    this.#pending += 1;
  }

  #worked(): void {
    this.#failures = 0;
    this.#rests = 0;
    this.#isTrying = false;
  }

  #failed(): void {
    const { maxFailures, restMs, maxRestMs } = this.#limits;
    // Those that were asked before it was given up fail later, all for the same reason.
    const isNews = this.#isTrying || this.#failures === maxFailures - 1;
    this.#failures = Math.min(this.#failures + 1, maxFailures);
    this.#isTrying = false;
    if (!isNews) return;
    this.#restsUntilMs = this.#now() + Math.min(restMs * 2 ** this.#rests, maxRestMs);
    this.#rests = Math.min(this.#rests + 1, 30);
  }
}

/** Somebody is there, and answers. */
const answers: ReadonlySet<StoreErrorCode> = new Set(['refused', 'rubbish']);
