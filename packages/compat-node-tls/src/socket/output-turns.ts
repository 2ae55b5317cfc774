import type { Connection, Output } from '@sealwire/core';

type DataOutput = Extract<Output, { type: 'data' }>;
type SessionOutput = Extract<Output, { type: 'session' }>;

/**
 * The outputs of a connection, each when its turn has come. As in Node, whatever a record's data has led to in callbacks of promises
 * and of `nextTick` is done before the next comes: a listener that is added there misses nothing, and one that reads once
 * for each `readable` gets all.
 */
export class OutputTurns {
  /** Outputs whose turn it is not yet: they were looked at before it, or follow data that the application is busy with. */
  readonly #ahead: Output[] = [];
  /** 0-RTT data, which nobody sees before the handshake is complete: a copy of the client's hello never gets so far. */
  readonly #tooEarly: DataOutput[] = [];
  readonly #isWanted: () => boolean;
  readonly #goOn: () => void;
  #isBusy = false;
  #awaitsTick = false;

  /** `isWanted`: whether the application wants more; `goOn`: it is not busy any more. */
  constructor(isWanted: () => boolean, goOn: () => void) {
    this.#isWanted = isWanted;
    this.#goOn = goOn;
  }

  /** The application has got data: what follows comes in the next tick, or when it asks for more. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** While the application is busy, what is to be sent goes on, and all else waits behind its data. */
  next(connection: Connection | undefined): Output | undefined {
    for (;;) {
      const output = (this.#isBusy ? undefined : this.#ahead.shift()) ?? connection?.poll();
      if (output === undefined || !this.#isBusy || output.type === 'transmit') return output;
      this.#ahead.push(output);
    }
  }

  /** The session that comes before any data or question, if there is one; what stands before it keeps its turn. */
  lookAhead(connection: Connection): SessionOutput | undefined {
    for (let output = connection.poll(); output !== undefined; output = connection.poll()) {
      if (output.type === 'session') return output;
      this.#ahead.push(output);
      if (output.type === 'data' || output.type === 'decision') return undefined;
    }
    return undefined;
  }

  holdEarlyData(output: DataOutput): void {
    this.#tooEarly.push(output);
  }

  /** The handshake is complete. */
  releaseEarlyData(): void {
    this.#ahead.unshift(...this.#tooEarly.splice(0));
  }

  gaveData(): void {
    this.#isBusy = true;
    this.#goOnLater();
  }

  wantsMore(): void {
    if (this.#isBusy) this.#goOnLater();
  }

  #goOnLater(): void {
    if (this.#awaitsTick) return;
    this.#awaitsTick = true;
    // Promises keep themselves after the ticks, and all of them before the next tick.
    process.nextTick(this.#afterTicks);
  }

  // Made once: functions made for each record would be collected with it, and so would what Node's `queueMicrotask` makes.
  readonly #afterTicks = (): void => void settled.then(this.#afterPromises);
  readonly #afterPromises = (): void => process.nextTick(this.#inNextTick);
  readonly #inNextTick = (): void => {
    this.#awaitsTick = false;
    if (!this.#isWanted()) return;
    this.#isBusy = false;
    this.#goOn();
  };
}

const settled = Promise.resolve();
