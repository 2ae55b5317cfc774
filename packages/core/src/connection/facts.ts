import type { Facts } from '../values/facts.ts';

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
}
