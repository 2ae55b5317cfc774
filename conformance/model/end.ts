import { ApiMisuseError, type Connection, type Decision, type Facts, type Output } from '@sealwire/core';
import { type History, type Recording, type SentRecord, type Side, TappedEnd } from '@sealwire/testkit';
import { isDeepStrictEqual } from 'node:util';
import { nodeProvider } from '../properties/scenarios.ts';
import { type Driven, Reattached } from './reattached.ts';

/** One end of a random walk: a connection, what it has said so far, and what must always be true of it. */
export class End {
  readonly side: Side;
  readonly recording: Recording;
  readonly tap: TappedEnd;
  readonly outputs: Output[] = [];
  /** Questions that are open, by id. */
  readonly pending = new Map<number, Decision>();
  /** Questions that were answered or withdrawn. */
  readonly settled: Decision[] = [];
  readonly data: Uint8Array[] = [];
  /** How many bytes of it came as 0-RTT data. */
  earlyBytes = 0;
  /** Client: it may send 0-RTT data, and how much it may in all. */
  earlyLimit: number | undefined;
  earlyRejected = false;
  /** Server: requests for a certificate after the handshake that were made, and those that were answered. */
  readonly requests = new Set<number>();
  readonly answeredRequests = new Set<number>();
  /** How many times it has said `connected`. */
  handshakes = 0;
  hasStarted = false;
  isConnected = false;
  isWritable = false;
  /** Another handshake is under way (RFC 5246 §7.4.1.1), or was asked for by us and has not been answered. */
  isRenegotiating = false;
  hasAskedAgain = false;
  hasClosed = false;
  hasGivenUpInput = false;
  peerClosed = false;
  inputEnded = false;
  ended: Extract<Output, { type: 'closed' | 'failed' }> | undefined;
  #facts: Facts;
  #reattached: Reattached | undefined;
  /** Up to its detachment. */
  #history: History | undefined;

  constructor(side: Side, recording: Recording) {
    this.side = side;
    this.recording = recording;
    this.tap = new TappedEnd(side, recording.connection, nodeProvider);
    this.#facts = recording.connection.facts;
  }

  get connection(): Driven {
    return this.#reattached ?? this.recording.connection;
  }

  /** What was done to the connection, and came of it. */
  get history(): History {
    return this.#history ?? this.recording.history();
  }

  get isDetached(): boolean {
    return this.#reattached !== undefined;
  }

  /** Whether an application may detach it, everything polled. */
  get isDetachable(): boolean {
    const isOpen = this.isConnected && this.ended === undefined && !this.hasClosed;
    if (this.isRenegotiating || this.hasAskedAgain) return false;
    return isOpen && !this.peerClosed && !this.inputEnded && this.pending.size === 0;
  }

  /** Hands its records over to an offloader. What comes after that is in no history: those are of connections. */
  detach(maxSendFragment: number): void {
    const { connection } = this.recording;
    this.#history = this.recording.history();
    const { detach } = Object.getPrototypeOf(connection) as Pick<Connection, 'detach'>;
    this.#reattached = new Reattached(connection, detach.call(connection), maxSendFragment);
  }

  get received(): Uint8Array {
    return Buffer.concat(this.data);
  }

  get isHeld(): boolean {
    return [...this.pending.values()].some(({ holds }) => holds === 'input');
  }

  /** Polls everything; the records that are to be sent, opened. */
  drain(): SentRecord[] {
    const sent: SentRecord[] = [];
    for (let output = this.connection.poll(); output !== undefined; output = this.connection.poll()) {
      if (this.ended !== undefined) this.#refuse(`says ${output.type} after ${this.ended.type}`);
      this.outputs.push(output);
      sent.push(...this.tap.note(output));
      this.#take(output);
    }
    this.#checkDrained();
    return sent;
  }

  /** Calls a method that may not throw. */
  call<T>(name: string, run: (connection: Driven) => T): T {
    try {
      return run(this.connection);
    } catch (cause) {
      throw new Error(`${this.side}: ${name} threw ${String(cause)}`, { cause });
    } finally {
      this.check();
    }
  }

  /** Calls a method wrongly: it must say so, and nothing may come of it. */
  misuse(name: string, run: (connection: Driven) => unknown): void {
    const before = this.connection.facts;
    let thrown: unknown;
    try {
      run(this.connection);
    } catch (error) {
      thrown = error;
    }
    if (!(thrown instanceof ApiMisuseError))
      this.#refuse(`${name} gave ${String(thrown)}, not ApiMisuseError`);
    if (!isDeepStrictEqual(this.connection.facts, before)) this.#refuse(`${name} changed the facts`);
    this.check();
  }

  /** What holds at any time, drained or not. */
  check(): void {
    const { facts } = this.connection;
    const isAnother = this.#facts.handshakes > 0 && facts.handshakes > this.#facts.handshakes;
    if (!Object.isFrozen(facts)) this.#refuse('gives facts that can be changed');
    for (const [name, value] of Object.entries(this.#facts)) {
      const now = facts[name as keyof Facts];
      if (typeof value === 'number' && counters.has(name)) {
        if (!((now as number) >= value)) this.#refuse(`takes ${name} back from ${value} to ${String(now)}`);
      } else if (isAnother && !ofConnection.has(name)) {
      } else if (!isDeepStrictEqual(now, value) && !(this.isConnected && ofAuthentication.has(name))) {
        this.#refuse(`changes its mind about ${name}`);
      }
    }
    this.#facts = facts;
  }

  #take(output: Output): void {
    switch (output.type) {
      case 'connected':
        this.isConnected = true;
        this.isRenegotiating = this.hasAskedAgain = false;
        this.handshakes++;
        if (this.connection.facts.handshakes < this.handshakes)
          this.#refuse('is connected without a handshake');
        return;
      case 'renegotiating':
        if (!this.isConnected || this.isRenegotiating) this.#refuse('renegotiates at the wrong time');
        if ((this.connection.facts.version ?? 0) >= 0x0304) this.#refuse('renegotiates TLS 1.3');
        this.isRenegotiating = true;
        this.isWritable = false;
        return;
      case 'renegotiationRefused':
        if (!this.hasAskedAgain) this.#refuse('hears no to a renegotiation that it has not asked for');
        this.isRenegotiating = this.hasAskedAgain = false;
        return;
      case 'writable':
        if (output.as === 'early') this.earlyLimit = output.limitBytes;
        else {
          this.isWritable = true;
          // Done, or refused by us.
          this.isRenegotiating = false;
        }
        return;
      case 'earlyDataRejected':
        if (this.earlyLimit === undefined || this.earlyRejected || this.isWritable)
          this.#refuse('hears that 0-RTT data is lost at the wrong time');
        this.earlyRejected = true;
        return;
      case 'session':
        if (this.side === 'server') this.#refuse('is given a session');
        return;
      case 'clientAuthentication':
        if (!this.requests.has(output.id))
          this.#refuse(`hears an answer to request ${output.id}, never made`);
        if (this.answeredRequests.has(output.id)) this.#refuse(`hears two answers to request ${output.id}`);
        this.answeredRequests.add(output.id);
        return;
      case 'data':
        if (!this.isConnected && !output.early) this.#refuse('delivers data before it is connected');
        if (output.early) this.#takeEarly(output.bytes);
        if (this.peerClosed) this.#refuse('delivers data after the end of the peer');
        this.data.push(output.bytes);
        return;
      case 'decision':
        if (
          this.pending.has(output.decision.id) ||
          this.settled.some(({ id }) => id === output.decision.id)
        ) {
          this.#refuse(`asks question ${output.decision.id} twice`);
        }
        if (output.decision.holds === 'input' && this.isHeld)
          this.#refuse('asks two questions that hold the input');
        this.pending.set(output.decision.id, output.decision);
        return;
      case 'decisionCancelled':
        if (!this.pending.delete(output.decision.id)) this.#refuse('withdraws a question that is not open');
        this.settled.push(output.decision);
        // Who closes with such a question open gives up the input that waits for its answer.
        if (output.decision.holds === 'input') this.hasGivenUpInput = true;
        return;
      case 'peerClosed':
        if (this.peerClosed) this.#refuse('hears the end of the peer twice');
        this.peerClosed = true;
        return;
      case 'closed':
      case 'failed':
        this.ended = output;
        if (this.pending.size > 0) this.#refuse(`ends with ${this.pending.size} open questions`);
        return;
      default:
        return;
    }
  }

  #takeEarly({ length }: Uint8Array): void {
    if (this.side === 'client') this.#refuse('is given 0-RTT data');
    if (this.connection.facts.earlyData !== 'accepted')
      this.#refuse('delivers 0-RTT data that it has not taken');
    if (this.isConnected) this.#refuse('delivers 0-RTT data after the handshake');
    this.earlyBytes += length;
  }

  /** What holds when every output has been polled. */
  #checkDrained(): void {
    const wants = this.ended === undefined && !this.isHeld && !this.peerClosed && !this.inputEnded;
    if (this.connection.wantsInput !== wants) {
      this.#refuse(`wants input: ${this.connection.wantsInput}, should be ${wants}`);
    }
    this.check();
    if (this.ended === undefined) return;
    if (this.connection.send(new Uint8Array(1)) !== 0) this.#refuse('takes data after its end');
    if (this.connection.updateKeys({ requestPeer: true })) this.#refuse('updates keys after its end');
    if (this.connection.poll() !== undefined) this.#refuse('speaks after its end');
  }

  #refuse(what: string): never {
    throw new Error(`the ${this.side} ${what}`);
  }
}

/** Facts that another proof of who the peer or we are replaces, after the handshake. */
const ofAuthentication: ReadonlySet<string> = new Set([
  'certificateRequested',
  'ownChain',
  'ownSignatureScheme',
  'ownCertificateCompression',
  'peerSignatureScheme',
  'peerCertificateCompression',
  'peerEvidence',
  'peerVerdict',
]);

/** Facts that another handshake leaves as they are (RFC 9846 §4.3.1, RFC 7627 §3.5). */
const ofConnection: ReadonlySet<string> = new Set(['role', 'version', 'extendedMainSecret', 'alpnProtocol']);

/** Facts that count, and may grow. */
const counters: ReadonlySet<string> = new Set(['handshakes', 'keyUpdatesReceived', 'keyUpdatesSent']);
