import type { Transcript } from '../transcript/transcript.ts';
import type { Effect } from './step.ts';

/**
 * An outgoing flight as an immutable value: appending encodes into the transcript and into the list of effects at
 * once, so that nothing is sent that was not hashed. A state may hold an unfinished flight, because the question
 * for a signature falls in the middle of one; bytes leave only with `finish`.
 */
export class Flight {
  /** The transcript up to and with the last message appended. */
  readonly transcript: Transcript;
  readonly #effects: readonly Effect[];
  /** Messages of the present key epoch, not yet an effect; they leave coalesced. */
  readonly #messages: readonly Uint8Array[];

  private constructor(transcript: Transcript, effects: readonly Effect[], messages: readonly Uint8Array[]) {
    this.transcript = transcript;
    this.#effects = effects;
    this.#messages = messages;
  }

  static after(transcript: Transcript): Flight {
    return new Flight(transcript, [], []);
  }

  /** A handshake message with its header; `transcriptBytes` where other bytes are hashed than sent. */
  append(message: Uint8Array, transcriptBytes: Uint8Array = message): Flight {
    return new Flight(this.transcript.append(transcriptBytes), this.#effects, [...this.#messages, message]);
  }

  /** Effects between two messages: a key change, a change_cipher_spec. */
  doing(...effects: readonly Effect[]): Flight {
    return new Flight(this.transcript, [...this.#closed(), ...effects], []);
  }

  finish(): readonly Effect[] {
    return [...this.#closed(), { do: 'setTranscript', transcript: this.transcript }];
  }

  #closed(): readonly Effect[] {
    return this.#messages.length === 0
      ? this.#effects
      : [...this.#effects, { do: 'send', messages: this.#messages }];
  }
}
