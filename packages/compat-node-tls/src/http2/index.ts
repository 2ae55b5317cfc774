// What connections read there that applications may overwrite.
import '../index.ts';
import builtin from 'node:http2';
import type * as types from 'node:http2';
import type { Http2 } from '../types/http2.ts';
import * as clients from './connect.ts';
import * as servers from './server.ts';

/** What `node:http2` exports; sessions over TLS are over this package's connections. */
const http2 = {
  ...builtin,
  connect: clients.connect,
  createSecureServer: servers.createSecureServer,
} as unknown as Http2;

/** For those who name types by the default import: `http2.ServerHttp2Stream`. */
declare namespace http2 {
  type AlternativeServiceOptions = types.AlternativeServiceOptions;
  type ClientHttp2Session = types.ClientHttp2Session;
  type ClientHttp2Stream = types.ClientHttp2Stream;
  type ClientSessionOptions = types.ClientSessionOptions;
  type ClientSessionRequestOptions = types.ClientSessionRequestOptions;
  type Http2SecureServer = types.Http2SecureServer;
  type Http2Server = types.Http2Server;
  type Http2ServerRequest = types.Http2ServerRequest;
  type Http2ServerResponse = types.Http2ServerResponse;
  type Http2Session = types.Http2Session;
  type Http2Stream = types.Http2Stream;
  type IncomingHttpHeaders = types.IncomingHttpHeaders;
  type IncomingHttpStatusHeader = types.IncomingHttpStatusHeader;
  type OutgoingHttpHeaders = types.OutgoingHttpHeaders;
  type SecureClientSessionOptions = types.SecureClientSessionOptions;
  type SecureServerOptions = types.SecureServerOptions;
  type SecureServerSessionOptions = types.SecureServerSessionOptions;
  type ServerHttp2Session = types.ServerHttp2Session;
  type ServerHttp2Stream = types.ServerHttp2Stream;
  type ServerOptions = types.ServerOptions;
  type ServerSessionOptions = types.ServerSessionOptions;
  type ServerStreamFileResponseOptions = types.ServerStreamFileResponseOptions;
  type ServerStreamFileResponseOptionsWithError = types.ServerStreamFileResponseOptionsWithError;
  type ServerStreamResponseOptions = types.ServerStreamResponseOptions;
  type SessionOptions = types.SessionOptions;
  type SessionState = types.SessionState;
  type Settings = types.Settings;
  type StatOptions = types.StatOptions;
  type StreamState = types.StreamState;
}

export { http2 as default, http2 as 'module.exports' };
export const { connect, createSecureServer } = http2;
export {
  constants,
  createServer,
  getDefaultSettings,
  getPackedSettings,
  getUnpackedSettings,
  Http2ServerRequest,
  Http2ServerResponse,
  performServerHandshake,
  sensitiveHeaders,
} from 'node:http2';
export type * from 'node:http2';
