import {
  type ClientConfig,
  type Connection,
  type Decision,
  type Facts,
  type Output,
  protocolVersions,
  type SelectCertificateAsk,
  type ServerConfig,
  TlsError,
} from '@sealwire/core';
import type { Duplex } from 'node:stream';
import { ClientAnswers } from '../beyond/client-answers.ts';
import type { SealwireOptions } from '../beyond/options.ts';
import { newestOffered } from '../context/offers.ts';
import type { OfferedHello } from '../context/preference.ts';
import type { InnerContext } from '../context/secure-context.ts';
import type { ContextState } from '../context/state.ts';
import type { Verdict } from '../context/verify.ts';
import { nativeError } from '../errors/node-error.ts';
import { nullParameter, thrownOpensslError } from '../errors/openssl-error.ts';
import { verifyError } from '../errors/verify-error.ts';
import { Tracer } from '../trace/print.ts';
import { decodeNodeSession } from '../session/node-session.ts';
import { nodeMajor } from '../process/host.ts';
import type { HandleEvents, HandleOwner } from './handle-events.ts';
import { SecretHandle } from './secret-handle.ts';
import { canceled } from './write-errors.ts';
import { Pump } from './pump.ts';
import type { Notice, PumpListener } from './pump-listener.ts';
import {
  type CipherInfo,
  cipherInfo,
  type EphemeralKeyInfo,
  ephemeralKeyInfo,
  protocolName,
  sharedSigalgs,
} from './views.ts';

/**
 * The `_handle` of a `TLSSocket`, which is also its `ssl`: the connection itself, with what applications are used to call on
 * it. Begun by `start`; until then the socket's methods say what it is to be.
 */
export class TlsHandle extends SecretHandle implements PumpListener {
  /** The `SecureContext` in use. */
  readonly _secureContext: unknown;
  readonly pump: Pump;
  owner!: HandleOwner;
  events!: HandleEvents;
  /** Client: `checkServerIdentity` is being asked, and has not said yet that this is the right server. */
  isJudging = false;
  /** Server: a context was named for the client that has no certificate, and changes nothing. */
  hasEmptyContext = false;
  /** Makes the configuration when the handshake begins. */
  configOf!: () => ClientConfig | ServerConfig;
  sni: string | undefined;
  /** Whom the server's certificate must be for. */
  host: string | undefined;
  /** `setKeyCert` was called, which counts more than a name. */
  hasOwnCertificate = false;
  requestsOcsp = false;
  wantsKeylog = false;
  traces = false;
  #tracer: Tracer | undefined;
  /** The option `sealwire`. */
  beyond: SealwireOptions = {};
  /** Client: what the server has said of the certificate that it wants. */
  certificateRequest: SelectCertificateAsk | undefined;
  /** Client: bytes of 0-RTT data that the server has taken, or may still take. */
  earlyDataTaken = 0;
  /** Server: who waits for the client's certificate after the handshake. */
  readonly clientAnswers = new ClientAnswers();
  /** The error by which a function of the application's ends the handshake. */
  #refusal: Error | undefined;
  #abandoned: AbortController | undefined;
  #isOver = false;
  /** What takes data in place of the stream's buffer: the option `onread`. */
  onData: ((bytes: Uint8Array) => void) | undefined;
  /** Server: what is kept of the client's latest hello. */
  peerHello: OfferedHello | undefined;
  /** Server: what `OCSPRequest` was answered. */
  ocspResponse: Uint8Array | undefined;

  /** `isNative`: http2 may want to take the connection over. */
  constructor(carrier: Duplex, context: ContextState, secureContext: unknown, isNative = false) {
    super(carrier, isNative, (isReading) => this.pump.setReading(isReading), context);
    this._secureContext = secureContext;
    this.pump = new Pump(carrier, this);
  }

  get connection(): Connection | undefined {
    return this.pump.connection;
  }

  /** Aborted when no answer of the application's is wanted any more. */
  get signal(): AbortSignal {
    this.#abandoned ??= new AbortController();
    if (this.#isOver) this.#abandoned.abort();
    return this.#abandoned.signal;
  }

  /** The handshake is about to end because the application says so, and the socket by its own error. */
  refuseBy(error: Error): Error {
    this.#refusal ??= error;
    return error;
  }

  /** Ends the handshake where no answer would: those that could not be given are often taken for none. */
  abandon(error: Error): void {
    this.pump.abort(new TlsError('local.policyFailed', error.message, { cause: this.refuseBy(error) }));
  }

  get refusal(): Error | undefined {
    return this.#refusal;
  }

  get facts(): Partial<Facts> {
    return this.pump.connection?.facts ?? {};
  }

  get verdict(): Verdict | undefined {
    return this.facts.peerVerdict as Verdict | undefined;
  }

  start(): void {
    if (this.connection !== undefined) return;
    let config: ClientConfig | ServerConfig;
    try {
      config = this.configOf();
    } catch (error) {
      // The context leaves nothing to begin with. Whoever has made the socket has until then to listen to it.
      process.nextTick(() => this.run(() => this.events.refused(error as Error)));
      return;
    }
    this.pump.start(config);
  }

  receive(bytes: Uint8Array): void {
    this.pump.receive(bytes);
  }

  /** What is wrong with the peer's certificate; `undefined` where nothing is, `null` without a connection. */
  verifyError(): Error | undefined | null {
    const { facts } = this;
    if (facts.handshakes === undefined || facts.handshakes === 0) return null;
    if (facts.peerEvidence === undefined)
      return facts.externalPskIdentity === undefined
        ? verifyError({ code: 'UNABLE_TO_GET_ISSUER_CERT', message: 'unable to get issuer certificate' })
        : undefined;
    const { verdict } = this;
    if (verdict?.error !== undefined) return verdict.error;
    return verdict?.problem === undefined ? undefined : verifyError(verdict.problem);
  }

  getServername(): string | false {
    const { role, resumed, version, serverName } = this.facts;
    // Before TLS 1.3 the name is the session's, which Node does not let OpenSSL write into it.
    const isForgotten = role === 'server' && resumed === true && version !== protocolVersions.tls13;
    return isForgotten ? false : (serverName ?? false);
  }

  getALPNNegotiatedProtocol(): string | false {
    return this.facts.alpnProtocol ?? false;
  }

  getProtocol(): string | null {
    const { version } = this.facts;
    if (version !== undefined) return protocolName(version);
    // Until it is known: what the hello asks for, once there is one.
    const isOffered = this.connection !== undefined && this.connection.facts.role === 'client';
    return protocolName(isOffered ? newestOffered(this.context) : protocolVersions.tls13);
  }

  getCipher(): CipherInfo | undefined {
    return cipherInfo(this.facts.cipherSuite);
  }

  getEphemeralKeyInfo(): EphemeralKeyInfo | null {
    return ephemeralKeyInfo(this.facts);
  }

  /** In TLS 1.3 a key of the application's is resumed like any other. */
  isSessionReused(): boolean {
    const { resumed, version, externalPskIdentity } = this.facts;
    return resumed === true || (version === protocolVersions.tls13 && externalPskIdentity !== undefined);
  }

  setServername(name: string): void {
    this.sni = name;
  }

  setSession(session: unknown): void {
    if (!(session instanceof Uint8Array))
      throw nativeError('ERR_INVALID_ARG_TYPE', 'Session must be a buffer', TypeError);
    this.given = decodeNodeSession(session);
  }

  setKeyCert(context: InnerContext): void {
    if (!this.present(context.state))
      throw nodeMajor() < 22 ? thrownOpensslError(nullParameter) : new Error('SetKeyCert');
    this.hasOwnCertificate = true;
  }

  setMaxSendFragment(bytes: number): number {
    if (bytes < 512 || bytes > 16_384) return 0;
    if (this.connection !== undefined) this.connection.maxSendFragment = bytes;
    return 1;
  }

  exportKeyingMaterial(length: number, label: string, context?: Uint8Array): Buffer {
    return Buffer.from(this.connection!.exportKeyingMaterial(label, context, length));
  }

  /**
   * DER of what the peer has presented, its own certificate first. Clients do not show it of a server whose session they have
   * resumed.
   */
  get peerChain(): readonly Uint8Array[] | undefined {
    const { peerEvidence: evidence, role, resumed } = this.facts;
    if (role === 'client' && resumed === true) return undefined;
    return evidence?.type === 'x509' ? evidence.chain.map(({ certificate }) => certificate) : undefined;
  }

  /** The OCSP response that came with the peer's certificate. */
  get stapledResponse(): Buffer | null {
    const evidence = this.facts.peerEvidence;
    const response = evidence?.type === 'x509' ? evidence.chain[0]?.ocspResponse : undefined;
    return response === undefined ? null : Buffer.from(response);
  }

  getSharedSigalgs(): string[] {
    return sharedSigalgs(this.context, this.peerHello?.signatureSchemes ?? []);
  }

  getTLSTicket(): Buffer | undefined {
    const ticket =
      this.facts.role === 'client' ? (this.session?.ticket ?? this.given?.session.ticket) : undefined;
    return ticket === undefined || ticket.length === 0 ? undefined : Buffer.from(ticket);
  }

  override close(done?: () => void): void {
    this.#over();
    this.pump.close(canceled);
    super.close(done);
  }

  destroySSL(): void {}

  // What the pump says.

  carrierConnected(): void {
    this.run(() => this.events.carrierConnected());
  }

  carrierFailed(error: Error): void {
    this.run(() => this.events.carrierFailed(error));
  }

  carrierClosed(): void {
    this.run(() => void this.owner.destroy());
  }

  active(): void {
    this.owner._unrefTimer();
  }

  data(bytes: Uint8Array): boolean {
    this.bytesRead += bytes.length;
    let isNative = false;
    this.run(() => {
      isNative = !this.owner.destroyed && this.takeData(bytes);
      if (this.owner.destroyed || isNative) return;
      if (this.onData !== undefined) this.onData(bytes);
      else if (!this.owner.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))) this.stop();
    });
    return isNative;
  }

  ended(): void {
    this.clientAnswers.none();
    this.run(() => {
      if (this.owner.destroyed || this.takeEnd()) return;
      this.owner.push(null);
      this.owner.read(0);
    });
  }

  connected(): void {
    this.run(() => this.events.handshakeDone());
  }

  failed(output: Extract<Output, { type: 'failed' }>): void {
    this.#over(output.error);
    this.run(() => this.events.failed(output));
  }

  decision(decision: Decision): void {
    this.run(() => this.events.decision(decision));
  }

  notice(output: Notice): void {
    if (output.type === 'trace') {
      this.#tracer ??= new Tracer(this.facts.role === 'server');
      process.stderr.write(this.#tracer.text(output.event));
      return;
    }
    this.run(() => this.events.notice(output));
  }

  protected override nativeWrite(chunks: readonly Uint8Array[], done: (error?: Error | null) => void): void {
    this.pump.write(
      chunks.map((chunk) => ({ chunk })),
      done,
    );
    for (const { length } of chunks) this.bytesWritten += length;
  }

  protected override nativeEnd(done: (error?: Error | null) => void): void {
    this.pump.end(done);
  }

  #over(cause?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.clientAnswers.none(cause);
    this.#abandoned?.abort();
  }

  stop(): void {
    this.reading = false;
    this.readStop();
  }
}
