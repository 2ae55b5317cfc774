import { syncBuiltinESMExports } from 'node:module';
import './index.ts';
import { api } from './api.ts';
import { graft } from './graft.ts';

/*
 * `node --import @sealwire/compat-node-tls/register app.js`: everything in the process that uses `node:tls`, also by way of
 * Node's own https, http2 and fetch, uses this package.
 */
graft(api);
syncBuiltinESMExports();
