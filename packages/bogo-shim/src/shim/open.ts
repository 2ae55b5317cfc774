import type { Socket } from 'node:net';
import {
  type Answers,
  clientConfig,
  createClient,
  createServer,
  type Facts,
  serverConfig,
} from '@sealwire/core';
import type { Flags } from '../flags/table.ts';
import { quicClientOf, quicServerOf } from '../quic/create.ts';
import { QuicEndpoint } from '../quic/endpoint.ts';
import type { NumberedCredential } from './credentials.ts';
import type { EndpointOptions } from './endpoint-base.ts';
import { Endpoint } from './endpoint.ts';
import type { Memory } from './memory.ts';
import { clientOptions, serverOptions } from './settings.ts';

/** A connection of the core as the flags have it, before there is a socket. */
export interface Opened {
  readonly facts: Facts;
  over(socket: Socket, options: EndpointOptions): Endpoint | QuicEndpoint;
}

export function open(
  flags: Flags,
  credentials: readonly NumberedCredential[],
  answers: Answers,
  memory: Memory,
): Opened {
  const config = flags.server
    ? serverConfig(serverOptions(flags, credentials, answers, memory))
    : clientConfig(clientOptions(flags, credentials, answers));
  if (flags.quic) {
    const handshake = config.role === 'server' ? quicServerOf(flags, config) : quicClientOf(flags, config);
    return {
      get facts() {
        return handshake.facts;
      },
      over: (socket, options) => new QuicEndpoint(socket, handshake, options),
    };
  }
  const connection = config.role === 'server' ? createServer(config) : createClient(config);
  return {
    get facts() {
      return connection.facts;
    },
    over: (socket, options) => new Endpoint(socket, connection, options),
  };
}
