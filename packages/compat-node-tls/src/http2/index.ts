// What connections read there that applications may overwrite.
import '../index.ts';
import builtin from 'node:http2';
import { connect } from './connect.ts';
import { createSecureServer } from './server.ts';

/** What `node:http2` exports; sessions over TLS are over this package's connections. */
const http2 = { ...builtin, connect, createSecureServer };

export { connect, createSecureServer };
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
export { http2 as default, http2 as 'module.exports' };
