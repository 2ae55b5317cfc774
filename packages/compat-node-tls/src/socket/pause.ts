/**
 * What the peer has sent after its handshake comes to the application when everything is done that it does on hearing of the
 * connection, in callbacks of promises as well: so it has time to listen.
 */
export class Pause {
  /** What happens to the carrier meanwhile; `undefined`: there is no pause. */
  #later: (() => void)[] | undefined;

  get isOn(): boolean {
    return this.#later !== undefined;
  }

  /** `over` is called at its end, before all that has happened in it. */
  begin(over: () => void): void {
    this.#later = [];
    setImmediate(() => {
      const later = this.#later ?? [];
      this.#later = undefined;
      over();
      for (const action of later) this.inOrder(action);
    });
  }

  /** At once, or after the pause. */
  inOrder(action: () => void): void {
    if (this.#later === undefined) action();
    else this.#later.push(action);
  }
}
