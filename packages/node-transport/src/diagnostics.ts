import type { ClientConfig, Facts, ServerConfig } from '@sealwire/core';
import { channel } from 'node:diagnostics_channel';
import type { Duplex } from 'node:stream';

/**
 * What happens to connections, for those who watch a process by `node:diagnostics_channel`. No message has secrets or data in it.
 * Where nobody has subscribed, nothing is made.
 */
export interface ConnectionMessage {
  /** Of this connection, the same in all its messages; unique in the process. */
  readonly id: number;
  readonly role: 'client' | 'server';
  /** The `TlsStream`. Not enumerable, so that who writes messages down does not write down what a stream holds. */
  readonly connection: Duplex;
}

/** On `sealwire:client:start` and `sealwire:server:start`: a handshake is to begin. */
export interface StartMessage extends ConnectionMessage {
  /** Client: the name that is expected of the server. */
  readonly serverName: string | undefined;
}

/** On `sealwire:client:connected` and `sealwire:server:connected`: a handshake is complete. */
export interface ConnectedMessage extends ConnectionMessage {
  /** From the start; of another handshake on the same connection too. */
  readonly durationMs: number;
  /** For example 0x0304. */
  readonly version: number | undefined;
  readonly cipherSuite: number | undefined;
  readonly group: number | undefined;
  readonly alpnProtocol: string | null | undefined;
  readonly resumed: boolean | undefined;
  /** The name that the client has asked for. */
  readonly serverName: string | undefined;
}

/** On `sealwire:client:error` and `sealwire:server:error`: a handshake, or the connection after it, has failed. */
export interface ErrorMessage extends ConnectionMessage {
  readonly error: Error;
  /** Whether a handshake was complete. */
  readonly wasConnected: boolean;
  readonly durationMs: number;
}

/** On `sealwire:client:end` and `sealwire:server:end`: the last of every connection. */
export interface EndMessage extends ConnectionMessage {
  readonly durationMs: number;
}

const channels = {
  client: channelsOf('client'),
  server: channelsOf('server'),
} as const;

function channelsOf(role: 'client' | 'server') {
  const of = (what: string) => channel(`sealwire:${role}:${what}`);
  return { start: of('start'), connected: of('connected'), error: of('error'), end: of('end') };
}

/** Tells of one connection. */
export class Diagnostics {
  readonly #id = nextId++;
  readonly #role: 'client' | 'server';
  readonly #connection: Duplex;
  readonly #startMs = Date.now();

  constructor(role: 'client' | 'server', connection: Duplex) {
    this.#role = role;
    this.#connection = connection;
  }

  start(config: ClientConfig | ServerConfig): void {
    const { start } = channels[this.#role];
    if (!start.hasSubscribers) return;
    start.publish(this.#message({ serverName: config.role === 'client' ? config.serverName : undefined }));
  }

  connected({ version, cipherSuite, group, alpnProtocol, resumed, serverName }: Facts): void {
    const { connected } = channels[this.#role];
    if (!connected.hasSubscribers) return;
    const known = { version, cipherSuite, group, alpnProtocol, resumed, serverName };
    connected.publish(this.#message({ ...known, durationMs: this.#durationMs() }));
  }

  ended(error: Error | null, wasConnected: boolean): void {
    const channelsHere = channels[this.#role];
    if (error !== null && channelsHere.error.hasSubscribers) {
      channelsHere.error.publish(this.#message({ error, wasConnected, durationMs: this.#durationMs() }));
    }
    if (channelsHere.end.hasSubscribers)
      channelsHere.end.publish(this.#message({ durationMs: this.#durationMs() }));
  }

  #durationMs(): number {
    return Math.max(0, Date.now() - this.#startMs);
  }

  #message(fields: object): object {
    const message = { id: this.#id, role: this.#role, ...fields };
    return Object.defineProperty(message, 'connection', { value: this.#connection });
  }
}

let nextId = 1;
