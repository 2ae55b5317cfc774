import type { Connection, Output } from '@sealwire/core';
import type { Carrier, EndpointParts } from './carrier.ts';
import { asTransportError } from './errors.ts';
import { OutgoingBytes } from './outgoing-bytes.ts';
import { UnreadAnswers } from './unread-answers.ts';
import { WritingHalf } from './writing-half.ts';

/**
 * Bytes between a `Connection` and its carrier, in turns: whatever has happened, a turn carries out all that the connection says and
 * seals what can leave. What outputs mean, but for bytes to the peer, the listener knows.
 */
export class Pump {
  readonly writing: WritingHalf;
  readonly outgoing: OutgoingBytes;
  phase: Phase = 'connecting';
  /** Nothing moves any more: the program has done with the connection. */
  isStopped = false;
  /** The program wants no more until it asks. */
  isFull = false;
  peerHasEnded = false;
  readonly #connection: Connection;
  readonly #carrier: Carrier;
  readonly #listener: PumpListener;
  readonly #answers = new UnreadAnswers();
  #isPumping = false;
  /** Something happened while outputs were being delivered: a carrier may bring the peer's answer within a write. */
  #hasNews = false;

  constructor(
    connection: Connection,
    { carrier, later, afterTurn }: Pick<EndpointParts<never>, 'carrier' | 'later' | 'afterTurn'>,
    listener: PumpListener,
  ) {
    this.#connection = connection;
    this.#carrier = carrier;
    this.#listener = listener;
    this.writing = new WritingHalf(carrier, connection, later);
    this.outgoing = new OutgoingBytes((pieces) => {
      this.#answers.leave(pieces, carrier);
      carrier.write(pieces);
    }, afterTurn);
  }

  /** Carries out what the connection says, then goes on with what waits to be written, until neither has more. */
  turn(): void {
    // What a listener does while outputs are being delivered is carried out after them, by the loop below.
    this.#hasNews = true;
    if (this.#isPumping || this.isStopped) return;
    this.#isPumping = true;
    try {
      do {
        this.#hasNews = false;
        this.#deliverOutputs();
      } while (this.#sendMore() || this.#hasNews);
    } finally {
      this.#isPumping = false;
    }
    this.#listener.turned();
  }

  #deliverOutputs(): void {
    try {
      // The program may give everything up in answer to any of them; the rest is for nobody then.
      for (
        let output: Output | undefined;
        !this.isStopped && (output = this.#connection.poll()) !== undefined;
      ) {
        // The list is the receiver's, as its pieces are.
        if (output.type === 'transmit') this.outgoing.add(output.pieces as Uint8Array[]);
        else this.#listener.said(output);
      }
    } finally {
      if (!this.isStopped) this.outgoing.flush();
    }
  }

  /** True when outputs may have come of what was written. */
  #sendMore(): boolean {
    const isEarly = this.phase === 'connecting' || this.phase === 'handshake';
    const step = this.writing.next(!isEarly && (!this.writing.isToEnd || this.#listener.mayEnd()));
    if (step === 'close') {
      this.#connection.close();
      this.#deliverOutputs();
      this.endCarrier();
    }
    if (step !== 'sent') return false;
    this.#listener.sent();
    return true;
  }

  /** What waits leaves, and our side of the carrier ends, if the program wanted that. */
  endCarrier(): void {
    this.outgoing.release();
    this.writing.endCarrier((error) => asTransportError(error, false));
  }

  /** Lets bytes come while both the connection and the program want more; after the peer's end, to see that of the carrier. */
  steer(): void {
    if (this.phase === 'done' || this.phase === 'connecting') return;
    const mayRead = !this.isFull && !this.#answers.areTooMany(this.#carrier);
    this.#carrier.setReading(this.peerHasEnded || (mayRead && this.#connection.wantsInput));
  }
}

/** `connecting`: the carrier is; `done`: nothing more comes of the connection. */
export type Phase = 'connecting' | 'handshake' | 'connected' | 'done';

export interface PumpListener {
  /** Everything but bytes for the peer. */
  said(output: Exclude<Output, { type: 'transmit' }>): void;
  /** Some of the program's data was sealed. */
  sent(): void;
  /** Whether our side, all of which has been written, may end now. */
  mayEnd(): boolean;
  /** A turn is over. */
  turned(): void;
}
