import { ByteWire } from '@sealwire/testkit';
import type { Bun, BunListener } from '../src/bun.ts';
import { FakeSocket } from './fake-socket.ts';

type ListenOptions = Parameters<Bun['listen']>[0];

/** Bun with its sockets in memory. */
export class FakeBun {
  /** Both ends of each connection, as they were made. */
  readonly sockets: { readonly client: FakeSocket; readonly server: FakeSocket }[] = [];
  /** With what `listen` was called. */
  readonly listened: ListenOptions[] = [];
  readonly #listeners = new Map<string, ListenOptions>();
  /** Awaited before a connection comes about. */
  reached: Promise<void> = Promise.resolve();

  readonly bun = (): Bun => this as unknown as Bun;

  readonly listen = (options: ListenOptions): BunListener => {
    this.listened.push(options);
    const place = 'unix' in options ? options.unix : String(options.port || 1_000 + this.#listeners.size);
    if (this.#listeners.has(place))
      throw Object.assign(new Error('Failed to listen'), { code: 'EADDRINUSE' });
    this.#listeners.set(place, options);
    return {
      ...('unix' in options ? { unix: place } : { port: Number(place), hostname: options.hostname }),
      stop: () => void this.#listeners.delete(place),
      ref() {},
      unref() {},
    };
  };

  readonly connect = async (options: ListenOptions): Promise<FakeSocket> => {
    await this.reached;
    const listener = this.#listeners.get('unix' in options ? options.unix : String(options.port));
    const wire = new ByteWire();
    const client = Object.assign(new FakeSocket(wire.client), { data: options.data });
    if (listener === undefined) {
      const error = Object.assign(new Error('Failed to connect'), { code: 'ECONNREFUSED' });
      options.socket.connectError(client, error);
      throw error;
    }
    const server = Object.assign(new FakeSocket(wire.server), { data: listener.data });
    this.sockets.push({ client, server });
    listener.socket.open(server);
    server.reload({ socket: listener.socket as never });
    options.socket.open(client);
    client.reload({ socket: options.socket as never });
    return client;
  };
}
