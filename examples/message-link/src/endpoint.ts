import type {
  ClientConfig,
  ClientOptions,
  CryptoProvider,
  RandomSource,
  ServerConfig,
  ServerOptions,
} from '@sealwire/core';
import { createQuicClient, createQuicServer, type QuicHandshake, type QuicLevel } from '@sealwire/core/quic';
import { ConnectionIds } from './connection-ids.ts';
import type { EndpointEvent } from './events.ts';
import {
  applicationError,
  frameEncodingError,
  protocolViolation,
  transportParameterError,
} from './error-codes.ts';
import { decodeFrames, encodeFrame, isEliciting, type Frame } from './frames.ts';
import { sendLevels, spaceLevels, spaceOf } from './levels.ts';
import { PacketKeys } from './packet-keys.ts';
import { packetsIn, type ProtectedPacket, sealPacket } from './packets.ts';
import { PacketSpace } from './space.ts';
import { Unsent } from './unsent.ts';
import { PacketError } from './varint.ts';

export interface EndpointOptions {
  readonly provider: CryptoProvider;
  /** Connection IDs are drawn from here. */
  readonly random: RandomSource;
  /** How long to wait for an acknowledgement before all is sent again; doubled each time. */
  readonly timeoutMs?: number;
}

/**
 * One end of a QUIC connection, as small as one can be that others understand: version 1, one packet in each datagram, lost
 * packets found by a timer alone, no congestion control, no migration, no Retry. Datagrams and times go in, datagrams and
 * events come out. TLS is the business of `@sealwire/core/quic`; here is what is around it.
 */
export class Endpoint {
  readonly handshake: QuicHandshake;
  readonly events: EndpointEvent[] = [];
  readonly #role: 'client' | 'server';
  readonly #timeoutMs: number;
  readonly #ids: ConnectionIds;
  readonly #spaces = {
    initial: new PacketSpace(),
    handshake: new PacketSpace(),
    application: new PacketSpace(),
  };
  readonly #keys: PacketKeys;
  readonly #unsent = new Unsent();
  #isConfirmed = false;
  #isClosed = false;
  readonly #datagrams: Uint8Array[] = [];
  #deadlineMs: number | undefined;
  #backoff = 1;

  private constructor(
    role: 'client' | 'server',
    { provider, random, timeoutMs = 100 }: EndpointOptions,
    make: (ownParameters: () => Uint8Array) => QuicHandshake,
  ) {
    this.#role = role;
    this.#keys = new PacketKeys(provider);
    this.#timeoutMs = timeoutMs;
    this.#ids = new ConnectionIds(role, random);
    this.handshake = make(() => this.#ids.ownParameters());
  }

  static client(options: EndpointOptions, tls: ClientOptions | ClientConfig): Endpoint {
    return new Endpoint('client', options, (parameters) =>
      createQuicClient(tls, { transportParameters: parameters() }),
    );
  }

  static server(options: EndpointOptions, tls: ServerOptions | ServerConfig): Endpoint {
    return new Endpoint('server', options, (parameters) =>
      createQuicServer(tls, { transportParameters: parameters }),
    );
  }

  start(nowMs: number): void {
    if (this.#role === 'client') this.#useInitialKeys(this.#ids.peer);
    this.handshake.start(nowMs);
    this.#settle(nowMs);
  }

  receive(datagram: Uint8Array, nowMs: number): void {
    for (const packet of packetsIn(datagram, this.#ids.own.length)) {
      if (this.#isClosed) return;
      if (this.#role === 'server' && this.#ids.original === undefined) {
        // RFC 9000 §14.1: small ones are no beginning.
        if (packet.level !== 'initial' || datagram.length < datagramBytes) return;
        this.#ids.peer = Uint8Array.from(packet.source);
        this.#useInitialKeys(packet.destination);
      }
      this.#receivePacket(packet, nowMs);
    }
    this.#settle(nowMs);
  }

  /** The time has come that `deadlineMs` says: what is underway is taken for lost. */
  timeout(nowMs: number): void {
    if (this.#deadlineMs === undefined || nowMs < this.#deadlineMs) return;
    this.#backoff = Math.min(2 * this.#backoff, 32);
    this.#deadlineMs = undefined;
    for (const level of spaceLevels) this.#unsent.again(level, this.#spaces[level].takeLost());
    this.#settle(nowMs);
  }

  /** Bytes of a stream that we have begun (a client's have the numbers 0, 4, 8, …), or that the peer has. */
  send(streamId: number, bytes: Uint8Array, isLast: boolean, nowMs: number): void {
    this.#unsent.streams.of(streamId).out.append(bytes, isLast);
    this.#settle(nowMs);
  }

  /** New keys in both directions (RFC 9001 §6.1). False: it is too early. */
  updateKeys(nowMs: number): boolean {
    if (!this.#isConfirmed || !this.#keys.update()) return false;
    this.events.push({ type: 'keysUpdated', by: 'us' });
    // Something must be said under them, so that the peer follows.
    this.#unsent.owesPing = true;
    this.#settle(nowMs);
    return true;
  }

  close(errorCode: number, reason: string): void {
    this.#close({ type: 'close', errorCode, isApplication: true, reason });
  }

  /** When to call `timeout`. */
  get deadlineMs(): number | undefined {
    return this.#isClosed ? undefined : this.#deadlineMs;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether the peer has all that we have to say. */
  get isIdle(): boolean {
    return this.#unsent.isEmpty && !this.#hasUnderway;
  }

  /** The datagrams that have to leave. */
  takeDatagrams(): Uint8Array[] {
    return this.#datagrams.splice(0);
  }

  // ------------------------------------------------------------------------------------------- packets in

  #receivePacket(packet: ProtectedPacket, nowMs: number): void {
    const { level } = packet;
    const space = this.#spaces[spaceOf(level)];
    const opened = this.#keys.open(packet, space.largestReceived);
    if (opened === undefined) return;
    if (level === 'application' && this.#keys.hasChanged(opened))
      this.events.push({ type: 'keysUpdated', by: 'peer' });
    if (this.#role === 'client' && level === 'initial') this.#ids.peer = Uint8Array.from(packet.source);
    try {
      const frames = decodeFrames(opened.payload);
      if (!space.receive(opened.packetNumber, frames.some(isEliciting))) return;
      for (const frame of frames) if (!this.#isClosed) this.#receiveFrame(level, frame, nowMs);
    } catch (error) {
      if (error instanceof PacketError) this.#closeFor(frameEncodingError, error.message);
      else if (error instanceof RangeError) this.#closeFor(protocolViolation, error.message);
      else throw error;
    }
  }

  #receiveFrame(level: QuicLevel, frame: Frame, nowMs: number): void {
    switch (frame.type) {
      case 'ack':
        if (this.#spaces[spaceOf(level)].acknowledge(frame.ranges).length > 0) {
          this.#backoff = 1;
          this.#deadlineMs = undefined;
        }
        return;
      case 'crypto':
        if (level === 'early') {
          this.handshake.receive(level, frame.data, nowMs);
        } else {
          const { incoming } = this.#unsent.crypto[level];
          incoming.add(frame);
          for (let bytes = incoming.next(); bytes !== undefined; bytes = incoming.next())
            this.handshake.receive(level, bytes, nowMs);
        }
        this.#drain();
        return;
      case 'stream': {
        const { id: streamId } = frame;
        const { in: incoming } = this.#unsent.streams.of(streamId);
        incoming.add(frame, frame.isLast);
        for (let bytes = incoming.next(); bytes !== undefined; bytes = incoming.next())
          this.events.push({ type: 'data', streamId, bytes, early: level === 'early' });
        if (incoming.ends()) this.events.push({ type: 'streamEnd', streamId });
        if (level === 'application') this.handshake.madeProgress();
        return;
      }
      case 'handshakeDone':
        if (this.#role === 'server') throw new RangeError('a client has sent HANDSHAKE_DONE');
        this.#confirm();
        return;
      case 'close': {
        const { errorCode, isApplication, reason } = frame;
        this.#end({ type: 'closed', by: 'peer', errorCode, isApplication, reason });
        return;
      }
      default:
        return;
    }
  }

  // ------------------------------------------------------------------------------------------------- TLS

  #drain(): void {
    for (let output = this.handshake.poll(); output !== undefined; output = this.handshake.poll()) {
      switch (output.type) {
        case 'crypto':
          if (output.level !== 'early') this.#unsent.crypto[output.level].outgoing.append(output.bytes);
          break;
        case 'keys':
          this.#keys.install(output);
          break;
        case 'discard':
          this.#discard(output.level);
          break;
        case 'connected':
          if (!this.#ids.areThoseOf(this.handshake.facts.peerTransportParameters))
            this.#closeFor(
              transportParameterError,
              'the connection IDs of the transport parameters are others',
            );
          this.events.push({ type: 'connected' });
          if (this.#role === 'server') {
            this.#unsent.owesHandshakeDone = true;
            this.#confirm();
          }
          break;
        case 'earlyDataRejected':
          this.#unsent.again('application', this.#spaces.application.takeLost());
          this.events.push({ type: 'earlyDataRejected' });
          break;
        case 'session':
          this.events.push({ type: 'session', session: output.session });
          break;
        case 'failed':
          this.#close({
            type: 'close',
            errorCode: output.errorCode,
            isApplication: false,
            reason: output.error.message,
          });
          break;
        default:
          break;
      }
    }
  }

  #useInitialKeys(destination: Uint8Array): void {
    this.#ids.original = Uint8Array.from(destination);
    this.#keys.useInitial(this.#role, destination);
  }

  #discard(level: QuicLevel): void {
    this.#keys.discard(level);
    if (level === 'initial' || level === 'handshake') this.#spaces[level].takeLost();
  }

  #confirm(): void {
    this.#isConfirmed = true;
    this.#discard('handshake');
  }

  // ------------------------------------------------------------------------------------------ packets out

  /** Whatever TLS and the streams have to say leaves now. */
  #settle(nowMs: number): void {
    this.#drain();
    if (this.#isClosed) return;
    for (const level of sendLevels) while (this.#sendPacket(level));
    if (this.#hasUnderway) this.#deadlineMs ??= nowMs + this.#timeoutMs * this.#backoff;
    else this.#deadlineMs = undefined;
  }

  /** False: there is nothing to send at this level. */
  #sendPacket(level: QuicLevel): boolean {
    // 1-RTT packets take over from 0-RTT packets, which acknowledge nothing.
    if (!this.#keys.canSeal(level) || (level === 'early' && this.#keys.canSeal('application'))) return false;
    const space = this.#spaces[spaceOf(level)];
    const frames: Frame[] = [];
    let room = datagramBytes - overheadBytes;
    // A server acknowledges 0-RTT packets before it has the client's Finished, as RFC 9001 §5.7 lets it: what is underway may be all that
    // a client's congestion control allows, and keep the Finished from leaving.
    const ack = level === 'early' ? undefined : space.takeAck();
    if (ack !== undefined) {
      frames.push(ack);
      room -= encodeFrame(ack).length;
    }
    const eliciting = this.#unsent.take(level, room);
    frames.push(...eliciting);
    if (frames.length === 0) return false;
    const number = space.nextNumber();
    if (eliciting.length > 0) space.sent(number, eliciting);
    this.#seal(level, number, frames);
    return true;
  }

  get #hasUnderway(): boolean {
    return spaceLevels.some((level) => this.#spaces[level].hasUnderway);
  }

  #seal(level: QuicLevel, number: number, frames: readonly Frame[]): void {
    const bytes = frames.flatMap((frame) => [...encodeFrame(frame)]);
    // RFC 9000 §14.1: datagrams with Initial packets are filled up, so that nobody can make much of little.
    const payload = new Uint8Array(level === 'initial' ? datagramBytes - overheadBytes : bytes.length);
    payload.set(bytes);
    const ids = { destination: this.#ids.peer, source: this.#ids.own };
    const { cipher, keyPhase } = this.#keys.sealing(level);
    this.#datagrams.push(sealPacket(level, ids, cipher, number, payload, keyPhase));
  }

  // -------------------------------------------------------------------------------------------------- end

  #closeFor(errorCode: number, reason: string): void {
    this.#close({ type: 'close', errorCode, isApplication: false, reason });
  }

  #close(frame: Extract<Frame, { type: 'close' }>): void {
    if (this.#isClosed) return;
    for (const level of sendLevels) {
      if (!this.#keys.canSeal(level) || level === 'early') continue;
      // RFC 9000 §10.2.3: what an application says is for the peer alone.
      const isPrivate = frame.isApplication && level !== 'application';
      const said = isPrivate
        ? { ...frame, isApplication: false, errorCode: applicationError, reason: '' }
        : frame;
      this.#seal(level, this.#spaces[spaceOf(level)].nextNumber(), [
        { ...said, reason: said.reason.slice(0, 200) },
      ]);
    }
    const { errorCode, isApplication, reason } = frame;
    this.#end({ type: 'closed', by: 'us', errorCode, isApplication, reason });
  }

  #end(event: Extract<EndpointEvent, { type: 'closed' }>): void {
    this.#isClosed = true;
    this.events.push(event);
    this.handshake.close();
  }
}

/** What every path carries (RFC 9000 §14). */
const datagramBytes = 1200;
/** Of a long header with our connection IDs, and of the tag. */
const overheadBytes = 46;
