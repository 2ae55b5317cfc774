import { ApiMisuseError, type TlsError } from '../errors/tls-error.ts';
import type { Decision, DecisionMap } from '../values/decisions.ts';
import type { Facts } from '../values/facts.ts';
import type { RecordKeys } from '../values/record-keys.ts';
import {
  abortReason,
  channelBindingOf,
  checkTime,
  exported,
  requestPeerOf,
  type ChannelBindingType,
} from '../interpret/calls.ts';
import type { ControlOutput } from './outputs.ts';
import type { StreamInterpreter } from './stream-interpreter.ts';

/** What `Connection.detach` hands out. Whoever has it has the connection. */
export interface DetachedConnection {
  /** Input that was not read: the beginning of the next record. What arrives from now on follows it. */
  readonly tail: Uint8Array;
  /** Open what the peer sends with these. */
  readonly read: RecordKeys;
  /** Seal what is sent with these. */
  readonly write: RecordKeys;
  readonly control: DetachedControl;
}

/**
 * The protocol of a detached connection: the same machine, for which somebody else seals and opens records (a kernel,
 * a network card, another thread).
 *
 * Every opened record goes to `receiveRecord`, in order, and its outputs are done before the next one is opened,
 * because the keys may change between two records. `record` outputs are sealed and sent in their order, before what
 * is sealed after them. Application data to be sent is the offloader's own business; before a key has sealed
 * `updateAfterRecords` records it calls `updateKeys`. The drain rule of `Connection` holds here as well.
 */
export class DetachedControl {
  readonly #stream: StreamInterpreter;

  /** Made by `Connection.detach`. */
  constructor(stream: StreamInterpreter) {
    this.#stream = stream;
  }

  /**
   * A record of the peer that was opened: its content type from inside the protection, and its content without
   * padding. Application data comes out as `data` with the same bytes; nothing else of `content` is kept. Application
   * data that is not passed on here is no progress that limits of floods know of.
   */
  receiveRecord(contentType: number, content: Uint8Array, now: number): void {
    checkTime('receiveRecord', now);
    if (!Number.isInteger(contentType) || contentType < 0 || contentType > 255) {
      throw new ApiMisuseError(`receiveRecord expects a content type from 0 to 255, got ${contentType}`);
    }
    if (!(content instanceof Uint8Array)) throw new ApiMisuseError('receiveRecord expects a Uint8Array');
    this.#stream.receiveRecord({ type: contentType, content, wasProtected: true }, now);
  }

  /** As `Connection.receiveEnd`. */
  receiveEnd(now: number): void {
    checkTime('receiveEnd', now);
    this.#stream.receiveEnd(now);
  }

  /** As `Connection.answer`. */
  answer<D extends Decision>(decision: D, reply: DecisionMap[D['kind']]['reply'], now: number): boolean {
    checkTime('answer', now);
    return this.#stream.answer(decision, reply, now);
  }

  /** As `Connection.updateKeys`: a `record` that holds the KeyUpdate comes out, then `keys`. */
  updateKeys(options: { readonly requestPeer: boolean }): boolean {
    return this.#stream.commands.updateKeys(requestPeerOf(options));
  }

  /** As `Connection.close`: a `record` that holds close_notify comes out; no data may be sealed after it. */
  close(): void {
    this.#stream.close();
  }

  /** As `Connection.abort`. A record that cannot be opened is a reason to: `peer.recordAuthenticationFailed`. */
  abort(error: TlsError | string = 'aborted by the application'): void {
    this.#stream.abort(abortReason(error));
  }

  /** The next output, or `undefined` when there is none. */
  poll(): ControlOutput | undefined {
    // What is transmitted left before `detach`, which wanted all outputs taken.
    return this.#stream.outputs.poll() as ControlOutput | undefined;
  }

  /** False while a decision is pending and after the peer's end. */
  get wantsInput(): boolean {
    return this.#stream.wantsInput;
  }

  /** As `Connection.facts`. */
  get facts(): Facts {
    return this.#stream.records.facts.snapshot;
  }

  /** As `Connection.exportKeyingMaterial`. */
  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    return exported(this.#stream.records.exporters.main, label, context, length);
  }

  /** As `Connection.channelBinding`. */
  channelBinding(type: ChannelBindingType): Uint8Array {
    return channelBindingOf(this.#stream.records.exporters, type);
  }
}
