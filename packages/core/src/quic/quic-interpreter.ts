import { InternalError, type TlsError } from '../errors/tls-error.ts';
import { FloodGuard, isCountedElsewhere } from '../interpret/flood-guard.ts';
import { Guard } from '../interpret/guard.ts';
import { HandshakeEffects, type HandshakeEffectsOptions } from '../interpret/handshake-effects.ts';
import { locateAtHand } from '../interpret/locate.ts';
import type { TraceEvent } from '../interpret/outputs.ts';
import type { Limits } from '../limits.ts';
import { asTlsError, Runner, type RunnerSetup } from '../machine/runner.ts';
import type { Effect, TrafficKeys } from '../machine/step.ts';
import type { HandshakeEnvelope } from '../messages/envelope.ts';
import { handshakeTypes } from '../registry/handshake-types.ts';
import { registryName } from '../registry/registered.ts';
import type { Decision, DecisionKind, DecisionMap } from '../values/decisions.ts';
import { concat, copyOf } from '../wire/bytes.ts';
import { CryptoInput } from './crypto-input.ts';
import { alertOfError, quicErrorCode } from './error-code.ts';
import type { QuicLevel, QuicOutput } from './outputs.ts';

export interface QuicInterpreterOptions extends HandshakeEffectsOptions {
  readonly limits: Limits;
  readonly errorEvidence: boolean;
}

/** TLS for QUIC: the machines of TLS 1.3, with bytes and secrets of encryption levels in the place of records. */
export class QuicInterpreter {
  readonly runner: Runner;
  readonly effects: HandshakeEffects;
  readonly #options: QuicInterpreterOptions;
  readonly #input: CryptoInput;
  readonly #flood: FloodGuard;
  readonly #guard = new Guard();
  #outputs: QuicOutput[] = [];
  #writeLevel: QuicLevel = 'initial';
  /** Levels that were said to be over, or that there will be none of. */
  readonly #discarded = new Set<QuicLevel>();
  #hasEarlyKeys = false;
  #isDone = false;
  /** The message that is being handled. */
  #message: HandshakeEnvelope | undefined;

  constructor(options: QuicInterpreterOptions, setup: RunnerSetup) {
    this.#options = options;
    this.#input = new CryptoInput(options.limits);
    this.#flood = new FloodGuard(options.limits);
    this.effects = new HandshakeEffects(options, (output) => this.#say(output));
    this.runner = new Runner(
      {
        apply: (effect) => this.#apply(effect),
        ask: (decision) => this.effects.ask(decision),
        answerInline: (decision) => this.effects.answerInline(decision),
        boundary: () => this.#input.boundary(),
        endFlight: (section) => this.#input.endFlight(section),
      },
      setup,
    );
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  poll(): QuicOutput | undefined {
    return this.#outputs.shift();
  }

  start(nowMs: number): void {
    this.guard(() => {
      this.runner.tick(nowMs);
      this.effects.facts.add({ startedAtMs: nowMs });
      this.runner.command({ name: 'start' });
    });
  }

  receive(level: QuicLevel, bytes: Uint8Array, nowMs: number): void {
    this.guard(() => {
      this.runner.tick(nowMs);
      if (this.runner.isHeld) {
        this.#input.hold(level, bytes);
        return;
      }
      this.#input.push(level, bytes);
      this.#read();
    });
  }

  answer(decision: Decision, reply: DecisionMap[DecisionKind]['reply'], nowMs: number): boolean {
    if (this.#isDone) return false;
    this.#guard.refuseReentry();
    if (!this.runner.acceptsAnswer(decision, reply)) return false;
    this.guard(() => {
      this.runner.tick(nowMs);
      this.effects.traceDecision(decision, 'given');
      this.runner.reply(decision, reply);
      this.#read();
    });
    return true;
  }

  issueTickets(count: number, nowMs: number): boolean {
    let obeyed = false;
    this.guard(() => {
      this.runner.tick(nowMs);
      obeyed = this.runner.command({ name: 'issueTickets', count });
    });
    return obeyed;
  }

  /** Application data has arrived: what may not go on for ever without it may go on. */
  progressed(): void {
    if (!this.#isDone) this.#flood.applicationData(1);
  }

  /** It ends for reasons that TLS does not know. */
  close(): void {
    if (this.#isDone) return;
    this.#guard.refuseReentry();
    this.#cancelDecisions();
    this.#finish({ type: 'closed' });
  }

  abort(error: TlsError): void {
    if (this.#isDone) return;
    this.#guard.refuseReentry();
    this.#fail(error);
  }

  /** Runs one input; whatever it throws ends the connection, never the caller. */
  guard(run: () => void): void {
    if (this.#isDone) return;
    this.#guard.run(run, (thrown) => {
      const error = asTlsError(thrown);
      const message = this.#message;
      const atHand = message && { name: registryName(handshakeTypes, message.type), raw: message.raw };
      locateAtHand(error, atHand, undefined, this.#options.errorEvidence);
      this.#fail(error);
    });
  }

  #read(): void {
    do {
      while (!this.runner.isHeld) {
        const envelope = this.#input.next();
        if (envelope === undefined) break;
        this.#handle(envelope);
      }
    } while (!this.runner.isHeld && this.#input.pushHeld());
  }

  #handle(envelope: HandshakeEnvelope): void {
    if (this.runner.row.transcribed === false && !isCountedElsewhere(envelope.type))
      this.#flood.postHandshakeMessage();
    this.#trace({ what: 'handshake', direction: 'received', raw: envelope.raw });
    // Whoever sends Handshake bytes has no more Initial ones (RFC 9001 §4.9.1).
    if (this.#options.role === 'server' && this.#input.level === 'handshake') this.#discard('initial');
    this.#message = envelope;
    this.runner.message(envelope, this.runner.nowMs);
    this.#message = undefined;
  }

  #apply(effect: Effect): void {
    if (this.effects.apply(effect)) {
      if (effect.do === 'rejectEarlyData') this.#discardEarly();
      if (effect.do === 'connected') this.#connected();
      return;
    }
    switch (effect.do) {
      case 'send':
        this.#send(effect.messages);
        return;
      case 'installWriteKeys':
        this.#keys('write', effect.keys);
        if (effect.keys.epoch === 'early') this.#hasEarlyKeys = true;
        else this.#writeLevel = effect.keys.epoch;
        if (effect.keys.epoch === 'application') this.#discardEarly();
        return;
      case 'installReadKeys':
        this.#keys('read', effect.keys);
        if (effect.keys.epoch !== 'early') this.#input.moveTo(effect.keys.epoch);
        return;
      case 'selectVersion':
        if (effect.isLegacy) throw new InternalError('a version before TLS 1.3 was selected in QUIC');
        return;
      case 'limitSentRecords':
      case 'limitReceivedRecords':
      case 'writable':
      case 'dropWriteKeys':
      case 'acceptEarlyData':
      case 'skipEarlyData':
      case 'setTranscript':
        // Of records, or of the keys that they have; QUIC has packets, and knows by the keys what may be sent.
        return;
      case 'sendChangeCipherSpec':
      case 'countKeyUpdate':
      case 'oweKeyUpdate':
      case 'clientAuthentication':
      case 'warn':
      case 'requestRenegotiation':
      case 'beginRenegotiation':
      case 'abandonRenegotiation':
      case 'liveSession':
        throw new InternalError(`${effect.do} has no place in QUIC`);
    }
  }

  #send(messages: readonly Uint8Array[]): void {
    for (const raw of messages) this.#trace({ what: 'handshake', direction: 'sent', raw });
    this.#say({ type: 'crypto', level: this.#writeLevel, bytes: concat(messages) });
    if (this.#options.role === 'client' && this.#writeLevel === 'handshake') this.#discard('initial');
  }

  #keys(direction: 'read' | 'write', { epoch, cipherSuite, secret }: TrafficKeys): void {
    this.effects.secrets.remember(secret);
    this.#say({ type: 'keys', level: epoch, direction, cipherSuite, secret: copyOf(secret) });
    this.#trace({ what: 'keys', direction, epoch });
  }

  #connected(): void {
    this.effects.facts.countHandshake(this.runner.nowMs);
    this.#say({ type: 'connected' });
    // RFC 9001 §4.1.2: at the server "the handshake is considered confirmed" when it completes.
    if (this.#options.role === 'server') this.#discard('handshake');
  }

  /** A server's 0-RTT keys open what comes late, for as long as QUIC says (RFC 9001 §4.9.3). */
  #discardEarly(): void {
    if (this.#hasEarlyKeys) this.#discard('early');
  }

  #discard(level: Exclude<QuicLevel, 'application'>): void {
    if (this.#discarded.has(level)) return;
    this.#discarded.add(level);
    this.#say({ type: 'discard', level });
  }

  #fail(error: TlsError): void {
    this.#cancelDecisions();
    this.#finish({
      type: 'failed',
      error,
      alert: alertOfError(error),
      errorCode: quicErrorCode(error),
    });
  }

  #cancelDecisions(): void {
    for (const decision of this.runner.cancel()) this.#say({ type: 'decisionCancelled', decision });
  }

  #finish(last: Extract<QuicOutput, { type: 'closed' | 'failed' }>): void {
    this.#isDone = true;
    this.#say(last);
    this.#input.clear();
    this.#message = undefined;
    this.effects.clear(last.type === 'failed');
    this.runner.end();
  }

  #trace(event: TraceEvent): void {
    if (!this.#options.trace) return;
    this.#say({
      type: 'trace',
      event: event.what === 'handshake' ? { ...event, raw: copyOf(event.raw) } : event,
    });
  }

  #say(output: QuicOutput): void {
    this.#outputs.push(output);
  }
}
