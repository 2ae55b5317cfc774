import { alertDescriptions, alertName, alertOf, type AlertName } from '../errors/alerts.ts';
import { citeOlder } from '../errors/older-sections.ts';
import { InternalError, TlsError } from '../errors/tls-error.ts';
import type { Limits } from '../limits.ts';
import { dropped, limited } from '../record/fragmenter.ts';
import { asTlsError, type RunnerSetup } from '../machine/runner.ts';
import type { TrafficKeys } from '../machine/step.ts';
import type { Decision, DecisionKind, DecisionMap } from '../values/decisions.ts';
import type { RecordKeys } from '../values/record-keys.ts';
import { copyOf, totalLength } from '../wire/bytes.ts';
import type { ReceivedRecord, ReceivingHalf, SendingHalf } from './halves.ts';
import { Commands } from './commands.ts';
import { locateAtHand } from '../interpret/locate.ts';
import { OffloadedReceiving, OffloadedSending, unsettled } from './offload.ts';
import type { TraceEvent } from '../interpret/outputs.ts';
import { Guard } from '../interpret/guard.ts';
import { OutputQueue, type Output } from './outputs.ts';
import { RecordInterpreter } from './record-interpreter.ts';
import type { RecordInterpreterOptions, RecordSink } from './record-sink.ts';
import { ReceivePath } from './receive-path.ts';
import { SendPath } from './send-path.ts';

/**
 * TLS over a byte stream: the record interpreter with protection, framing and outputs around it.
 * Every input runs inside `guard`, the one place where a failure becomes an alert and an output.
 */
export class StreamInterpreter implements RecordSink {
  readonly outputs = new OutputQueue();
  readonly records: RecordInterpreter;
  readonly commands: Commands;
  readonly #streamSend: SendPath;
  readonly #streamReceive: ReceivePath;
  #send: SendingHalf;
  #receive: ReceivingHalf<never>;
  /** Takes the place of the stream after `detach`. */
  #offloaded: OffloadedReceiving | undefined;
  readonly #limits: Limits;
  readonly #trace: boolean;
  readonly #keepsEvidence: boolean;
  #phase: 'open' | 'closing' | 'done' = 'open';
  /** The transport ended while a decision held the input back. */
  #endIsHeld = false;
  #inputEnded = false;
  readonly #guard = new Guard();

  constructor(options: RecordInterpreterOptions, setup: RunnerSetup) {
    this.#trace = options.trace;
    this.#keepsEvidence = options.errorEvidence;
    this.#limits = options.limits;
    this.#send = this.#streamSend = new SendPath(this.outputs, options);
    this.#receive = this.#streamReceive = new ReceivePath(this.outputs, options);
    this.records = new RecordInterpreter(this, options, setup);
    this.commands = new Commands(this, options.requestKeyUpdates);
  }

  get isDone(): boolean {
    return this.#phase === 'done';
  }

  get wantsInput(): boolean {
    return this.#phase !== 'done' && this.canHear && !this.records.runner.isHeld;
  }

  /** Whether the peer may still say something: neither it nor the transport has ended. */
  get canHear(): boolean {
    return !this.#inputEnded && !this.records.peerClosed;
  }

  get isClosing(): boolean {
    return this.#phase === 'closing';
  }

  /** Whether application data may leave now. */
  get canSend(): boolean {
    return this.#phase === 'open' && this.records.writable;
  }

  /** Runs one input; whatever it throws ends the connection, never the caller. */
  guard(run: () => void): void {
    if (this.#phase === 'done') return;
    this.#guard.run(run, this.#failed);
  }

  readonly #failed = (thrown: unknown): void => {
    const error = asTlsError(thrown);
    // An error that escapes is about the message or record at hand, if there is one.
    locateAtHand(error, this.records.messageAtHand, this.#receive.recordAtHand, this.#keepsEvidence);
    if (this.records.isOlder) citeOlder(error);
    this.fail(error);
  };

  refuseReentry(): void {
    this.#guard.refuseReentry();
  }

  receive(chunk: Uint8Array, nowMs: number): void {
    this.#take(this.#streamReceive, chunk, nowMs);
  }

  /** A record that was opened elsewhere; after `detach`. */
  receiveRecord(record: ReceivedRecord, nowMs: number): void {
    if (this.#offloaded === undefined)
      throw new InternalError('a record for a connection that opens its own');
    this.#take(this.#offloaded, record, nowMs);
  }

  #take<Input>(half: ReceivingHalf<Input>, input: Input, nowMs: number): void {
    this.guard(() => {
      this.records.runner.tick(nowMs);
      if (this.records.peerClosed || this.#inputEnded) return;
      if (this.records.runner.isHeld) {
        half.hold(input);
        return;
      }
      half.offer(input);
      this.#read();
    });
  }

  /** The transport has ended: nothing more can arrive. */
  receiveEnd(nowMs: number): void {
    this.guard(() => {
      this.records.runner.tick(nowMs);
      if (this.#inputEnded) return;
      this.#inputEnded = true;
      if (this.records.runner.isHeld) this.#endIsHeld = true;
      else this.#transportEnded();
    });
  }

  answer(decision: Decision, reply: DecisionMap[DecisionKind]['reply'], nowMs: number): boolean {
    if (this.#phase === 'done') return false;
    this.refuseReentry();
    if (!this.records.runner.acceptsAnswer(decision, reply)) return false;
    this.guard(() => {
      this.records.runner.tick(nowMs);
      const { kind, id } = decision;
      this.trace({ what: 'decision', kind, id, answer: 'given' });
      this.records.runner.reply(decision, reply);
      this.#read();
      if (this.#endIsHeld && !this.records.runner.isHeld && !this.isDone) {
        this.#endIsHeld = false;
        this.#transportEnded();
      }
    });
    return true;
  }

  /** Seals application data; 0 while nothing may leave. Keys are updated where their limit asks for it. */
  data(pieces: readonly Uint8Array[]): number {
    let taken = 0;
    this.guard(() => {
      const { early } = this.records;
      const wanted = Math.min(totalLength(pieces), early.sendableBytes ?? Number.POSITIVE_INFINITY);
      let rest = wanted < totalLength(pieces) ? limited(pieces, wanted) : pieces;
      while (taken < wanted && this.canSend) {
        this.commands.answerKeyUpdate();
        if (this.#send.limitReached) this.commands.replaceWornKeys();
        const now = this.#send.data(rest);
        taken += now;
        early.sent(now);
        if (taken < wanted) rest = dropped(rest, now);
      }
    });
    return taken;
  }

  get maxFragmentBytes(): number {
    return this.#send.maxFragmentBytes;
  }

  set maxFragmentBytes(bytes: number) {
    this.#send.maxFragmentBytes = bytes;
  }

  /** What keeps the connection from being detached; `undefined`: nothing. */
  get undetachable(): string | undefined {
    if (this.#phase === 'done') return `it is not connected (${this.records.runner.position})`;
    if (this.#phase === 'closing') return 'it is being closed';
    if (this.#inputEnded) return 'the peer has closed its side';
    if (!this.outputs.isEmpty) return 'outputs wait: poll until undefined';
    return unsettled(this.records);
  }

  /** From now on records are sealed and opened elsewhere; the caller has looked at `undetachable`. */
  detach(): { readonly tail: Uint8Array; readonly read: RecordKeys; readonly write: RecordKeys } {
    // In versions that renegotiate: the peer is told no from now on.
    this.records.runner.command({ name: 'detach' });
    const detached = {
      tail: this.#streamReceive.takeTail(),
      read: this.#streamReceive.recordKeys(),
      write: this.#streamSend.recordKeys(),
    };
    this.#send = new OffloadedSending(this.outputs, detached.write, this.#streamSend.contentLimit);
    this.#streamReceive.clear();
    this.#streamSend.wipe();
    this.#offloaded = new OffloadedReceiving(this.outputs, this.#limits, detached.read.maxInnerBytes);
    this.#receive = this.#offloaded;
    this.guard(() => this.commands.answerKeyUpdate());
    return detached;
  }

  /** Our side of an orderly close; during the handshake it ends the connection. */
  close(): void {
    if (this.#phase !== 'open') return;
    this.guard(() => {
      if (!this.records.isConnected) {
        this.#cancelDecisions();
        this.#cancelHandshake();
        this.#finish({ type: 'closed' });
        return;
      }
      this.#phase = 'closing';
      // Input that waited for an answer is never read, and half a handshake goes no further: the peer's end would not be seen.
      const isInterrupted = this.records.runner.isHeld || this.records.renegotiation === 'underway';
      this.#cancelDecisions();
      this.#alert(warningLevel, 'close_notify');
      if (isInterrupted) this.#finish({ type: 'closed' });
      else this.#closedIfBoth();
    });
  }

  /** The application gives up. */
  abort(reason: TlsError): void {
    if (this.#phase === 'done') return;
    this.refuseReentry();
    this.fail(reason);
  }

  fail(error: TlsError): void {
    if (this.#phase === 'done') return;
    this.#cancelDecisions();
    const sentByPeer = error.code === 'received.alert';
    const alert = sentByPeer ? 'none' : alertOf(error, this.records.isLegacy);
    // After our close_notify nothing more may leave (RFC 9846 §6.1).
    const mayAlert = alert !== 'none' && this.#phase === 'open';
    // RFC 9846 §6.1: a handshake given up is canceled, not failed. Later the same would look like an orderly end.
    const isCanceled =
      error.code === 'local.aborted' && error.alert === undefined && !this.records.isConnected;
    const hasAlerted =
      mayAlert &&
      this.#attempt(() => (isCanceled ? this.#cancelHandshake() : this.#alert(fatalLevel, alert)));
    const sent = isCanceled ? 'user_canceled' : alert;
    if (sentByPeer || (hasAlerted && !isCanceled)) this.records.liveSessions.invalidate();
    this.#finish({
      type: 'failed',
      error,
      alert: sentByPeer ? alertName(error.receivedAlert ?? -1) : hasAlerted ? sent : undefined,
      sentBy: sentByPeer ? 'peer' : hasAlerted ? 'us' : 'nobody',
    });
  }

  /** Whether an alert could be sent: if a provider that can no longer seal is why we fail, the end must come all the same. */
  #attempt(send: () => void): boolean {
    try {
      send();
      return true;
    } catch {
      return false;
    }
  }

  // ------------------------------------------------------------------------------------ RecordSink

  handshake(messages: readonly Uint8Array[]): void {
    for (const raw of this.#trace ? messages : []) {
      this.trace({ what: 'handshake', direction: 'sent', raw: copyOf(raw) });
    }
    this.#send.handshake(messages);
  }

  changeCipherSpec(): void {
    this.trace({ what: 'changeCipherSpec', direction: 'sent' });
    this.#send.changeCipherSpec();
  }

  installWriteKeys(keys: TrafficKeys): void {
    this.#send.installKeys(keys);
    this.#traceKeys('write', keys);
  }

  dropWriteKeys(): void {
    this.#send.dropKeys();
  }

  skipEarlyData(limitBytes: number): void {
    this.#receive.skipEarlyData(limitBytes);
  }

  installReadKeys(keys: TrafficKeys): void {
    this.#receive.installKeys(keys);
    this.commands.peerChangedKeys();
    this.#traceKeys('read', keys);
  }

  selectVersion(recordVersion: number, isLegacy: boolean): void {
    this.#send.selectVersion(recordVersion);
    if (isLegacy) this.#receive.requireVersion(recordVersion);
  }

  limitSentRecords(innerBytes: number, isImmediate: boolean): void {
    this.#send.limitRecords(innerBytes, isImmediate);
  }

  limitReceivedRecords(innerBytes: number, section: string, isImmediate: boolean): void {
    this.#receive.limitRecords(innerBytes, section, isImmediate);
  }

  warn(alert: AlertName): void {
    this.#alert(warningLevel, alert);
  }

  output(output: Output): void {
    this.outputs.push(output);
  }

  trace(event: TraceEvent): void {
    if (this.#trace) this.output({ type: 'trace', event });
  }

  // ------------------------------------------------------------------------------------ inside

  #read(): void {
    const { runner } = this.records;
    // Messages that were whole before a decision stopped them come before any new record.
    this.records.resume(runner.nowMs);
    while (!runner.isHeld && !this.records.peerClosed) {
      const record = this.#receive.next();
      if (record === undefined) break;
      this.records.receiveRecord(record, runner.nowMs);
      if (this.#receive.limitReached) this.commands.askForKeys();
      // Whoever seals elsewhere sends data without telling us: what is owed before the next data is paid at once.
      if (this.#offloaded !== undefined) this.commands.answerKeyUpdate();
    }
    if (this.records.peerClosed) {
      // RFC 9846 §6.1: what follows a close_notify is ignored.
      this.#receive.clear();
      this.#closedIfBoth();
    } else {
      this.#receive.keepRest(runner.isHeld);
    }
  }

  #traceKeys(direction: 'read' | 'write', { epoch }: TrafficKeys): void {
    this.trace({ what: 'keys', direction, epoch });
  }

  #transportEnded(): void {
    if (this.records.peerClosed) return;
    if (!this.records.isConnected) {
      throw new TlsError(
        'peer.closedDuringHandshake',
        `the transport ended before the handshake was complete, in ${this.records.runner.position}`,
        {
          section: 'RFC 9846 §6.1',
        },
      );
    }
    this.records.peerEnded('truncated');
    this.#closedIfBoth();
  }

  #closedIfBoth(): void {
    if (this.#phase === 'closing' && (this.records.peerClosed || this.#inputEnded))
      this.#finish({ type: 'closed' });
  }

  #alert(level: number, name: keyof typeof alertDescriptions): void {
    const code = alertDescriptions[name];
    this.trace({ what: 'alert', direction: 'sent', level, description: name, code });
    this.#send.alert(level, code);
  }

  /** RFC 9846 §6.1: user_canceled says why, close_notify must follow it. */
  #cancelHandshake(): void {
    this.#alert(warningLevel, 'user_canceled');
    this.#alert(warningLevel, 'close_notify');
  }

  #cancelDecisions(): void {
    for (const decision of this.records.runner.cancel()) this.output({ type: 'decisionCancelled', decision });
  }

  #finish(last: Extract<Output, { type: 'closed' | 'failed' }>): void {
    this.#phase = 'done';
    this.output(last);
    this.#send.wipe();
    this.#receive.clear();
    this.records.clear(last.type === 'failed');
  }
}

const warningLevel = 1;
const fatalLevel = 2;
