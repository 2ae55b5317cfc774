import {
  type IncomingMessage,
  type RequestListener,
  Server as HttpServer,
  type ServerOptions as HttpServerOptions,
  type ServerResponse,
} from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { callable, construct } from '../callable.ts';
import { validateObject } from '../errors/validators.ts';
import { Server as TlsServer } from '../server/server.ts';

export type ServerOptions = TlsOptions & HttpServerOptions<typeof IncomingMessage, typeof ServerResponse>;

const Parent = TlsServer as unknown as new () => InstanceType<typeof TlsServer>;
const http = HttpServer.prototype as unknown as Record<PropertyKey, unknown>;

class HttpsServerMethods extends Parent {}

// What a server of node:http does with its connections, by methods of its own, which ask for no more than its fields.
for (const name of ['close', 'closeAllConnections', 'closeIdleConnections', 'setTimeout']) {
  Object.defineProperty(HttpsServerMethods.prototype, name, {
    configurable: true,
    writable: true,
    value: http[name],
  });
}

export type Server = HttpsServerMethods;

/** `https.Server`: emits what `http.Server` emits, of requests that come by TLS. */
export const Server = callable<
  HttpsServerMethods,
  [options?: ServerOptions | RequestListener | null, listener?: RequestListener]
>(Object.defineProperty(HttpsServerMethods, 'name', { value: 'Server' }), TlsServer, initialise);

export function createServer(
  options?: ServerOptions | RequestListener | null,
  listener?: RequestListener,
): Server {
  return new Server(options, listener);
}

function initialise(
  self: HttpsServerMethods,
  given?: ServerOptions | RequestListener | null,
  second?: RequestListener,
): void {
  const listener = typeof given === 'function' ? given : second;
  if (given != null && typeof given !== 'function') validateObject(given, 'options');
  const options: ServerOptions = typeof given === 'function' ? {} : (given ?? {});
  const ofHttp = new HttpServer(options);
  for (const key of Reflect.ownKeys(ofHttp)) {
    if (!fieldsOfNet.has(key))
      Object.defineProperty(self, key, Object.getOwnPropertyDescriptor(ofHttp, key)!);
  }
  const negotiates = options.ALPNProtocols || options.ALPNCallback;
  construct(TlsServer, self, {
    noDelay: true,
    ...(negotiates ? {} : { ALPNProtocols: ['http/1.1'] }),
    ...options,
  });
  for (const take of ofHttp.listeners('connection')) self.on('secureConnection', take as never);
  for (const begin of ofHttp.listeners('listening')) self.on('listening', begin as () => void);
  const events = self as unknown as HttpServer;
  if (listener) events.on('request', listener);
  events.on('tlsClientError', (error: Error, socket: Socket) => {
    if (!events.emit('clientError', error, socket)) socket.destroy(error);
  });
}

/** Every server has these; ours has its own. */
const fieldsOfNet = new Set(Reflect.ownKeys(new NetServer()));
