import type { ClientOptions, Facts, ServerConfig } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { Endpoint, type EndpointEvent } from '@sealwire/message-link';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { waitFor } from '../processes.ts';

/** Our end of a QUIC connection over UDP: the endpoint of the example, with a socket and a clock. */
export class OwnQuic {
  readonly endpoint: Endpoint;
  readonly #post: (datagram: Uint8Array) => void;
  readonly #received = new Map<number, Uint8Array[]>();
  readonly #seen: EndpointEvent[] = [];
  readonly #waiters = new Set<() => void>();
  readonly #echoes: boolean;
  #timer: NodeJS.Timeout | undefined;

  constructor(endpoint: Endpoint, post: (datagram: Uint8Array) => void, echoes: boolean) {
    this.endpoint = endpoint;
    this.#post = post;
    this.#echoes = echoes;
  }

  get facts(): Facts {
    return this.endpoint.handshake.facts;
  }

  receive(datagram: Uint8Array): void {
    this.endpoint.receive(datagram, Date.now());
    this.pump();
  }

  /** Whatever the endpoint has to say. */
  pump(): void {
    for (const event of this.endpoint.events.splice(0)) this.#note(event);
    for (const datagram of this.endpoint.takeDatagrams()) this.#post(datagram);
    clearTimeout(this.#timer);
    const { deadlineMs } = this.endpoint;
    if (deadlineMs !== undefined) {
      const late = () => {
        this.endpoint.timeout(Date.now());
        this.pump();
      };
      this.#timer = setTimeout(late, Math.max(1, deadlineMs - Date.now()));
    }
    for (const waiter of this.#waiters) waiter();
  }

  count(type: EndpointEvent['type'], by?: 'us' | 'peer'): number {
    return this.#seen.filter(
      (each) => each.type === type && (by === undefined || ('by' in each && each.by === by)),
    ).length;
  }

  events<T extends EndpointEvent['type']>(type: T): Extract<EndpointEvent, { type: T }>[] {
    return this.#seen.filter((each) => each.type === type) as Extract<EndpointEvent, { type: T }>[];
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    const over = () => this.endpoint.isClosed && !condition();
    await waitFor(this.#waiters, condition, over, `we: no ${what}${this.#ending()}`, patienceMs);
  }

  /** Sends on a new stream, and waits for the same to come back. */
  async echo(streamId: number, bytes: Uint8Array): Promise<void> {
    this.endpoint.send(streamId, bytes, true, Date.now());
    this.pump();
    await this.until(
      () => this.#seen.some((each) => each.type === 'streamEnd' && each.streamId === streamId),
      'echo',
    );
    if (Buffer.compare(Buffer.concat(this.#received.get(streamId) ?? []), bytes) !== 0)
      throw new Error('we: other bytes came back');
  }

  close(): void {
    this.endpoint.close(0, 'done');
    this.pump();
  }

  #note(event: EndpointEvent): void {
    this.#seen.push(event);
    if (event.type === 'data') {
      const pieces = this.#received.get(event.streamId) ?? [];
      this.#received.set(event.streamId, [...pieces, event.bytes]);
      if (this.#echoes) this.endpoint.send(event.streamId, event.bytes, false, Date.now());
    }
    if (event.type === 'streamEnd' && this.#echoes)
      this.endpoint.send(event.streamId, new Uint8Array(0), true, Date.now());
  }

  #ending(): string {
    const closed = this.events('closed')[0];
    return closed === undefined
      ? ''
      : ` (closed by ${closed.by}: 0x${closed.errorCode.toString(16)} ${closed.reason})`;
  }
}

/** A client; `early`: what is to leave at once on stream 0, with the first packets. */
export async function dialQuic(
  port: number,
  tls: ClientOptions,
  early?: Uint8Array,
): Promise<{ readonly own: OwnQuic; end(): Promise<void> }> {
  const socket = await boundSocket();
  const endpoint = Endpoint.client(endpointOptions, tls);
  const own = new OwnQuic(endpoint, (datagram) => socket.send(datagram, port, '127.0.0.1'), false);
  socket.on('message', (datagram) => own.receive(datagram));
  if (early !== undefined) endpoint.send(0, early, true, Date.now());
  endpoint.start(Date.now());
  own.pump();
  return {
    own,
    async end() {
      own.close();
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** A server that echoes streams; a connection for each port that somebody speaks from. */
export async function serveQuic(
  tls: ServerConfig,
): Promise<{ readonly port: number; readonly connections: readonly OwnQuic[]; end(): Promise<void> }> {
  const socket = await boundSocket();
  const byPort = new Map<number, OwnQuic>();
  socket.on('message', (datagram, { port, address }: RemoteInfo) => {
    let own = byPort.get(port);
    if (own === undefined) {
      const endpoint = Endpoint.server(endpointOptions, tls);
      own = new OwnQuic(endpoint, (bytes) => socket.send(bytes, port, address), true);
      byPort.set(port, own);
      endpoint.start(Date.now());
    }
    own.receive(datagram);
    // What the application says to it, such as an echo, leaves as well.
    own.pump();
  });
  return {
    port: socket.address().port,
    get connections() {
      return [...byPort.values()];
    },
    async end() {
      for (const own of byPort.values()) own.close();
      socket.close();
      await once(socket, 'close');
    },
  };
}

async function boundSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

const endpointOptions = { provider, random: (length: number) => provider.random(length), timeoutMs: 300 };
const patienceMs = 20_000;
