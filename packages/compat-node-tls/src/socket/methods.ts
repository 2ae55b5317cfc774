import { Socket } from 'node:net';
import type { PeerCertificate } from 'node:tls';
import { codedError } from '../errors/node-codes.ts';
import {
  validateBuffer,
  validateFunction,
  validateInt32,
  validateObject,
  validateString,
  validateUint32,
} from '../errors/validators.ts';
import type { X509Certificate } from 'node:crypto';
import { api } from '../api.ts';
import { SecureContext } from '../context/secure-context.ts';
import { certificateObject, type ShownCertificate, x509Chain } from '../certificates/objects.ts';
import { debug, sideOf } from '../process/debug.ts';
import { connectCarrier } from './carrier.ts';
import type { SealwireSocket } from '../beyond/sealwire-socket.ts';
import {
  beyondNode,
  isVerified,
  pendingSession,
  renegotiationDisabled,
  type TLSSocketData,
} from './fields.ts';
import { sessionBytes } from './sessions.ts';
import { renegotiate } from './renegotiate.ts';
import type { CipherInfo, EphemeralKeyInfo } from './views.ts';
import { writeChunks, type WriteCallback, type WrittenChunk } from './writing.ts';

/** `net.Socket`, which a socket of ours is, with the fields that are added to each. */
const Parent = Socket as unknown as new () => TLSSocketData;

/**
 * The methods of `TLSSocket`: a `net.Socket` whose handle is a TLS connection. What `net.Socket` does by its handle (addresses,
 * timers, reading, `ref`, `setNoDelay`) it does here as well; writing and connecting are ours.
 *
 * Names that begin with an underscore are Node's own, and used by some libraries.
 */
export class TLSSocketMethods extends Parent {
  /** What a connection of this package can do that one of `node:tls` cannot. */
  get sealwire(): SealwireSocket {
    return this[beyondNode];
  }

  disableRenegotiation(): void {
    this[renegotiationDisabled] = true;
  }

  _destroySSL(): void {
    if (!this.ssl) return;
    this.ssl.destroySSL();
    this.ssl = null;
    this[pendingSession] = false;
    this[isVerified] = false;
  }

  renegotiate(
    options: { requestCert?: boolean | undefined; rejectUnauthorized?: boolean | undefined },
    callback?: (error: Error | null) => void,
  ): boolean | undefined {
    validateObject(options, 'options');
    if (callback !== undefined) validateFunction(callback, 'callback');
    debug('%s renegotiate()', sideOf(this), 'destroyed?', this.destroyed);
    if (this.destroyed) return undefined;
    return renegotiate(this, options, callback);
  }

  exportKeyingMaterial(length: number, label: string, context?: Buffer): Buffer {
    validateUint32(length, 'length', true);
    validateString(label, 'label');
    if (context !== undefined) validateBuffer(context, 'context');
    if (!this._secureEstablished) throw codedError('ERR_TLS_INVALID_STATE');
    return this._handle!.exportKeyingMaterial(length, label, context);
  }

  setMaxSendFragment(size: number): boolean {
    validateInt32(size, 'size');
    return this._handle!.setMaxSendFragment(size) === 1;
  }

  _handleTimeout(): void {
    this._emitTLSError(codedError('ERR_TLS_HANDSHAKE_TIMEOUT'));
  }

  _emitTLSError(error: Error): void {
    const shown = this._tlsError(error);
    if (shown) this.emit('error', shown);
  }

  _tlsError(error: Error): Error | null {
    this.emit('_tlsError', error);
    return this._controlReleased ? error : null;
  }

  _releaseControl(): boolean {
    if (this._controlReleased) return false;
    this._controlReleased = true;
    this.removeListener('error', this._tlsError);
    return true;
  }

  _finishInit(): void {
    const handle = this._handle;
    if (!handle) return;
    this.alpnProtocol = handle.getALPNNegotiatedProtocol();
    if (this._tlsOptions.NPNProtocols) this.npnProtocol = handle.facts.npnProtocol ?? false;
    this.servername ??= handle.getServername();
    debug(
      '%s _finishInit handle? %s alpn %s servername %s',
      sideOf(this),
      true,
      this.alpnProtocol,
      this.servername,
    );
    this._secureEstablished = true;
    if ((this._tlsOptions.handshakeTimeout ?? 0) > 0) this.setTimeout(0, this._handleTimeout);
    this.emit('secure');
  }

  _start(): void {
    if (this.connecting) {
      this.once('connect', this._start);
      return;
    }
    const handle = this._handle;
    debug(
      '%s _start handle? %s connecting? %s requestOCSP? %s',
      sideOf(this),
      !!handle,
      this.connecting,
      !!this._tlsOptions.requestOCSP,
    );
    if (!handle) return;
    if (this._tlsOptions.requestOCSP) handle.requestsOcsp = true;
    handle.pump.willStart = true;
    // Who asks the application for a key does so before others hear of the carrier; else whoever listens for what the handshake
    // tells has until the next turn to say so.
    if (this._tlsOptions.pskCallback && handle.carrier instanceof Socket && !this._parent) handle.start();
    else process.nextTick(() => handle.start());
  }

  setServername(name: string): void {
    validateString(name, 'name');
    if (this._tlsOptions.isServer) throw codedError('ERR_TLS_SNI_FROM_SERVER');
    this._handle!.setServername(name);
  }

  setSession(session: string | Uint8Array): void {
    this._handle!.setSession(typeof session === 'string' ? Buffer.from(session, 'latin1') : session);
  }

  /** Another certificate for this connection alone, for example as `ALPNCallback` asks for it. */
  setKeyCert(context: object): void {
    if (!this._handle) return;
    const made = context instanceof SecureContext ? context : api.createSecureContext(context as never);
    this._handle.setKeyCert((made as SecureContext).context);
  }

  getPeerCertificate(detailed?: boolean): ShownCertificate | PeerCertificate | object | null {
    if (!this._handle) return null;
    return certificateObject(this._handle.peerChain, this._handle.context, detailed === true) ?? {};
  }

  getCertificate(): ShownCertificate | object | null {
    if (!this._handle) return null;
    return certificateObject(this._handle.facts.ownChain, this._handle.context, false) ?? {};
  }

  getPeerX509Certificate(): X509Certificate | undefined {
    return x509Chain(this._handle?.peerChain, this._handle?.context);
  }

  getX509Certificate(): X509Certificate | undefined {
    return x509Chain(this._handle?.facts.ownChain?.slice(0, 1), undefined);
  }

  getFinished(): Buffer | null | undefined {
    return this._handle ? bufferOf(this._handle.facts.ownFinished) : null;
  }

  getPeerFinished(): Buffer | null | undefined {
    return this._handle ? bufferOf(this._handle.facts.peerFinished) : null;
  }

  getSharedSigalgs(): string[] | null {
    return this._handle ? this._handle.getSharedSigalgs() : null;
  }

  getSession(): Buffer | null | undefined {
    return this._handle ? sessionBytes(this, this._handle) : null;
  }

  getTLSTicket(): Buffer | null | undefined {
    return this._handle ? this._handle.getTLSTicket() : null;
  }

  enableTrace(): void {
    if (this._handle) this._handle.traces = true;
  }

  getCipher(): CipherInfo | null | undefined {
    return this._handle ? this._handle.getCipher() : null;
  }

  getEphemeralKeyInfo(): EphemeralKeyInfo | null {
    return this._handle ? this._handle.getEphemeralKeyInfo() : null;
  }

  getProtocol(): string | null {
    return this._handle ? this._handle.getProtocol() : null;
  }

  isSessionReused(): boolean | null {
    return this._handle ? this._handle.isSessionReused() : null;
  }

  // Of net.Socket.

  /** The carrier connects; what becomes of it is told as if this were it. */
  override connect(...args: unknown[]): this {
    return connectCarrier(this, args) as this;
  }

  override _write(chunk: string | Buffer, encoding: BufferEncoding, done: WriteCallback): void {
    writeChunks(this, [{ chunk, encoding }], done);
  }

  override _writev(chunks: WrittenChunk[], done: WriteCallback): void {
    writeChunks(this, chunks, done);
  }

  override _final(done: WriteCallback): void {
    if (this.pending) {
      this.once('connect', () => this._final(done));
      return;
    }
    if (!this._handle) done();
    else this._handle.pump.end(done);
  }
}

function bufferOf(bytes: Uint8Array | undefined): Buffer | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes);
}
