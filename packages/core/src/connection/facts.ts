import type { Facts, PeerExtension } from '../values/facts.ts';

/** The fact sheet of one connection; grows by effects, is read as a frozen snapshot. */
export class FactSheet {
  #facts: Facts;

  constructor(role: Facts['role']) {
    this.#facts = Object.freeze({ role, handshakes: 0, keyUpdatesReceived: 0, keyUpdatesSent: 0 });
  }

  get snapshot(): Facts {
    return this.#facts;
  }

  add(facts: Partial<Facts>): void {
    this.#facts = Object.freeze({ ...this.#facts, ...facts });
  }

  /** Custom extensions of the peer with these, which replace earlier ones of their message and type. */
  peerExtensionsWith(received: readonly PeerExtension[]): readonly PeerExtension[] {
    const isNew = (known: PeerExtension) =>
      !received.some((each) => each.in === known.in && each.type === known.type);
    return [...(this.snapshot.peerExtensions ?? []).filter(isNew), ...received];
  }
}
