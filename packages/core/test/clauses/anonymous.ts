import { encode } from '../../src/wire/codec.ts';
import {
  serverKeyExchangeOf,
  serverKeyExchangeParams,
} from '../../src/messages/tls12/server-key-exchange.ts';
import { namedGroups } from '../../src/registry/groups.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { scriptedServer12 } from '../harness/scripted-server12.ts';
import { clause } from './clause.ts';

/** Anonymous Diffie-Hellman (RFC 5246 §7.4.4). */

clause('RFC 5246 §7.4.4: asked for by nobody in particular', () => {
  const suite = suites12.TLS_ECDH_anon_WITH_AES_128_CBC_SHA;
  const server = scriptedServer12({ cipherSuites: [suite] }, { suite }).serverHello();
  const params = { namedCurve: namedGroups.x25519, public: server.share };
  return server
    .serverKeyExchange(() => serverKeyExchangeOf(encode(serverKeyExchangeParams.ecdhe, params), undefined))
    .certificateRequest();
});
