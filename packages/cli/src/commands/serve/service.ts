import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { TlsStream } from '@sealwire/node-transport';

/** Serves one connection, to its end. */
export type Service = (stream: TlsStream) => Promise<void>;

/** Sends back what comes; ends when the client has ended. */
export const echo: Service = async (stream) => {
  for await (const chunk of stream) await stream.send(chunk);
  await stream.close({ timeoutMs: 2_000 });
};

/** Answers HTTP/1.1, by Node's own server, which takes any stream for a connection. */
export function httpService(listener: (stream: TlsStream) => RequestListener): Service {
  const streams = new WeakMap<object, RequestListener>();
  const server = createServer({ requestTimeout: 30_000, keepAliveTimeout: 5_000 }, (request, response) =>
    streams.get(request.socket)?.(request, response),
  );
  return async (stream) => {
    streams.set(stream, listener(stream));
    server.emit('connection', stream);
    if (!stream.closed) await once(stream, 'close');
  };
}
