import type { Effect } from '../machine/step.ts';
import type { FactSheet } from '../interpret/facts.ts';
import type { Output } from './outputs.ts';

export type RenegotiationEffect = Extract<
  Effect,
  { do: 'requestRenegotiation' | 'beginRenegotiation' | 'abandonRenegotiation' }
>;

/** A handshake on a connection that has one: until it is done, everybody goes on seeing the one before. */
export class Renegotiating {
  readonly #facts: FactSheet;
  readonly #output: (output: Output) => void;
  /** We have asked for it, and nothing has come of it yet. */
  #isAsked = false;

  constructor(facts: FactSheet, output: (output: Output) => void) {
    this.#facts = facts;
    this.#output = output;
  }

  get isAsked(): boolean {
    return this.#isAsked;
  }

  /** Whether application data may leave after this; `undefined`: as before. */
  apply(effect: RenegotiationEffect): boolean | undefined {
    switch (effect.do) {
      case 'requestRenegotiation':
        this.#isAsked = true;
        return undefined;
      case 'beginRenegotiation':
        this.#isAsked = false;
        this.#facts.beginAgain();
        this.#output({ type: 'renegotiating' });
        return false;
      case 'abandonRenegotiation': {
        const wasUnderway = this.#facts.isCollecting;
        this.#isAsked = false;
        this.#facts.abandon();
        if (effect.byPeer) this.#output({ type: 'renegotiationRefused', how: 'alert' });
        return wasUnderway ? true : undefined;
      }
    }
  }

  /** A handshake is done; all that another one has made known is true from now on. */
  completed(): void {
    this.#isAsked = false;
    if (!this.#facts.isCollecting) return;
    this.#facts.complete();
    this.#output({ type: 'fact', facts: this.#facts.snapshot });
  }

  /** The peer will say nothing more. */
  peerEnded(): void {
    if (this.#isAsked) this.#output({ type: 'renegotiationRefused', how: 'ignored' });
    this.#isAsked = false;
  }
}
