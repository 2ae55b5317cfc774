/** The types of the entries `https` and `http2` beside those of `node:https` and `node:http2`. Nothing of this runs; see tls.ts. */
import type * as http2Theirs from 'node:http2';
import type * as theirs from 'node:https';
import http2, * as http2ByName from '@sealwire/compat-node-tls/http2';
import https, * as ours from '@sealwire/compat-node-tls/https';
import type { AnyMembers, Mutual, Same } from './helpers.ts';

export const byDefault: typeof import('node:https') = https;
export const byName: typeof import('node:https') = ours;
export const http2ByDefault: typeof import('node:http2') = http2;
export const http2Named: typeof import('node:http2') = http2ByName;
// @ts-expect-error a member is another
export const another: typeof import('node:https') = {} as Omit<typeof https, 'get'> & { get: () => string };

interface Pairs {
  Agent: Mutual<ours.Agent, theirs.Agent>;
  AgentOptions: Mutual<ours.AgentOptions, theirs.AgentOptions>;
  RequestOptions: Mutual<ours.RequestOptions, theirs.RequestOptions>;
  Server: Mutual<ours.Server, theirs.Server>;
  ServerOptions: Mutual<ours.ServerOptions, theirs.ServerOptions>;
  ClientHttp2Session: Same<http2ByName.ClientHttp2Session, http2Theirs.ClientHttp2Session>;
  SecureServerOptions: Same<http2ByName.SecureServerOptions, http2Theirs.SecureServerOptions>;
  Http2ServerRequest: Mutual<http2.Http2ServerRequest, http2Theirs.Http2ServerRequest>;
  ServerHttp2Stream: Same<http2.ServerHttp2Stream, http2Theirs.ServerHttp2Stream>;
}
type Holding = { [Name in keyof Pairs]: true };
export const pairs = {} as Pairs satisfies Holding;

type Named = [Same<https.Agent, ours.Agent>, Same<https.Server, ours.Server>, AnyMembers<typeof https>];
export const named: Named extends [true, true, never] ? true : false = true;

const agent = new https.Agent({ keepAlive: true, maxCachedSessions: 2, certificateCompression: ['zlib'] });
https.globalAgent = https.Agent({ minVersion: 'TLSv1.3' });
https.get('https://localhost', { agent }, ({ statusCode }) => statusCode);
https.request({ host: 'localhost', ca: '', agent }).end();
export const server: theirs.Server = https.createServer({ key: '', cert: '' }, (request, response) => {
  response.end(request.url);
});
export const other: theirs.Server = https.Server((_request, response) => response.end());
http2.connect('https://localhost', { ca: '', servername: 'a' }, (session) => session.close());
http2.createSecureServer({ allowHTTP1: true }, (request, response) => response.end(request.authority));
https.createServer({ sealwire: { maxEarlyData: 100 } });
https.get({ host: 'localhost', sealwire: { verify: () => true } });
http2.createSecureServer({ sealwire: { onClientHello: ({ serverName }) => void serverName } });
http2.connect('https://localhost', { sealwire: { handshakeTimeoutMs: 1000 } });
// @ts-expect-error of clients
https.createServer({ sealwire: { earlyData: Buffer.alloc(0) } });
// @ts-expect-error of servers
http2.connect('https://localhost', { sealwire: { maxEarlyData: 1 } });
// @ts-expect-error no such option
https.get({ hostName: 'localhost' });
// @ts-expect-error no such version
https.createServer({ minVersion: '1.3' });
// @ts-expect-error no such option
http2.connect('https://localhost', { serverName: 'a' });
// @ts-expect-error imports cannot be written to
ours.globalAgent = agent;
