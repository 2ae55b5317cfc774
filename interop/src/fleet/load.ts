import type { Session } from '@sealwire/core';
import type { Greeting, Visitor } from './visitors.ts';

/** Connections, some at a time, one after the other, until it is stopped. A single one that fails is a failure of all. */
export class Load {
  /** Since the beginning, or since they were forgotten. */
  visits: Greeting[] = [];
  total = 0;
  /** Of the keys that sealed the tickets which came. */
  readonly keyNames = new Set<string>();
  #isOver = false;
  #loops: readonly Promise<void>[] = [];

  start(make: (onSession: (session: Session) => void) => Visitor, port: number): void {
    const visitor = make(({ ticket }) =>
      this.keyNames.add(Buffer.from(ticket.subarray(0, 16)).toString('hex')),
    );
    this.#loops = Array.from({ length: atATime }, () => this.#loop(visitor, port));
    for (const loop of this.#loops) loop.catch(() => {});
  }

  forget(): void {
    this.visits = [];
  }

  /** Rejects with the error of the first connection that failed. */
  async stop(): Promise<this> {
    this.#isOver = true;
    await Promise.all(this.#loops);
    return this;
  }

  async #loop(visitor: Visitor, port: number): Promise<void> {
    while (!this.#isOver) {
      const greeting = await visitor.visit(port);
      this.visits.push(greeting);
      this.total += 1;
    }
  }
}

const atATime = 4;
