import { ApiMisuseError, type TlsError } from '../errors/tls-error.ts';
import { abortReason, checkTime, exported } from '../interpret/calls.ts';
import type { CarriedVersions } from '../machine/carrier.ts';
import type { RunnerSetup } from '../machine/runner.ts';
import type { Decision, DecisionMap } from '../values/decisions.ts';
import type { Facts } from '../values/facts.ts';
import { quicLevels, type QuicLevel, type QuicOutput } from './outputs.ts';
import { QuicInterpreter, type QuicInterpreterOptions } from './quic-interpreter.ts';

/**
 * The TLS of one QUIC connection (RFC 9001), without packets, frames or I/O: bytes of CRYPTO streams in and out, and
 * the secrets of each encryption level. It is a deterministic function of the calls made to it.
 *
 * The drain rule: after every call of a method below, call `poll` until it returns `undefined`, and do what
 * the outputs say in their order.
 *
 *  - in:      `start`, `receive`
 *  - answers: `answer`
 *  - QUIC:    `changeVersion`, `madeProgress`, `issueTickets`, `close`, `abort`
 *  - out:     `poll`, `wantsInput`
 *  - look:    `facts`, `exportKeyingMaterial`
 *
 * What is QUIC's own stays with QUIC: packets and their protection, acknowledgements, the order of bytes within a level, key
 * updates (`nextPacketSecret`), HANDSHAKE_DONE, and how much 0-RTT data may be sent. `now` is always the caller's clock in
 * milliseconds since the epoch. What the peer sends never makes a method throw; `ApiMisuseError` is thrown at once for mistakes of
 * the caller.
 */
export class QuicHandshake {
  readonly #interpreter: QuicInterpreter;
  readonly #versions: CarriedVersions;
  #started = false;

  /** Made by `createQuicClient` and `createQuicServer`. */
  constructor(options: QuicInterpreterOptions, setup: RunnerSetup, versions: CarriedVersions) {
    this.#interpreter = new QuicInterpreter(options, setup);
    this.#versions = versions;
  }

  /** Begins: a client has its ClientHello to send, a server is ready to read. Once, before anything else. */
  start(now: number): void {
    checkTime('start', now);
    if (this.#started) throw new ApiMisuseError('start was called twice');
    this.#started = true;
    this.#interpreter.start(now);
  }

  /**
   * The next bytes of the peer's CRYPTO stream of `level`, in order and without gaps; bytes that came twice are left out by the
   * caller. Nothing of `bytes` is kept but a copy of what is incomplete. Bytes of a level that TLS has left, or does not read yet,
   * end the connection (RFC 9001 §4.1.3).
   */
  receive(level: QuicLevel, bytes: Uint8Array, now: number): void {
    if (!this.#started) throw new ApiMisuseError('receive was called before start');
    checkTime('receive', now);
    if (!quicLevels.includes(level)) {
      throw new ApiMisuseError(
        `receive expects a level, one of ${quicLevels.join(', ')}, got ${String(level)}`,
      );
    }
    if (!(bytes instanceof Uint8Array)) throw new ApiMisuseError('receive expects a Uint8Array');
    this.#interpreter.receive(level, bytes, now);
  }

  /**
   * Answers a decision, once. False when the decision was cancelled or the connection has ended: the answer is
   * ignored then.
   */
  answer<D extends Decision>(decision: D, reply: DecisionMap[D['kind']]['reply'], now: number): boolean {
    checkTime('answer', now);
    return this.#interpreter.answer(decision, reply, now);
  }

  /**
   * The connection goes on in another version of QUIC than it began in (RFC 9368 §2.3): its sessions are of that one, while
   * those that a hello offers are of the original one (RFC 9369 §5). Until `connected`: at a server as soon as it knows the
   * client's transport parameters, at a client with the first packet of that version.
   */
  changeVersion(version: number): void {
    checkQuicVersion(version);
    if (this.#interpreter.effects.facts.snapshot.handshakes > 0)
      throw new ApiMisuseError('changeVersion was called after connected');
    this.#versions.negotiated = version;
  }

  /**
   * Application data of the peer has arrived in 1-RTT packets. Without it, messages after the handshake are only taken up to
   * `limits.postHandshakeMessages`.
   */
  madeProgress(): void {
    this.#interpreter.progressed();
  }

  /**
   * Server: has `count` more tickets (1 to 16) for the client to resume with (RFC 9846 §4.7.1). False, and nothing sent, unless
   * connected with a client that can use them. Beyond `limits.postHandshakeTasks` being sealed at once, the rest is left out.
   */
  issueTickets(count: number, now: number): boolean {
    checkTime('issueTickets', now);
    if (!Number.isInteger(count) || count < 1 || count > 16) {
      throw new ApiMisuseError(`issueTickets expects an integer from 1 to 16, got ${count}`);
    }
    return this.#interpreter.issueTickets(count, now);
  }

  /** The QUIC connection has ended: open decisions are cancelled, secrets overwritten, and `closed` comes out. */
  close(): void {
    this.#interpreter.close();
  }

  /** Gives the handshake up: `failed` with this error, and the error code of QUIC for it. Nothing happens after the end. */
  abort(error: TlsError | string = 'aborted by the application'): void {
    this.#interpreter.abort(abortReason(error));
  }

  /** The next output, or `undefined` when there is none; see the drain rule above. */
  poll(): QuicOutput | undefined {
    return this.#interpreter.poll();
  }

  /** False while a decision is pending and after the end. What is received meanwhile waits, within `limits.heldInputBytes`. */
  get wantsInput(): boolean {
    return !this.#interpreter.isDone && !this.#interpreter.runner.isHeld;
  }

  /** What is known so far; each field says since when. A frozen snapshot. */
  get facts(): Facts {
    return this.#interpreter.effects.facts.snapshot;
  }

  /**
   * Keying material bound to this connection (RFC 9846 §7.5). `label` is ASCII, `length` counts bytes. `ApiMisuseError` before
   * `connected`. With `early: true` it is bound to the ClientHello that brings 0-RTT data: there from the `early` keys on; the
   * peer may be a replay.
   */
  exportKeyingMaterial(
    label: string,
    context: Uint8Array | undefined,
    length: number,
    options: { readonly early?: boolean } = {},
  ): Uint8Array {
    const { main, early } = this.#interpreter.effects.exporters;
    if (options.early !== true) return exported(main, label, context, length);
    if (early === undefined)
      throw new ApiMisuseError('there is no early keying material: no 0-RTT data was sent or taken');
    return exported(early, label, context, length);
  }
}

/** 0 is that of version negotiation packets. */
export function checkQuicVersion(given: number): void {
  if (!Number.isInteger(given) || given < 1 || given > 0xffff_ffff)
    throw new ApiMisuseError(
      `expected the number of a version of QUIC, such as quicVersions.v1, got ${given}`,
    );
}
