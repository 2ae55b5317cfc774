import { Agent as HttpAgent, type AgentOptions as HttpAgentOptions } from 'node:http';
import type { ConnectionOptions } from 'node:tls';
import { callable, construct } from '../callable.ts';
import { connect } from '../socket/connect.ts';
import type { TLSSocketMethods } from '../socket/methods.ts';

export interface AgentOptions extends HttpAgentOptions, Omit<ConnectionOptions, keyof HttpAgentOptions> {
  /** Sessions to remember, to resume them; 0: none. Default 100. */
  maxCachedSessions?: number | undefined;
}

type Options = Record<string, unknown> & { readonly _agentKey?: string };

export interface SessionCache {
  readonly map: Record<string, Buffer>;
  list: string[];
}

/** Options that connections share which are used again for one another, in the order in which they are in a name. */
const namedOptions = [
  { name: 'ca' },
  { name: 'cert' },
  { name: 'clientCertEngine' },
  { name: 'ciphers' },
  { name: 'key' },
  { name: 'pfx' },
  { name: 'rejectUnauthorized', isGiven: (value: unknown) => value !== undefined },
  { name: 'servername', isGiven: (value: unknown, { host }: Options) => value && value !== host },
  { name: 'minVersion' },
  { name: 'maxVersion' },
  { name: 'secureProtocol' },
  { name: 'crl' },
  { name: 'honorCipherOrder', isGiven: (value: unknown) => value !== undefined },
  { name: 'ecdhCurve' },
  { name: 'dhparam' },
  { name: 'secureOptions', isGiven: (value: unknown) => value !== undefined },
  { name: 'sessionIdContext' },
  { name: 'sigalgs', shown: (value: unknown) => JSON.stringify(value) },
  { name: 'privateKeyIdentifier' },
  { name: 'privateKeyEngine' },
] as const;

/** Tells objects apart in a name, each for as long as it is there. */
function numberOf(object: object): number {
  let number = numbers.get(object);
  if (number === undefined) numbers.set(object, (number = ++lastNumber));
  return number;
}

const numbers = new WeakMap<object, number>();
let lastNumber = 0;

class AgentMethods extends HttpAgent {
  declare readonly options: AgentOptions;
  declare defaultPort: number;
  declare protocol: string;
  declare maxCachedSessions: number;
  declare _sessionCache: SessionCache;

  override getName(given?: object): string {
    const options = (given ?? {}) as Options;
    const parts = namedOptions.map((option) => {
      const value = options[option.name];
      const isGiven = 'isGiven' in option ? option.isGiven(value, options) : value;
      if (!isGiven) return '';
      return 'shown' in option ? option.shown(value) : String(value as string);
    });
    const { sealwire } = options;
    // Its functions judge peers and sign: what was made under others is not used for it.
    const ours = typeof sealwire === 'object' && sealwire !== null ? [`sealwire-${numberOf(sealwire)}`] : [];
    return [super.getName(options as never), ...parts, ...ours].join(':');
  }

  // @ts-expect-error newer type declarations have it, older ones do not
  createConnection(...args: unknown[]): TLSSocketMethods {
    const options = readArguments(args);
    const { _agentKey: key } = options;
    const session = key === undefined ? undefined : this._getSession(key);
    const socket = connect(session ? { session, ...options } : options);
    if (key !== undefined) {
      socket.on('session', (fresh: Buffer) => this._cacheSession(key, fresh));
      socket.once('close', (hasFailed) => {
        if (hasFailed) this._evictSession(key);
      });
    }
    return socket;
  }

  _getSession(key: string): Buffer | undefined {
    return this._sessionCache.map[key];
  }

  /** The one that has been there longest goes when there are too many. */
  _cacheSession(key: string, session: Buffer): void {
    if (this.maxCachedSessions === 0) return;
    const { map, list } = this._sessionCache;
    if (map[key] === undefined) {
      if (list.length >= this.maxCachedSessions) delete map[list.shift()!];
      list.push(key);
    }
    map[key] = session;
  }

  _evictSession(key: string): void {
    const { _sessionCache: cache } = this;
    cache.list = cache.list.filter((each) => each !== key);
    delete cache.map[key];
  }
}

/** `createConnection(options)`, `(port[, host][, options])`; a callback is of no use here. */
function readArguments(args: readonly unknown[]): Options {
  const options: Record<string, unknown> = {};
  for (const arg of args.slice(0, 3))
    if (typeof arg === 'object' && arg !== null) Object.assign(options, arg);
  const [port, host] = args;
  if (typeof port === 'number') options['port'] = port;
  if (typeof host === 'string') options['host'] = host;
  return options;
}

export type Agent = AgentMethods;

/** `https.Agent`: keeps connections for later requests, and sessions for later connections. */
export const Agent = callable<AgentMethods, [options?: AgentOptions]>(
  Object.defineProperty(AgentMethods, 'name', { value: 'Agent' }),
  HttpAgent,
  (self, options) => {
    construct(HttpAgent, self, options);
    self.defaultPort = 443;
    self.protocol = 'https:';
    self.maxCachedSessions = self.options.maxCachedSessions ?? 100;
    self._sessionCache = { map: Object.create(null) as Record<string, Buffer>, list: [] };
  },
);
