import { alone, type Scenario, type Stage, type Tls } from '../scenario.ts';
import { outcomeOf } from '../recorder.ts';

interface Call {
  readonly name: string;
  /** What is called, with arguments that the types do not allow. */
  readonly call: (tls: Loose, stage: Stage) => unknown;
}

type AnyFunction = (...args: unknown[]) => unknown;
type Loose = Record<string, AnyFunction & (new (...args: unknown[]) => unknown)>;

const context = (options: unknown) => (tls: Loose) => typeof tls['createSecureContext']!(options);
const server =
  (...args: unknown[]) =>
  (tls: Loose) => {
    const made = tls['createServer']!(...args) as { listenerCount(name: string): number };
    return [made.constructor.name, made.listenerCount('secureConnection')];
  };
/** A name that is never found, so that what is left of a call that throws connects nowhere. */
const nowhere = { host: 'nowhere.test', lookup: () => {} };

const refusedConnect = (options: object) => (tls: Loose) => {
  const socket = tls['connect']!({ ...nowhere, ...options }) as {
    on(name: string, listener: () => void): void;
    destroy(): void;
  };
  socket.on('error', () => {});
  socket.destroy();
  return socket.constructor.name;
};

const contexts: Record<string, unknown> = {
  'no options': undefined,
  null: null,
  'a number as key': { key: 1 },
  'true as cert': { cert: true },
  'a number as ca': { ca: 1 },
  'an array with a number as ca': { ca: [1] },
  'junk as key': { key: 'junk' },
  'junk as cert': { cert: 'junk' },
  'junk as ca': { ca: 'junk' },
  'junk as crl': { crl: 'junk' },
  'junk as pfx': { pfx: Buffer.from('junk') },
  'a number as ciphers': { ciphers: 1 },
  'unknown ciphers': { ciphers: 'no-such-cipher' },
  'empty ciphers': { ciphers: '' },
  'a number as sigalgs': { sigalgs: 1 },
  'empty sigalgs': { sigalgs: '' },
  'unknown sigalgs': { sigalgs: 'no-such' },
  'a number as ecdhCurve': { ecdhCurve: 1 },
  'an unknown curve': { ecdhCurve: 'no-such' },
  'a number as dhparam': { dhparam: 1 },
  'junk as dhparam': { dhparam: 'junk' },
  'an unknown minVersion': { minVersion: 'TLSv9' },
  'an unknown maxVersion': { maxVersion: 3 },
  'a range that is empty': { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' },
  'secureProtocol beside minVersion': { secureProtocol: 'TLS_method', minVersion: 'TLSv1.2' },
  'an unknown secureProtocol': { secureProtocol: 'junk' },
  SSLv3: { secureProtocol: 'SSLv3_method' },
  'a number as secureProtocol': { secureProtocol: 3 },
  'a string as secureOptions': { secureOptions: 'x' },
  'a negative secureOptions': { secureOptions: -1 },
  'a fraction as secureOptions': { secureOptions: 1.5 },
  'a number as sessionIdContext': { sessionIdContext: 1 },
  'a long sessionIdContext': { sessionIdContext: 'x'.repeat(33) },
  'a string as sessionTimeout': { sessionTimeout: 'x' },
  'a negative sessionTimeout': { sessionTimeout: -1 },
  'a string as ticketKeys': { ticketKeys: 'x' },
  'ticketKeys too short': { ticketKeys: Buffer.alloc(47) },
  'a number as passphrase': { key: [{ pem: 'x', passphrase: 1 }] },
  'a number as clientCertEngine': { clientCertEngine: 1 },
  'a privateKeyEngine alone': { privateKeyEngine: 'x' },
  'a number as privateKeyIdentifier': { privateKeyEngine: 'x', privateKeyIdentifier: 1 },
  'a string as allowPartialTrustChain': { allowPartialTrustChain: 'x' },
};

const servers: Record<string, readonly unknown[]> = {
  nothing: [],
  null: [null],
  'undefined and a listener': [undefined, () => {}],
  'a listener': [() => {}],
  'options and a listener': [{}, () => {}],
  'a number': [1],
  'a string': ['x'],
  'a number as handshakeTimeout': [{ handshakeTimeout: 'x' }],
  'a number as SNICallback': [{ SNICallback: 1 }],
  'a number as ALPNCallback': [{ ALPNCallback: 1 }],
  'ALPNCallback and ALPNProtocols': [{ ALPNCallback: () => 'a', ALPNProtocols: ['a'] }],
  'a number as pskCallback': [{ pskCallback: 1 }],
  'a number as pskIdentityHint': [{ pskIdentityHint: 1 }],
  'a string as enableTrace': [{ enableTrace: 'x' }],
  'a name too long for ALPN': [{ ALPNProtocols: ['a'.repeat(256)] }],
  'a negative handshakeTimeout': [{ handshakeTimeout: -1 }],
  'a second argument that is no function': [{}, 1],
};

const connects: Record<string, object> = {
  'a port too large': { port: 65_536 },
  'a port that is no number': { port: 'x' },
  'a negative port': { port: -1 },
  'a host that is no string': { port: 1, host: 1 },
  'a number as pskCallback': { port: 1, pskCallback: 1 },
  'a number as checkServerIdentity': { port: 1, checkServerIdentity: 1 },
  'minDHSize of nothing': { port: 1, minDHSize: 0 },
  'minDHSize that is no number': { port: 1, minDHSize: 'x' },
  'a number as servername': { port: 1, servername: 1 },
  'a number as session': { port: 1, session: 1 },
  'a string as socket': { socket: 'x' },
  'an object as socket': { socket: {} },
  'an object as secureContext': { port: 1, secureContext: {} },
  'a name too long for ALPN': { port: 1, ALPNProtocols: ['a'.repeat(256)] },
  'a string as enableTrace': { port: 1, enableTrace: 'x' },
  'a number as lookup': { port: 1, host: 'localhost', lookup: 1 },
  'a number as signal': { port: 1, signal: 1 },
  'a string as timeout': { port: 1, timeout: 'x' },
  'a number as path': { path: 1 },
  'a string as highWaterMark': { port: 1, highWaterMark: 'x' },
};

const more: readonly Call[] = [
  { name: 'connect()', call: (tls) => tls['connect']!() },
  { name: 'connect(null)', call: (tls) => tls['connect']!(null) },
  { name: 'TLSSocket of a string', call: (tls) => new tls['TLSSocket']!('x') },
  { name: 'TLSSocket of an object', call: (tls) => new tls['TLSSocket']!({}) },
  { name: 'TLSSocket of a number', call: (tls) => new tls['TLSSocket']!(1) },
  { name: 'TLSSocket called without new', call: (tls) => typeof tls['TLSSocket']!(null, {}) },
  {
    name: 'TLSSocket of null',
    call: (tls) => (new tls['TLSSocket']!(null) as { encrypted: unknown }).encrypted,
  },
  { name: 'Server called without new', call: (tls) => typeof tls['Server']!() },
  { name: 'SecureContext called without new', call: (tls) => typeof tls['SecureContext']!() },
  {
    name: 'TLSSocket with a secureContext that is none',
    call: (tls) => new tls['TLSSocket']!(null, { secureContext: {} }),
  },
  {
    name: 'addContext without a name',
    call: (tls) => (tls['createServer']!() as Loose)['addContext']!('', {}),
  },
  { name: 'addContext without anything', call: (tls) => (tls['createServer']!() as Loose)['addContext']!() },
  {
    name: 'addContext without a context',
    call: (tls) => (tls['createServer']!() as Loose)['addContext']!('a'),
  },
  {
    name: 'setSecureContext of a number',
    call: (tls) => (tls['createServer']!() as Loose)['setSecureContext']!(1),
  },
  {
    name: 'setSecureContext without anything',
    call: (tls) => (tls['createServer']!() as Loose)['setSecureContext']!(),
  },
  {
    name: 'setTicketKeys of a string',
    call: (tls) => (tls['createServer']!() as Loose)['setTicketKeys']!('x'),
  },
  { name: 'getTicketKeys', call: (tls) => (tls['createServer']!() as Loose)['getTicketKeys']!() },
];

function list(
  calls: Record<string, unknown>,
  area: string,
  call: (of: never) => (tls: Loose) => unknown,
): Call[] {
  return Object.entries(calls).map(([name, of]) => ({ name: `${area}: ${name}`, call: call(of as never) }));
}

export const argumentScenarios: readonly Scenario[] = alone(
  'arguments',
  [
    ...list(contexts, 'createSecureContext', context),
    ...list(servers, 'createServer', (args: readonly unknown[]) => server(...args)),
    ...list(connects, 'connect', refusedConnect),
    ...more,
  ],
  (stage, { call }) =>
    stage.onClient.note(
      'is',
      outcomeOf(() => call(stage.client as Tls as never, stage)),
    ),
);
