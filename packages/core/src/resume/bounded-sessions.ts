import { ApiMisuseError } from '../errors/tls-error.ts';
import type { Session } from '../values/session.ts';
import { hex } from '../wire/bytes.ts';

export interface BoundedSessionsOptions {
  /** How many are kept; the oldest make room for new ones. Default 10,000. */
  readonly maxSessions?: number;
}

/** Sessions by names of theirs, in memory. One process only. */
export class BoundedSessions {
  readonly #maxSessions: number;
  /** By name in hexadecimal, oldest first. */
  readonly #sessions = new Map<string, Session>();

  constructor({ maxSessions = 10_000 }: BoundedSessionsOptions) {
    if (!Number.isSafeInteger(maxSessions) || maxSessions < 1) {
      throw new ApiMisuseError(`maxSessions must be an integer of at least 1, got ${maxSessions}`);
    }
    this.#maxSessions = maxSessions;
  }

  get size(): number {
    return this.#sessions.size;
  }

  get(name: Uint8Array): Session | undefined {
    return this.#sessions.get(hex(name));
  }

  set(name: Uint8Array, session: Session): void {
    this.#sessions.set(hex(name), session);
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= this.#maxSessions) return;
      this.#sessions.delete(oldest);
    }
  }

  /** Whether it was there. */
  delete(name: Uint8Array): boolean {
    return this.#sessions.delete(hex(name));
  }

  clear(): void {
    this.#sessions.clear();
  }
}
