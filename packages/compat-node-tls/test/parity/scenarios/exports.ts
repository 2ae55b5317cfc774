import { alone, type Scenario, type Tls } from '../scenario.ts';
import { outcomeOf } from '../recorder.ts';

type Ask = (tls: Tls & Record<string, unknown>) => unknown;

const protocols =
  (given: unknown): Ask =>
  (tls) => {
    const out: { ALPNProtocols?: Uint8Array } = {};
    (tls['convertALPNProtocols'] as (given: unknown, out: object) => void)(given, out);
    return [Object.keys(out), out.ALPNProtocols && Buffer.from(out.ALPNProtocols).toString('hex')];
  };

const asks: Record<string, Ask> = {
  constants: (tls) => [tls.CLIENT_RENEG_LIMIT, tls.CLIENT_RENEG_WINDOW, tls.DEFAULT_ECDH_CURVE],
  'default versions': (tls) => [tls.DEFAULT_MIN_VERSION, tls.DEFAULT_MAX_VERSION],
  'default ciphers': (tls) => tls.DEFAULT_CIPHERS,
  'what is exported': (tls) =>
    Object.keys(tls)
      .filter((name) => name !== 'default')
      .sort(),
  getCiphers: (tls) => [...tls.getCiphers()].sort(),
  'getCiphers gives a new list': (tls) => new Set([tls.getCiphers(), tls.getCiphers()]).size,
  rootCertificates: (tls) => [tls.rootCertificates.length, Object.isFrozen(tls.rootCertificates)],
  'rootCertificates cannot be set': (tls) => Object.assign(tls, { rootCertificates: [] }),
  'names of the classes': (tls) => [
    tls.TLSSocket.name,
    tls.Server.name,
    (tls['SecureContext'] as { name: string }).name,
  ],
  'names of the functions': (tls) => [tls.connect.name, tls.createServer.name, tls.createSecureContext.name],
  'numbers of parameters': (tls) => [
    tls.createServer.length,
    tls.createSecureContext.length,
    tls.TLSSocket.length,
  ],
  'keys of a context': (tls) => Object.keys(tls.createSecureContext()),
  'methods of TLSSocket': (tls) => publicNames(tls.TLSSocket.prototype),
  'methods of Server': (tls) => publicNames(tls.Server.prototype),
  'what a socket inherits': (tls) => ancestors(tls.TLSSocket),
  'what a server inherits': (tls) => ancestors(tls.Server),
  'properties of a server': (tls) =>
    Object.keys(tls.createServer())
      .filter((name) => !name.startsWith('_'))
      .sort(),
  'values of a server': (tls) => {
    const server = tls.createServer({ honorCipherOrder: false, sessionTimeout: 5 }) as unknown as Record<
      string,
      unknown
    >;
    const names = [
      'requestCert',
      'rejectUnauthorized',
      'honorCipherOrder',
      'sessionTimeout',
      'sessionIdContext',
    ];
    return [...names, 'ALPNProtocols', 'key', 'ciphers', 'minVersion'].map((name) => server[name]);
  },
  'ALPN: an array': protocols(['h2', 'http/1.1']),
  'ALPN: an empty array': protocols([]),
  'ALPN: a buffer': protocols(Buffer.from('\x02h2')),
  'ALPN: a view': protocols(new Uint16Array([0x6101])),
  'ALPN: a string': protocols('h2'),
  'ALPN: nothing': protocols(undefined),
  'ALPN: an empty name': protocols(['']),
  'ALPN: 255 characters': protocols(['a'.repeat(255)]),
  'ALPN: 256 characters': protocols(['a'.repeat(256)]),
  'ALPN: a number in the array': protocols([1]),
  'a default that is set: DEFAULT_MIN_VERSION': (tls) => withDefault(tls, 'DEFAULT_MIN_VERSION', 'junk'),
  'a default that is set: DEFAULT_MAX_VERSION': (tls) => withDefault(tls, 'DEFAULT_MAX_VERSION', 'junk'),
  'a default that is set: DEFAULT_ECDH_CURVE': (tls) => withDefault(tls, 'DEFAULT_ECDH_CURVE', 'junk'),
};

function publicNames(prototype: object): string[] {
  return Object.getOwnPropertyNames(prototype)
    .filter((name) => !name.startsWith('_'))
    .sort();
}

function ancestors(of: { prototype: object }): string[] {
  const names: string[] = [];
  for (let each: object | null = of.prototype; each; each = Object.getPrototypeOf(each) as object | null) {
    if (names.at(-1) !== each.constructor.name) names.push(each.constructor.name);
  }
  return names;
}

function withDefault(tls: Record<string, unknown>, name: string, value: unknown): unknown {
  const before = tls[name];
  tls[name] = value;
  try {
    return outcomeOf(() => typeof (tls['createSecureContext'] as () => unknown)());
  } finally {
    tls[name] = before;
  }
}

export const moduleScenarios: readonly Scenario[] = alone(
  'module',
  Object.entries(asks).map(([name, ask]) => ({ name, ask })),
  ({ client, onClient }, { ask }) =>
    onClient.note(
      'is',
      outcomeOf(() => ask(client as never)),
    ),
);
