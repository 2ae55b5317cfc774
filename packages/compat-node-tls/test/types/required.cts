/** What `require()` gives is the object itself. Nothing of this runs; see tls.ts. */
import tls = require('@sealwire/compat-node-tls');
import https = require('@sealwire/compat-node-tls/https');
import http2 = require('@sealwire/compat-node-tls/http2');

tls.DEFAULT_MAX_VERSION = 'TLSv1.2';
https.globalAgent = new https.Agent();
export const socket: tls.TLSSocket = tls.connect({ port: 1 });
export const options: tls.ConnectionOptions = { host: 'localhost' };
export const server: https.Server = https.createServer();
export const session: http2.ClientHttp2Session = http2.connect('https://localhost');
// @ts-expect-error there is no second object inside
export const inner = tls.default;
