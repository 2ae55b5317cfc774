import http2, {
  type ClientHttp2Session,
  type ClientSessionOptions,
  type SecureClientSessionOptions,
} from 'node:http2';
import { isIP } from 'node:net';
import { connect as connectTls } from '../socket/connect.ts';
import type { TLSSocketMethods } from '../socket/methods.ts';

type Options = ClientSessionOptions & SecureClientSessionOptions & { allowHTTP1?: boolean };
type Listener = (session: ClientHttp2Session, socket: TLSSocketMethods) => void;

/** `http2.connect(authority[, options][, listener])`. With `http:` it is Node's own. */
export function connect(
  authority: string | URL,
  given?: Options | Listener,
  second?: Listener,
): ClientHttp2Session {
  const listener = (typeof given === 'function' ? given : second) as never;
  const options: Options = typeof given === 'function' ? {} : (given ?? {});
  const url = typeof authority === 'string' ? new URL(authority) : authority;
  const protocol = url.protocol || options.protocol;
  if (protocol !== 'https:' || options.createConnection !== undefined)
    return http2.connect(authority, options, listener);
  const createConnection = (): TLSSocketMethods => secureSocket(url, options);
  return http2.connect(authority, { ...options, createConnection } as never, listener);
}

function secureSocket({ hostname, host: both, port }: URL, options: Options): TLSSocketMethods {
  const named = hostname || both || 'localhost';
  const host = named.startsWith('[') ? named.slice(1, -1) : named;
  const socket = connectTls(port === '' ? 443 : Number(port), host, {
    ALPNProtocols: options.allowHTTP1 === true ? ['h2', 'http/1.1'] : ['h2'],
    ...(isIP(host) ? {} : { servername: host }),
    ...options,
  });
  // For any other stream http2 makes a socket of its own, and begins at once.
  if (socket._handle?.isNative) untilSecure(socket);
  return socket;
}

/** A session begins with `secureConnect` on sockets of Node's own class, on others with `connect`: here, too, when all is secure. */
function untilSecure(socket: TLSSocketMethods): void {
  const { once } = socket;
  Object.defineProperty(socket, 'once', {
    configurable: true,
    value: (event: string, listener: (...args: unknown[]) => void): TLSSocketMethods => {
      const isFirst = event === 'connect';
      if (isFirst) Reflect.deleteProperty(socket, 'once');
      return once.call(socket, (isFirst ? 'secureConnect' : event) as 'timeout', listener);
    },
  });
}
