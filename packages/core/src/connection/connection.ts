import type { ClientConfig } from '../config/client.ts';
import type { ServerConfig } from '../config/server.ts';
import { ApiMisuseError, type TlsError } from '../errors/tls-error.ts';
import type { RunnerSetup } from '../machine/runner.ts';
import type { ClientAuthOptions } from '../values/client-auth-options.ts';
import type { Decision, DecisionMap } from '../values/decisions.ts';
import type { Facts } from '../values/facts.ts';
import {
  abortReason,
  channelBindingOf,
  checkTime,
  clientAuthOptions,
  configOfRole,
  exported,
  requestPeerOf,
  type ChannelBindingType,
} from '../interpret/calls.ts';
import { DetachedControl, type DetachedConnection } from './control.ts';
import type { Output } from './outputs.ts';
import type { RecordInterpreterOptions } from './record-sink.ts';
import { StreamInterpreter } from './stream-interpreter.ts';

/**
 * One TLS connection over a byte stream, without any I/O of its own. It is a deterministic function of the
 * calls made to it: bytes, answers, commands and times in; outputs out.
 *
 * The drain rule: after every call of a method below, call `poll` until it returns `undefined`, and do what
 * the outputs say in their order. Nothing is done behind the caller's back, and nothing is lost by polling late.
 *
 *  - in:      `start`, `receive`, `receiveEnd`
 *  - answers: `answer`
 *  - app:     `send`, `close`, `abort`, `updateKeys`, `renegotiate`, `requestClientAuth`, `issueTickets`, `maxSendFragment`, `detach`
 *  - out:     `poll`, `wantsInput`
 *  - look:    `facts`, `exportKeyingMaterial`, `channelBinding`
 *
 * A policy (`answers` of the configuration) runs inside one of these methods: it may look at the connection,
 * every other method throws `ApiMisuseError` until it has returned.
 *
 * `now` is always the caller's clock in milliseconds since the epoch. What the peer sends never makes a method
 * throw; `ApiMisuseError` is thrown at once for mistakes of the caller, and leaves the connection as it was.
 */
export class Connection {
  readonly #stream: StreamInterpreter;
  readonly #allowDetach: boolean;
  #started = false;
  #isDetached = false;

  /** Made by `createClient` and `createServer`. */
  constructor(options: RecordInterpreterOptions, setup: RunnerSetup) {
    this.#stream = new StreamInterpreter(options, setup);
    this.#allowDetach = options.allowDetach;
  }

  /** Begins: a client sends its ClientHello, a server is ready to read. Once, before anything else. */
  start(now: number): void {
    checkTime('start', now);
    if (this.#started) throw new ApiMisuseError('start was called twice');
    this.#started = true;
    this.#stream.guard(() => {
      this.#stream.records.runner.tick(now);
      this.#stream.records.facts.add({ startedAtMs: now });
      this.#stream.records.runner.command({ name: 'start' });
    });
  }

  /** Bytes of the peer, cut anyhow. Nothing of `bytes` is kept after the call but a copy of what is incomplete. */
  receive(bytes: Uint8Array, now: number): void {
    this.#needStart('receive');
    checkTime('receive', now);
    if (!(bytes instanceof Uint8Array)) throw new ApiMisuseError('receive expects a Uint8Array');
    this.#stream.receive(bytes, now);
  }

  /** The transport has delivered its last byte. Without a close_notify before it, data may be missing. */
  receiveEnd(now: number): void {
    this.#needStart('receiveEnd');
    checkTime('receiveEnd', now);
    this.#stream.receiveEnd(now);
  }

  /**
   * Answers a decision, once. False when the decision was cancelled or the connection has ended: the answer is
   * ignored then.
   */
  answer<D extends Decision>(decision: D, reply: DecisionMap[D['kind']]['reply'], now: number): boolean {
    this.#notDetached('answer');
    checkTime('answer', now);
    return this.#stream.answer(decision, reply, now);
  }

  /**
   * Application data, sealed at once. Returns the bytes taken: all, or 0 while none may leave (before the
   * output `writable`, after `close` or the end); of 0-RTT data no more than its limit. The bytes are copied or encrypted before the call returns.
   */
  send(data: Uint8Array | readonly Uint8Array[]): number {
    const pieces = data instanceof Uint8Array ? [data] : data;
    if (!Array.isArray(pieces) || !pieces.every((piece) => piece instanceof Uint8Array)) {
      throw new ApiMisuseError('send expects a Uint8Array or an array of them');
    }
    this.#notDetached('send');
    return this.#stream.data(pieces);
  }

  /**
   * Ends our side with close_notify; reading goes on until the peer ends its side, then `closed` comes out.
   * During the handshake it ends the connection at once. Calling it again does nothing.
   */
  close(): void {
    this.#notDetached('close');
    this.#stream.close();
  }

  /** Gives the connection up: `failed` with this error, after its alert. Nothing happens after the end. */
  abort(error: TlsError | string = 'aborted by the application'): void {
    // Of no use at the end, where whoever clears away calls it once more: an error is expensive to make.
    const reason = typeof error === 'string' && this.#stream.isDone ? undefined : abortReason(error);
    this.#notDetached('abort');
    if (reason !== undefined) this.#stream.abort(reason);
  }

  /**
   * Changes our sending keys (RFC 9846 §4.7.3); with `requestPeer` asks the peer to change its own too. A
   * request is left out while the previous one is unanswered. False, and nothing sent, unless connected, and always before
   * TLS 1.3, which knows no such thing: `facts.version` says so.
   */
  updateKeys(options: { readonly requestPeer: boolean }): boolean {
    this.#notDetached('updateKeys');
    return this.#stream.commands.updateKeys(requestPeerOf(options));
  }

  /**
   * TLS 1.2 and older: another handshake on this connection (RFC 5246 §7.4.1.1, RFC 5746), in the same version, with `config`
   * (made by `clientConfig` or `serverConfig`) or the present one. A client sends a ClientHello; a server asks for one by a
   * HelloRequest, which the client may refuse. It ends in `connected` or `renegotiationRefused`; until then facts and
   * exported keying material are those of the handshake before, and from the ClientHello on no application data leaves,
   * until `writable` comes out again. The protocol above TLS stays as it is, whatever `alpnProtocols` says.
   *
   * False, and nothing sent, unless connected in such a version to a peer that knows secure renegotiation, and if another
   * handshake is on its way or asked for already.
   */
  renegotiate(config: ClientConfig | ServerConfig | undefined, now: number): boolean {
    checkTime('renegotiate', now);
    this.#notDetached('renegotiate');
    return this.#stream.commands.renegotiate(configOfRole(config, this.facts), now);
  }

  /**
   * Server: asks the client for a certificate now, after the handshake (RFC 9846 §4.7.2). Returns the id of the request,
   * which the output `clientAuthentication` repeats when the client has answered; several may be open, and answers come
   * in any order. `undefined`, and nothing sent, unless connected to a client that has offered it (post_handshake_auth)
   * and owes fewer than `limits.postHandshakeTasks` answers; always before TLS 1.3.
   */
  requestClientAuth(options: ClientAuthOptions | undefined, now: number): number | undefined {
    checkTime('requestClientAuth', now);
    this.#notDetached('requestClientAuth');
    return this.#stream.commands.requestClientAuth(clientAuthOptions(options), now);
  }

  /**
   * Server: sends the client `count` more tickets (1 to 16) to resume with (RFC 9846 §4.7.1). False, and nothing sent, unless
   * connected with a client that can use them, and always before TLS 1.3, which has one in the handshake alone. Beyond `limits.postHandshakeTasks` being sealed at once, the rest is left out.
   */
  issueTickets(count: number, now: number): boolean {
    this.#notDetached('issueTickets');
    checkTime('issueTickets', now);
    if (!Number.isInteger(count) || count < 1 || count > 16) {
      throw new ApiMisuseError(`issueTickets expects an integer from 1 to 16, got ${count}`);
    }
    return this.#stream.commands.issueTickets(count, now);
  }

  /** The most content bytes of one sent record: 512 to 16,384, by default 16,384. The peer's own limit counts as well. */
  get maxSendFragment(): number {
    return this.#stream.maxFragmentBytes;
  }

  set maxSendFragment(bytes: number) {
    if (!Number.isInteger(bytes) || bytes < 512 || bytes > 16_384) {
      throw new ApiMisuseError(`maxSendFragment expects an integer from 512 to 16384, got ${bytes}`);
    }
    this.#stream.maxFragmentBytes = bytes;
  }

  /** The next output, or `undefined` when there is none; see the drain rule above. */
  poll(): Output | undefined {
    if (this.#isDetached) return undefined;
    // Only the control of a detached connection has other outputs.
    return this.#stream.outputs.poll() as Output | undefined;
  }

  /** False while a decision is pending and after the peer's end: the transport should stop reading. */
  get wantsInput(): boolean {
    return !this.#isDetached && this.#stream.wantsInput;
  }

  /** What is known so far; each field says since when. A frozen snapshot. */
  get facts(): Facts {
    return this.#stream.records.facts.snapshot;
  }

  /**
   * Keying material bound to this connection (RFC 9846 §7.5, RFC 5705). `label` is ASCII, `length` counts bytes. In TLS 1.2
   * and older no context and one of no bytes give different results (RFC 5705 §4), in TLS 1.3 the same.
   * `ApiMisuseError` before `connected`, and in TLS 1.2 and older without the extended main secret, where it would not be
   * bound to this connection alone (RFC 7627 §5.4). With `early: true` it is bound to the ClientHello that brings 0-RTT data: there
   * from `writable` as `early` (client) or the acceptance of that data (server); the peer may be a replay.
   */
  exportKeyingMaterial(
    label: string,
    context: Uint8Array | undefined,
    length: number,
    options: { readonly early?: boolean } = {},
  ): Uint8Array {
    const { main, early } = this.#stream.records.exporters;
    if (options.early !== true) return exported(main, label, context, length);
    if (early === undefined)
      throw new ApiMisuseError('there is no early keying material: no 0-RTT data was sent or taken');
    return exported(early, label, context, length);
  }

  /**
   * What binds a protocol above to this very connection: `tls-exporter`, 32 bytes that both ends know and nobody else (RFC
   * 9266 §2), or before TLS 1.3 `tls-unique`, 12 bytes (RFC 5929 §3), which change with each renegotiation. `ApiMisuseError`
   * before `connected`, after a failure, and where there is no such thing: `tls-unique` in TLS 1.3; without the extended main secret
   * `tls-exporter` (RFC 7627 §5.4), and `tls-unique` but after a first, full handshake (§1). `tls-server-end-point`: `serverEndPointBinding` of x509.
   */
  channelBinding(type: ChannelBindingType): Uint8Array {
    return channelBindingOf(this.#stream.records.exporters, type);
  }

  /**
   * Hands the connection over to an offloader, with the option `allowDetach`: from now on somebody else seals and opens
   * records, and `control` is told what was in them. The connection itself is spent: `facts` and
   * `exportKeyingMaterial` still answer, everything else throws.
   *
   * `ApiMisuseError`, and nothing happens, unless the connection is connected and neither side has closed, no decision
   * is open, all outputs have been polled, and no handshake message has arrived in part.
   */
  detach(): DetachedConnection {
    this.#notDetached('detach');
    if (!this.#allowDetach) throw new ApiMisuseError('detach needs the option allowDetach: true');
    this.#stream.refuseReentry();
    const reason = this.#stream.undetachable;
    if (reason !== undefined) throw new ApiMisuseError(`the connection cannot be detached: ${reason}`);
    this.#isDetached = true;
    return { ...this.#stream.detach(), control: new DetachedControl(this.#stream) };
  }

  #needStart(method: string): void {
    this.#notDetached(method);
    if (!this.#started) throw new ApiMisuseError(`${method} was called before start`);
  }

  #notDetached(method: string): void {
    if (this.#isDetached) throw new ApiMisuseError(`${method} was called after detach; use its control`);
  }
}
