import { alertDescriptions } from '../errors/alerts.ts';
import { TlsError } from '../errors/tls-error.ts';
import { Runner, type RunnerSetup } from '../machine/runner.ts';
import type { Effect } from '../machine/step.ts';
import { HandshakeJoiner } from '../record/handshake-joiner.ts';
import type { HandshakeEnvelope } from '../messages/envelope.ts';
import { contentTypes } from '../registry/content-types.ts';
import { handshakeTypes } from '../registry/handshake-types.ts';
import { registryName } from '../registry/registered.ts';
import { copyOf } from '../wire/bytes.ts';
import {
  alertIn,
  asksForMore,
  isCompatible,
  isIdleHelloRequest,
  isIdleWarning,
  refuseChangeCipherSpec,
  refuseData,
  refuseEmpty,
  refuseFatal,
  refuseInterleaved,
  refuseOtherThanOne,
} from './content-rules.ts';
import { EarlyDataBudget } from './early-data.ts';
import type { Exporters } from '../interpret/exporters.ts';
import type { FactSheet } from '../interpret/facts.ts';
import { HandshakeEffects } from '../interpret/handshake-effects.ts';
import { FloodGuard, isCountedElsewhere } from '../interpret/flood-guard.ts';
import type { ReceivedRecord } from './halves.ts';
import { LiveSessions } from './live-sessions.ts';
import type { Output } from './outputs.ts';
import type { RecordInterpreterOptions, RecordSink, Spoken } from './record-sink.ts';
import { Renegotiating } from './renegotiating.ts';

/**
 * Plaintext records in, plaintext records and key changes out: everything about a connection that does not
 * depend on how records are protected and framed.
 */
export class RecordInterpreter {
  readonly runner: Runner;
  readonly #effects: HandshakeEffects;
  readonly early = new EarlyDataBudget();
  readonly #sink: RecordSink;
  readonly #options: RecordInterpreterOptions;
  readonly #joiner: HandshakeJoiner;
  readonly #flood: FloodGuard;
  #peerClosed = false;
  #owesKeyUpdate = false;
  #writable = false;
  readonly #renegotiating: Renegotiating;
  #spoken: Spoken;
  /** TLS 1.2 and older. */
  readonly liveSessions: LiveSessions;
  /** The message that is being handled. */
  #message: HandshakeEnvelope | undefined;

  constructor(sink: RecordSink, options: RecordInterpreterOptions, setup: RunnerSetup) {
    this.#sink = sink;
    this.#options = options;
    this.#spoken = options.spoken;
    this.#joiner = new HandshakeJoiner(options.limits);
    this.#flood = new FloodGuard(options.limits);
    const output = (each: Output) => sink.output(each);
    this.#effects = new HandshakeEffects(options, output);
    this.#renegotiating = new Renegotiating(this.facts, output);
    this.liveSessions = new LiveSessions(output);
    this.runner = new Runner(
      {
        apply: (effect) => this.#apply(effect),
        ask: (decision) => this.#effects.ask(decision),
        answerInline: (decision) => this.#effects.answerInline(decision),
        boundary: () => this.#joiner.boundary(),
        endFlight: (section) => this.#joiner.endFlight(section),
      },
      setup,
    );
  }

  /** Whether TLS 1.2 or below is spoken; until a version is selected, whether it may be. Warnings end nothing then. */
  get isLegacy(): boolean {
    return this.#spoken !== 'tls13';
  }

  /** Whether it is certain that TLS 1.2 or below is spoken. */
  get isOlder(): boolean {
    return this.#spoken === 'older';
  }

  /** Whether a second handshake, or a later one, is on its way, or we have asked for one. */
  get renegotiation(): 'none' | 'asked' | 'underway' {
    if (this.facts.isCollecting) return 'underway';
    return this.#renegotiating.isAsked ? 'asked' : 'none';
  }

  get facts(): FactSheet {
    return this.#effects.facts;
  }

  /** Whether a handshake is complete. */
  get isConnected(): boolean {
    return this.#effects.isConnected;
  }

  get exporters(): Exporters {
    return this.#effects.exporters;
  }

  get peerClosed(): boolean {
    return this.#peerClosed;
  }

  get writable(): boolean {
    return this.#writable;
  }

  /** Whether a KeyUpdate must leave before the next application data. */
  get owesKeyUpdate(): boolean {
    return this.#owesKeyUpdate;
  }

  /** The message that is being handled: what an error that escapes now is about. */
  get messageAtHand(): { readonly name: string; readonly raw: Uint8Array } | undefined {
    return (
      this.#message && { name: registryName(handshakeTypes, this.#message.type), raw: this.#message.raw }
    );
  }

  /** Whether the peer's bytes end in the middle of a handshake message. */
  get isInsideMessage(): boolean {
    return !this.#joiner.isEmpty;
  }

  /** Goes on with messages that are whole already; stops at a decision. */
  resume(receivedAtMs: number): void {
    while (!this.runner.isHeld && !this.#peerClosed) {
      const envelope = this.#joiner.next();
      if (envelope === undefined) return;
      const isIdle =
        this.isLegacy && this.#options.role === 'client' && isIdleHelloRequest(envelope, this.runner.row);
      if (!isIdle && this.runner.row.transcribed === false && !isCountedElsewhere(envelope.type))
        this.#flood.postHandshakeMessage();
      if (this.#options.trace) {
        this.#sink.trace({ what: 'handshake', direction: 'received', raw: copyOf(envelope.raw) });
      }
      // Nobody will answer it (RFC 9846 §6.1).
      if (isIdle) {
        this.#message = envelope;
        this.#flood.helloRequest();
        this.#message = undefined;
        continue;
      }
      if (this.#sink.isClosing && asksForMore(envelope)) {
        this.#refuseWhileClosing();
        continue;
      }
      this.#message = envelope;
      this.runner.message(envelope, receivedAtMs);
      this.#message = undefined;
    }
  }

  /** Whoever has wanted the end of a connection whose peer wants another handshake hears of it now, too. */
  #refuseWhileClosing(): void {
    if (!this.isLegacy || this.#options.unwantedRenegotiation === 'warn') return;
    throw new TlsError('local.unwantedRenegotiation', 'the peer begins another handshake while we close', {
      section: 'RFC 5246 §7.4.1.1',
    });
  }

  receiveRecord(record: ReceivedRecord, receivedAtMs: number): void {
    if (record.type !== contentTypes.handshake) if (this.isInsideMessage) refuseInterleaved(record);
    switch (record.type) {
      case contentTypes.handshake:
        this.#handshake(record, receivedAtMs);
        return;
      case contentTypes.application_data:
        this.#applicationData(record);
        return;
      case contentTypes.alert:
        this.#alert(record);
        return;
      case contentTypes.change_cipher_spec:
        this.#changeCipherSpec(record, receivedAtMs);
        return;
      default:
        throw new TlsError('peer.unknownRecordType', `a protected record has content type ${record.type}`, {
          section: 'RFC 9846 §5',
        });
    }
  }

  /** Forgets what only a living connection needs, and overwrites secrets; of a failed one nothing can be exported any more. */
  clear(hasFailed: boolean): void {
    this.#joiner.clear();
    this.#message = undefined;
    this.#writable = false;
    this.#effects.clear(hasFailed);
    this.runner.end();
    this.liveSessions.clear();
  }

  #handshake(record: ReceivedRecord, receivedAtMs: number): void {
    refuseEmpty(record, 'handshake');
    this.#joiner.push(record.content);
    this.resume(receivedAtMs);
  }

  #applicationData(record: ReceivedRecord): void {
    if (this.runner.row.data === 'refuse') refuseData(this.runner.position);
    const early = this.runner.row.data === 'early';
    if (early) this.early.received(record.content.length);
    this.#flood.applicationData(record.content.length);
    if (record.content.length > 0) this.#sink.output({ type: 'data', bytes: record.content, early });
  }

  #changeCipherSpec(record: ReceivedRecord, receivedAtMs: number): void {
    if (this.runner.readsChangeCipherSpec) {
      refuseOtherThanOne(record);
      this.#sink.trace({ what: 'changeCipherSpec', direction: 'received' });
      this.runner.changeCipherSpec(receivedAtMs);
      return;
    }
    if (this.isOlder || !isCompatible(record) || this.runner.row.ccs === 'refuse')
      refuseChangeCipherSpec(record, this.runner.position);
    this.#flood.changeCipherSpec();
    this.#sink.trace({ what: 'changeCipherSpec', direction: 'received' });
  }

  #alert(record: ReceivedRecord): void {
    const alert = alertIn(record);
    const { level, description, name } = alert;
    this.#sink.trace({ what: 'alert', direction: 'received', level, description: name, code: description });
    if (this.isLegacy && isIdleWarning(alert)) {
      this.#flood.warningAlert();
      if (description === alertDescriptions.no_renegotiation)
        this.runner.command({ name: 'renegotiationRefused' });
      return;
    }
    refuseFatal(alert, this.isLegacy);
    if (description === alertDescriptions.user_canceled) {
      this.#flood.warningAlert();
      return;
    }
    if (!this.isConnected) {
      throw new TlsError('peer.closedDuringHandshake', `the peer closed in ${this.runner.position}`, {
        section: 'RFC 9846 §6.1',
      });
    }
    this.#peerClosed = true;
    this.peerEnded('closeNotify');
  }

  /** The peer says nothing more, or its end of the transport does not. */
  peerEnded(how: 'closeNotify' | 'truncated'): void {
    this.#renegotiating.peerEnded();
    this.#sink.output({ type: 'peerClosed', how });
  }

  #apply(effect: Effect): void {
    if (this.#effects.apply(effect)) {
      if (effect.do === 'rejectEarlyData') this.#writable = false;
      if (effect.do === 'connected') this.#connected();
      return;
    }
    switch (effect.do) {
      case 'send':
        this.#sink.handshake(effect.messages);
        return;
      case 'sendChangeCipherSpec':
        this.#sink.changeCipherSpec();
        return;
      case 'installWriteKeys':
        this.#effects.secrets.remember(effect.keys.secret);
        this.#sink.installWriteKeys(effect.keys);
        return;
      case 'installReadKeys':
        this.#effects.secrets.remember(effect.keys.secret);
        this.#sink.installReadKeys(effect.keys);
        return;
      case 'selectVersion':
        this.#spoken = effect.isLegacy ? 'older' : 'tls13';
        this.#sink.selectVersion(effect.recordVersion, effect.isLegacy);
        return;
      case 'limitSentRecords':
        this.#sink.limitSentRecords(effect.innerBytes, effect.isImmediate === true);
        return;
      case 'limitReceivedRecords':
        this.#sink.limitReceivedRecords(effect.innerBytes, effect.section, effect.isImmediate === true);
        return;
      case 'countKeyUpdate':
        this.#countKeyUpdate(effect.direction);
        return;
      case 'oweKeyUpdate':
        this.#owesKeyUpdate = true;
        return;
      case 'clientAuthentication': {
        const { id, isAuthenticated } = effect;
        this.#sink.output({ type: 'clientAuthentication', id, isAuthenticated });
        return;
      }
      case 'warn':
        this.#sink.warn(effect.alert);
        return;
      case 'requestRenegotiation':
      case 'beginRenegotiation':
      case 'abandonRenegotiation':
        this.#allowSending(this.#renegotiating.apply(effect));
        return;
      case 'writable':
        this.#writable = true;
        this.early.allowSending(effect.as === 'early' ? effect.limitBytes : undefined);
        this.#sink.output(
          effect.as === 'early'
            ? { type: 'writable', as: 'early', limitBytes: effect.limitBytes }
            : { type: 'writable', as: effect.as },
        );
        return;
      case 'acceptEarlyData':
        this.early.allowReceiving(effect.limitBytes);
        return;
      case 'skipEarlyData':
        this.#sink.skipEarlyData(effect.limitBytes);
        return;
      case 'dropWriteKeys':
        this.#sink.dropWriteKeys();
        return;
      case 'liveSession':
        this.liveSessions.add(effect.session);
        return;
      case 'setTranscript':
        return;
    }
  }

  #connected(): void {
    this.#renegotiating.completed();
    this.facts.countHandshake(this.runner.nowMs);
    this.#sink.output({ type: 'connected' });
  }

  #allowSending(writable: boolean | undefined): void {
    if (writable === undefined) return;
    this.#writable = writable;
    if (writable) this.#sink.output({ type: 'writable', as: 'full' });
  }

  #countKeyUpdate(direction: 'sent' | 'received'): void {
    const { keyUpdatesReceived, keyUpdatesSent } = this.facts.snapshot;
    if (direction === 'received') {
      this.#flood.keyUpdate();
      this.#effects.know({ keyUpdatesReceived: keyUpdatesReceived + 1 });
    } else {
      this.#owesKeyUpdate = false;
      this.#effects.know({ keyUpdatesSent: keyUpdatesSent + 1 });
    }
  }
}
