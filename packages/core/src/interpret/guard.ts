import { ApiMisuseError } from '../errors/tls-error.ts';

/** Runs one input of a connection: what it throws goes to `failed`, never to the caller. */
export class Guard {
  /** Whether an input is being handled: a policy that calls back would change what it is in the middle of. */
  #isRunning = false;

  run(input: () => void, failed: (thrown: unknown) => void): void {
    this.refuseReentry();
    this.#isRunning = true;
    try {
      input();
    } catch (thrown) {
      failed(thrown);
    } finally {
      this.#isRunning = false;
    }
  }

  /** Policies answer and do nothing else; what they may want to say to the connection, their reply says. */
  refuseReentry(): void {
    if (!this.#isRunning) return;
    throw new ApiMisuseError(
      'expected no call while a policy of the same connection runs; return { ok: false } to refuse, or undefined to answer later',
    );
  }
}
