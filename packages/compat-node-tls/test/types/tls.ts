/**
 * The types of this package beside those of `node:tls`. Nothing of this runs: `check:types` compiles it with each version of
 * `@types/node` that is supported, and each `@ts-expect-error` fails where the line below it compiles.
 */
import type * as theirs from 'node:tls';
import type { Duplex } from 'node:stream';
import tls, * as ours from '@sealwire/compat-node-tls';
import type { AnyMembers, IsAny, Mutual, Same } from './helpers.ts';

// The whole module, as the default import, and as a namespace.

export const byDefault: typeof import('node:tls') = tls;
export const byName: typeof import('node:tls') = ours;
// @ts-expect-error a member is missing
export const incomplete: typeof import('node:tls') = {} as Omit<typeof tls, 'connect'>;
// @ts-expect-error a member is another
export const another: typeof import('node:tls') = {} as Omit<typeof tls, 'connect'> & { connect: () => void };

// Types, both ways.

interface Pairs {
  Certificate: Mutual<ours.Certificate, theirs.Certificate>;
  CipherNameAndProtocol: Mutual<ours.CipherNameAndProtocol, theirs.CipherNameAndProtocol>;
  CommonConnectionOptions: Mutual<ours.CommonConnectionOptions, theirs.CommonConnectionOptions>;
  ConnectionOptions: Mutual<ours.ConnectionOptions, theirs.ConnectionOptions>;
  DetailedPeerCertificate: Mutual<ours.DetailedPeerCertificate, theirs.DetailedPeerCertificate>;
  EphemeralKeyInfo: Mutual<ours.EphemeralKeyInfo, theirs.EphemeralKeyInfo>;
  KeyObject: Mutual<ours.KeyObject, theirs.KeyObject>;
  PSKCallbackNegotation: Mutual<ours.PSKCallbackNegotation, theirs.PSKCallbackNegotation>;
  PeerCertificate: Mutual<ours.PeerCertificate, theirs.PeerCertificate>;
  PxfObject: Mutual<ours.PxfObject, theirs.PxfObject>;
  SecureContext: Mutual<ours.SecureContext, theirs.SecureContext>;
  SecureContextOptions: Mutual<ours.SecureContextOptions, theirs.SecureContextOptions>;
  SecureVersion: Same<ours.SecureVersion, theirs.SecureVersion>;
  Server: Mutual<ours.Server, theirs.Server>;
  TLSSocket: Mutual<ours.TLSSocket, theirs.TLSSocket>;
  TLSSocketOptions: Mutual<ours.TLSSocketOptions, theirs.TLSSocketOptions>;
  TlsOptions: Mutual<ours.TlsOptions, theirs.TlsOptions>;
}
type Holding = { [Name in keyof Pairs]: true };
export const pairs = {} as Pairs satisfies Holding;
// @ts-expect-error the comparison itself tells a difference
export const control: true = {} as Mutual<{ a: string }, { a: string | number }>;

// Every type is also to be had by the default import.

type NamedByDefault = { [Name in keyof Named]: true };
interface Named {
  Certificate: Same<tls.Certificate, ours.Certificate>;
  CertificateCompressionAlgorithm: Same<
    tls.CertificateCompressionAlgorithm,
    ours.CertificateCompressionAlgorithm
  >;
  CipherNameAndProtocol: Same<tls.CipherNameAndProtocol, ours.CipherNameAndProtocol>;
  CommonConnectionOptions: Same<tls.CommonConnectionOptions, ours.CommonConnectionOptions>;
  ConnectionOptions: Same<tls.ConnectionOptions, ours.ConnectionOptions>;
  DetailedPeerCertificate: Same<tls.DetailedPeerCertificate, ours.DetailedPeerCertificate>;
  EphemeralKeyInfo: Same<tls.EphemeralKeyInfo, ours.EphemeralKeyInfo>;
  KeyObject: Same<tls.KeyObject, ours.KeyObject>;
  PSKCallbackNegotation: Same<tls.PSKCallbackNegotation, ours.PSKCallbackNegotation>;
  PeerCertificate: Same<tls.PeerCertificate, ours.PeerCertificate>;
  PxfObject: Same<tls.PxfObject, ours.PxfObject>;
  SecureContext: Same<tls.SecureContext, ours.SecureContext>;
  SecureContextOptions: Same<tls.SecureContextOptions, ours.SecureContextOptions>;
  SecurePair: Same<tls.SecurePair, ours.SecurePair>;
  SecureVersion: Same<tls.SecureVersion, ours.SecureVersion>;
  Server: Same<tls.Server, ours.Server>;
  TLSSocket: Same<tls.TLSSocket, ours.TLSSocket>;
  TLSSocketOptions: Same<tls.TLSSocketOptions, ours.TLSSocketOptions>;
  TlsOptions: Same<tls.TlsOptions, ours.TlsOptions>;
}
export const named = {} as Named satisfies NamedByDefault;

// Nothing of ours is `any`.

type NoAny<T> = [AnyMembers<T>] extends [never] ? true : AnyMembers<T>;
export const withoutAny: readonly [
  NoAny<typeof tls>,
  NoAny<ours.NativeContext>,
  NoAny<ours.SecureContext>,
  NoAny<ours.ConnectionOptions>,
  NoAny<ours.SecureContextOptions>,
  NoAny<ours.TlsOptions>,
  NoAny<ours.TLSSocketOptions>,
  IsAny<ours.TLSSocket>,
  IsAny<ours.Server>,
] = [true, true, true, true, true, true, true, false, false];
// @ts-expect-error Node's own has one, which shows that the search finds it
export const control2: NoAny<theirs.SecureContext> = true;

// Callbacks, which take what they are given and give what is asked.

declare const theirCallbacks: {
  check: NonNullable<theirs.ConnectionOptions['checkServerIdentity']>;
  sni: NonNullable<theirs.TlsOptions['SNICallback']>;
  alpn: NonNullable<theirs.TlsOptions['ALPNCallback']>;
  serverPsk: NonNullable<theirs.TlsOptions['pskCallback']>;
  clientPsk: NonNullable<theirs.ConnectionOptions['pskCallback']>;
};
export const callbacks: Pick<ours.TlsOptions, 'SNICallback' | 'ALPNCallback' | 'pskCallback'> = {
  SNICallback: theirCallbacks.sni,
  ALPNCallback: theirCallbacks.alpn,
  pskCallback: theirCallbacks.serverPsk,
};
export const clientCallbacks: ours.ConnectionOptions = {
  checkServerIdentity: theirCallbacks.check,
  pskCallback: theirCallbacks.clientPsk,
};
export const ownCheck: theirs.ConnectionOptions = { checkServerIdentity: tls.checkServerIdentity };
export const ownSni: theirs.TlsOptions = {
  SNICallback: (name, done) => done(null, tls.createSecureContext({ cert: name })),
  pskCallback: (socket: ours.TLSSocket, identity) => (socket.authorized ? Buffer.from(identity) : null),
};
// @ts-expect-error a name is text
export const wrongSni: ours.TlsOptions = { SNICallback: (name: number) => void name };
// @ts-expect-error a key is bytes
export const wrongPsk: ours.TlsOptions = { pskCallback: () => 'secret' };
// @ts-expect-error a protocol is text
export const wrongAlpn: ours.TlsOptions = { ALPNCallback: () => 1 };

// Promises, which Node does not take: where functions are called, not in options that are handed on.

tls.connect({ port: 1, pskCallback: async (hint) => ({ psk: Buffer.alloc(16), identity: hint ?? '' }) });
tls.createServer({
  pskCallback: async (_socket, identity) => Buffer.from(identity),
  ALPNCallback: async () => 'h2',
});
new tls.Server({ ALPNCallback: async ({ protocols }) => protocols[0] });
// @ts-expect-error a promise of text
tls.createServer({ pskCallback: async () => 'secret' });
// @ts-expect-error Node takes no promise
export const handedOn: ours.TlsOptions = { pskCallback: async () => Buffer.alloc(16) };

// `connect`, in each of its forms.

declare const stream: Duplex;
export const sockets: theirs.TLSSocket[] = [
  tls.connect({ port: 1 }),
  tls.connect({ socket: stream, servername: 'a', ALPNProtocols: ['h2'] }, () => {}),
  tls.connect(1),
  tls.connect(1, 'host'),
  tls.connect(1, 'host', {}),
  tls.connect(1, 'host', {}, () => {}),
  tls.connect(1, 'host', () => {}),
  tls.connect(1, {}, () => {}),
  tls.connect(1, () => {}),
  tls.connect('/path', {}, () => {}),
  tls.connect({ port: 1, certificateCompression: ['zlib'], signal: AbortSignal.abort() }),
  new tls.TLSSocket(stream, { isServer: true }),
  tls.TLSSocket(stream),
];
// @ts-expect-error there is nothing to connect to
tls.connect();
// @ts-expect-error misspelt
tls.connect({ port: 1, rejectUnauthorised: false });
// @ts-expect-error no such version
tls.connect({ port: 1, minVersion: 'TLSv1.4' });
// @ts-expect-error no such form of compression
tls.connect({ port: 1, certificateCompression: ['gzip'] });
// @ts-expect-error no stream
new tls.TLSSocket('host');

// Classes: ours are Node's, may be derived from, and have what net's have as static members.

export class Derived extends tls.TLSSocket {
  readonly own = 1;
  override getProtocol(): string | null {
    return super.getProtocol();
  }
}
export class DerivedServer extends tls.Server {
  constructor() {
    super({ requestCert: true }, (socket) => socket.end());
  }
}
export const derived: theirs.TLSSocket = new Derived(stream);
export const servers: theirs.Server[] = [
  new DerivedServer(),
  tls.Server(),
  new tls.Server(null),
  tls.createServer(),
  tls.createServer((socket) => socket.write(socket.servername || '')),
  tls.createServer({ key: '', cert: '', allowPartialTrustChain: true }, (socket: theirs.TLSSocket) => socket),
];
export const made: object = tls.TLSSocket.from([1]);
export const narrowed = (value: object): boolean => value instanceof tls.TLSSocket && value.authorized;
// @ts-expect-error 'first' is none
tls.createServer().addContext({ name: 'first' }, {});
// @ts-expect-error read only
new tls.TLSSocket(stream).encrypted = false;

// Events.

declare const server: ours.Server;
declare const socket: ours.TLSSocket;
server.on('newSession', (_id: Buffer, _data: Buffer, done: () => void) => done());
server.once('resumeSession', (_id: Buffer, done: (error: Error | null, data?: Buffer) => void) => done(null));
server.prependListener('OCSPRequest', (_own: Buffer, issuer: Buffer, done) => done(null, issuer));
server.addListener('keylog', (line: Buffer, from: theirs.TLSSocket) => from.write(line));
server.off('tlsClientError', () => {});
socket.on('secureConnect', () => {}).once('session', (session: Buffer) => session.length);
socket.prependOnceListener('OCSPResponse', (response: Buffer) => response.length);
socket.on('keylog', (line: Buffer) => line.length).removeListener('secure', () => {});
export const emitted: boolean = socket.emit('session', Buffer.alloc(0));
// @ts-expect-error a listener is a function
socket.on('session', 'later');

// What may be written, and what may not.

tls.DEFAULT_MIN_VERSION = 'TLSv1.3';
tls.DEFAULT_CIPHERS = 'HIGH';
tls.createSecureContext = (options) => ours.createSecureContext({ ...options, sigalgs: 'ed25519' });
// @ts-expect-error no such version
tls.DEFAULT_MIN_VERSION = 'TLSv2';
// @ts-expect-error Node does not allow it either
tls.rootCertificates = [];
// @ts-expect-error snapshots cannot be written to
ours.DEFAULT_CIPHERS = 'HIGH';

// What not every Node has.

export const added: readonly string[] = [
  ...tls.getCACertificates('system'),
  ...tls.getCertificateCompressionAlgorithms(),
  ...tls.getCiphers(),
];
tls.setDefaultCACertificates([...added, Buffer.alloc(0)]);
// @ts-expect-error no such list
tls.getCACertificates('mine');
export const pair: ours.SecurePair = tls.createSecurePair(tls.createSecureContext(), false);
export const parsed: string | string[] | undefined = tls.parseCertString('CN=a')['CN'];
export const context: Buffer | null = tls.createSecureContext().context.getCertificate();
// @ts-expect-error a context of Node's has no such method either
tls.createSecureContext().context.setPassword();
