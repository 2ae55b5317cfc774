import {
  ApiMisuseError,
  type Connection,
  type ControlOutput,
  type DetachedConnection,
  type Output,
  type RecordKeys,
  TlsError,
} from '@sealwire/core';
import { openedBy, type RecordDirection, recordDirection, sealedBy } from '../offloader.ts';

/** What a walk does to a connection. */
export type Driven = Pick<
  Connection,
  | 'start'
  | 'receive'
  | 'receiveEnd'
  | 'answer'
  | 'send'
  | 'close'
  | 'abort'
  | 'updateKeys'
  | 'renegotiate'
  | 'requestClientAuth'
  | 'issueTickets'
  | 'maxSendFragment'
  | 'poll'
  | 'wantsInput'
  | 'facts'
  | 'exportKeyingMaterial'
>;

/**
 * A detached connection and its offloader together, which must be like the connection that it was: a walk goes on
 * with it and notices no difference, but that nothing begins any more that only the connection could begin.
 */
export class Reattached implements Driven {
  readonly #original: Driven;
  readonly #control: DetachedConnection['control'];
  readonly #queue: Output[] = [];
  #read: RecordDirection;
  #write: RecordDirection;
  #input: Buffer;
  #maxSendFragment: number;
  #mayRead = true;
  #maySend = true;
  #isOver = false;
  /** When the transport ended, as long as input before its end is unread. */
  #endedAtMs: number | undefined;

  constructor(original: Driven, { control, read, write, tail }: DetachedConnection, maxSendFragment: number) {
    this.#original = original;
    this.#control = control;
    this.#read = recordDirection(read);
    this.#write = recordDirection(write);
    this.#input = Buffer.from(tail);
    this.#maxSendFragment = maxSendFragment;
    this.#take();
  }

  start(now: number): void {
    this.#original.start(now);
  }

  receive(bytes: Uint8Array, now: number): void {
    // What is wrong with the arguments is for the control to say.
    if (!(bytes instanceof Uint8Array) || Number.isNaN(now)) {
      this.#control.receiveRecord(23, bytes, now);
      return;
    }
    this.#input = Buffer.concat([this.#input, bytes]);
    this.#feed(now);
  }

  receiveEnd(now: number): void {
    this.#endedAtMs ??= now;
    this.#feed(now);
  }

  answer(...args: Parameters<Connection['answer']>): boolean {
    const taken = this.#control.answer(...args);
    this.#take();
    this.#feed(args[2]);
    return taken;
  }

  send(data: Uint8Array | readonly Uint8Array[]): number {
    if (!(data instanceof Uint8Array)) throw new ApiMisuseError('a walk sends bytes');
    this.#take();
    if (!this.#maySend) return 0;
    const most = Math.min(this.#write.keys.maxInnerBytes - 1, this.#maxSendFragment);
    for (let at = 0; at < data.length; at += most) this.#seal(23, data.subarray(at, at + most));
    return data.length;
  }

  close(): void {
    this.#control.close();
    this.#maySend = false;
    this.#take();
  }

  abort(error?: TlsError | string): void {
    this.#control.abort(error);
    this.#take();
  }

  renegotiate(): boolean {
    throw new ApiMisuseError('a detached connection has no renegotiation');
  }

  updateKeys(options: { readonly requestPeer: boolean }): boolean {
    const obeyed = this.#control.updateKeys(options);
    this.#take();
    return obeyed;
  }

  requestClientAuth(): undefined {
    return undefined;
  }

  issueTickets(): boolean {
    return false;
  }

  get maxSendFragment(): number {
    return this.#maxSendFragment;
  }

  set maxSendFragment(bytes: number) {
    if (bytes < 512) throw new ApiMisuseError('a record that small');
    this.#maxSendFragment = bytes;
  }

  poll(): Output | undefined {
    this.#take();
    return this.#queue.shift();
  }

  get wantsInput(): boolean {
    return this.#control.wantsInput;
  }

  get facts(): Connection['facts'] {
    return this.#control.facts;
  }

  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    return this.#control.exportKeyingMaterial(label, context, length);
  }

  /** Record by record, the outputs of each done before the next is opened, and none while a question is open. */
  #feed(now: number): void {
    while (this.#mayRead && !this.#isOver && this.#control.wantsInput && this.#input.length >= 5) {
      const length = this.#input.readUInt16BE(3);
      if (length > 16_384 + 256) {
        this.#refuse('peer.recordTooLarge');
        return;
      }
      if (this.#input.length < 5 + length) break;
      const record = this.#input.subarray(0, 5 + length);
      this.#input = this.#input.subarray(5 + length);
      const opened = openedBy(this.#read, record);
      if (opened === undefined) {
        this.#refuse('peer.recordAuthenticationFailed');
        return;
      }
      this.#control.receiveRecord(opened.type, opened.content, now);
      this.#take();
    }
    if (this.#endedAtMs === undefined || !(this.#control.wantsInput || this.#isOver || !this.#mayRead))
      return;
    this.#control.receiveEnd(this.#endedAtMs);
    this.#take();
  }

  #refuse(code: 'peer.recordTooLarge' | 'peer.recordAuthenticationFailed'): void {
    this.#mayRead = false;
    this.#control.abort(
      new TlsError(code, 'the offloader cannot open a record', { section: 'RFC 9846 §5.2' }),
    );
    this.#take();
  }

  #take(): void {
    for (let output = this.#control.poll(); output !== undefined; output = this.#control.poll()) {
      this.#do(output);
    }
  }

  #do(output: ControlOutput): void {
    switch (output.type) {
      case 'record':
        this.#seal(output.contentType, output.content);
        return;
      case 'keys':
        this.#rekey(output.direction, output.keys);
        return;
      case 'closed':
      case 'failed':
        this.#isOver = true;
        this.#maySend = false;
        this.#queue.push(output);
        return;
      default:
        this.#queue.push(output);
    }
  }

  #rekey(direction: 'read' | 'write', keys: RecordKeys): void {
    if (direction === 'read') this.#read = recordDirection(keys);
    else this.#write = recordDirection(keys);
  }

  #seal(type: number, content: Uint8Array): void {
    this.#queue.push({ type: 'transmit', pieces: [sealedBy(this.#write, type, content)] });
  }
}
