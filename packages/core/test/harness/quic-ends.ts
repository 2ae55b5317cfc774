import {
  createQuicClient,
  createQuicServer,
  quicVersions,
  type QuicLevel,
  type QuicOutput,
} from '../../src/quic.ts';
import { clientConfig, type ClientOptions } from '../../src/config/client.ts';
import type { ServerOptions } from '../../src/config/server.ts';
import { clientStart } from '../../src/hello/client-start.ts';
import { answersOf } from '../../src/interpret/configs.ts';
import { quicCarrier, type Carrier } from '../../src/machine/carrier.ts';
import { headerBytes } from '../../src/messages/envelope.ts';
import { decodeHandshake, encodeMessage, type Tls13Message } from '../../src/messages/tls13.ts';
import type { QuicServerTransport } from '../../src/quic/create.ts';
import { QuicHandshake } from '../../src/quic/quic-handshake.ts';
import { p256Credential, takesFixtures } from './fixtures.ts';
import { testProvider } from './node-provider.ts';

/** Two ends of TLS for QUIC, with somebody in between who may change what they say: nothing is protected here. */

export const nowMs = Date.UTC(2026, 10, 22);

export const ownParameters = {
  client: Uint8Array.of(0x0f, 0x00, 0x04, 0x04, 0x80, 0x01, 0x00, 0x00),
  server: Uint8Array.of(0x0f, 0x01, 0xaa, 0x04, 0x04, 0x80, 0x10, 0x00, 0x00),
};

export type Side = 'client' | 'server';

/** Bytes of CRYPTO frames on their way. */
export interface Crypto {
  readonly level: QuicLevel;
  readonly bytes: Uint8Array;
}

/** Changes a message on its way; raw bytes of a whole message, or of several; `undefined`: it is as it was. */
export type ChangeMessage = (message: Tls13Message, from: Side) => Tls13Message | Uint8Array | undefined;

export interface QuicEndsOptions {
  readonly client?: Partial<ClientOptions>;
  readonly server?: Partial<ServerOptions>;
  readonly clientVersion?: number;
  readonly serverTransport?: QuicServerTransport;
  /** What the client takes QUIC to be: it then breaks rules that ours keeps. */
  readonly clientCarrier?: Partial<Carrier>;
  readonly change?: ChangeMessage;
}

export class QuicEnds {
  readonly client: QuicHandshake;
  readonly server: QuicHandshake;
  readonly said: Readonly<Record<Side, QuicOutput[]>> = { client: [], server: [] };
  /** What is on its way to the other side, in order. */
  readonly underway: Readonly<Record<Side, Crypto[]>> = { client: [], server: [] };
  readonly #change: ChangeMessage;

  constructor({
    client,
    server,
    clientVersion,
    serverTransport,
    clientCarrier,
    change,
  }: QuicEndsOptions = {}) {
    this.#change = change ?? (() => undefined);
    const clientOptions: ClientOptions = {
      provider: testProvider,
      serverName: 'sealwire.test',
      alpnProtocols: ['test/1'],
      ...client,
      answers: { verifyPeer: takesFixtures, ...client?.answers },
    };
    this.client =
      clientCarrier === undefined
        ? createQuicClient(clientOptions, {
            transportParameters: ownParameters.client,
            ...(clientVersion === undefined ? {} : { version: clientVersion }),
          })
        : carelessClient(clientOptions, clientCarrier);
    this.server = createQuicServer(
      {
        provider: testProvider,
        credentials: [p256Credential],
        alpnProtocols: ['test/1'],
        ...server,
        answers: { verifyPeer: takesFixtures, ...server?.answers },
      },
      serverTransport ?? { transportParameters: ownParameters.server },
    );
    this.server.start(nowMs);
    this.client.start(nowMs);
    this.drain('server').drain('client');
  }

  /** Takes what a side says. */
  drain(side: Side): this {
    for (let output = this[side].poll(); output !== undefined; output = this[side].poll()) {
      this.said[side].push(output);
      if (output.type === 'crypto')
        this.underway[side].push({ level: output.level, bytes: this.#changed(output.bytes, side) });
    }
    return this;
  }

  /** Until nothing moves. */
  run(atMs = nowMs): this {
    const { client, server } = this.underway;
    while (client.length + server.length > 0) {
      for (const from of ['client', 'server'] as const) {
        const to = from === 'client' ? 'server' : 'client';
        for (const { level, bytes } of this.underway[from].splice(0)) {
          this[to].receive(level, bytes, atMs);
          this.drain(to);
        }
      }
    }
    return this;
  }

  /** Anything to one side, which answers. */
  deliver(to: Side, level: QuicLevel, message: Tls13Message | Uint8Array): this {
    this[to].receive(level, message instanceof Uint8Array ? message : encodeMessage(message), nowMs);
    return this.drain(to);
  }

  of<T extends QuicOutput['type']>(side: Side, type: T): Extract<QuicOutput, { type: T }>[] {
    return this.said[side].filter((each) => each.type === type) as Extract<QuicOutput, { type: T }>[];
  }

  failure(side: Side): Extract<QuicOutput, { type: 'failed' }> | undefined {
    return this.of(side, 'failed')[0];
  }

  #changed(bytes: Uint8Array, from: Side): Uint8Array {
    const parts: Uint8Array[] = [];
    for (const raw of messagesIn(bytes)) {
      const changed = this.#change(decodeHandshake(raw)!, from);
      parts.push(
        changed === undefined ? raw : changed instanceof Uint8Array ? changed : encodeMessage(changed),
      );
    }
    return Uint8Array.from(parts.flatMap((part) => [...part]));
  }
}

function carelessClient(options: ClientOptions, changes: Partial<Carrier>): QuicHandshake {
  const config = clientConfig(options);
  const { role, limits, keyLog, trace, errorEvidence, provider, entropy } = config;
  const versions = { original: quicVersions.v1, negotiated: quicVersions.v1 };
  return new QuicHandshake(
    { role, limits, keyLog, trace, errorEvidence, answers: answersOf(config) },
    {
      provider,
      entropy,
      limits,
      carrier: { ...quicCarrier(() => ownParameters.client, versions), ...changes },
      first: clientStart.enter({ state: { at: 'idle', config } }),
    },
    versions,
  );
}

export function messagesIn(bytes: Uint8Array): Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = headerBytes + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!);
    messages.push(bytes.subarray(at, at + length));
    at += length;
  }
  return messages;
}
