import type { Facts, PeerExtension } from '../values/facts.ts';

/** The fact sheet of one connection; grows by effects, is read as a frozen snapshot. */
export class FactSheet {
  #facts: Facts;
  /** Whether `#facts` has been shown, or else belongs to nobody but this sheet. */
  #isShown = false;
  #next: Facts | undefined;

  constructor(role: Facts['role']) {
    this.#facts = { role, handshakes: 0, keyUpdatesReceived: 0, keyUpdatesSent: 0 };
  }

  get snapshot(): Facts {
    if (!this.#isShown) Object.freeze(this.#facts);
    this.#isShown = true;
    return this.#facts;
  }

  /** Whether another handshake is on its way; what becomes known is not to be seen before it is done. */
  get isCollecting(): boolean {
    return this.#next !== undefined;
  }

  /** Another handshake begins; of the present one stays what counts for the connection. */
  beginAgain(): void {
    const { role, handshakes, keyUpdatesReceived, keyUpdatesSent, startedAtMs, npnProtocol } = this.#facts;
    const started = startedAtMs === undefined ? {} : { startedAtMs };
    const spoken = npnProtocol === undefined ? {} : { npnProtocol };
    this.#next = { role, handshakes, keyUpdatesReceived, keyUpdatesSent, ...started, ...spoken };
  }

  /** It came to nothing. */
  abandon(): void {
    this.#next = undefined;
  }

  /** It is done: what was known before is no longer true. */
  complete(): void {
    if (this.#next === undefined) return;
    this.#facts = this.#next;
    this.#isShown = false;
    this.#next = undefined;
  }

  countHandshake(nowMs: number): void {
    this.add({ handshakes: this.#facts.handshakes + 1, connectedAtMs: nowMs });
  }

  add(facts: Partial<Facts>): void {
    if (this.#next !== undefined) this.#next = { ...this.#next, ...facts };
    else if (this.#isShown) {
      this.#facts = Object.assign({}, this.#facts, facts);
      this.#isShown = false;
    } else Object.assign(this.#facts, facts);
  }

  /** Custom extensions of the peer with these, which replace earlier ones of their message and type. */
  peerExtensionsWith(received: readonly PeerExtension[]): readonly PeerExtension[] {
    const isNew = (known: PeerExtension) =>
      !received.some((each) => each.in === known.in && each.type === known.type);
    return [...((this.#next ?? this.#facts).peerExtensions ?? []).filter(isNew), ...received];
  }
}
