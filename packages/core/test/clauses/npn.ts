import { expect } from 'vitest';
import { extension } from '../../src/extensions/definition.ts';
import { nextProtocolNegotiationExtension as npn } from '../../src/extensions/next-protocol-negotiation.ts';
import { encodeMessage12 } from '../../src/messages/tls12.ts';
import { nextProtocolOf } from '../../src/messages/tls12/next-protocol.ts';
import { concat } from '../../src/wire/bytes.ts';
import { askedForProtocol, resumingForProtocol } from '../harness/npn.ts';
import { longer, withBody12 } from '../harness/peer12.ts';
import { helloWith, scriptedClient12 } from '../harness/scripted-client12.ts';
import { scriptedServer12 } from '../harness/scripted-server12.ts';
import { bytes, clause } from './clause.ts';

/** NPN (draft-agl-tls-nextprotoneg-04). */

const npnProtocols = ['spdy/3', 'http/1.1'];
const listed = extension('SH12', npn, npnProtocols);
const list = (data: Uint8Array) => ({ type: npn.type, data });
/** Without ALPN, which comes first. */
const client = { npnProtocols, alpnProtocols: [] };
const answering = (entry: typeof listed) => ({ extensions: [entry] });
const said = nextProtocolOf('spdy/3');

clause('draft-agl-tls-nextprotoneg-04 §3: bytes in the extension of a client', () =>
  scriptedClient12({ npnProtocols }).clientHello((hello) => helloWith(hello, list(bytes(1)))),
);
clause('draft-agl-tls-nextprotoneg-04 §3: protocols that nobody asked for', () =>
  scriptedServer12({ alpnProtocols: [] }, answering(listed)).serverHello(),
);
clause('draft-agl-tls-nextprotoneg-04 §3: a name of no bytes in the list', () =>
  scriptedServer12(client, answering(list(bytes(1, 97, 0)))).serverHello(),
);
clause('draft-agl-tls-nextprotoneg-04 §3: no name in the list', () => {
  const server = scriptedServer12(client, answering(list(bytes()))).before('end');
  expect(server.victim.facts.npnProtocol).toBe('spdy/3');
  return server;
});
clause('draft-agl-tls-nextprotoneg-04 §3: protocols beside an answer to ALPN', () =>
  scriptedServer12({ npnProtocols }, { extensions: [listed] }).serverHello(),
);
clause(
  'draft-agl-tls-nextprotoneg-04 §3: Finished in place of NextProtocol',
  () => askedForProtocol().clientKeyExchange().newKeys().finished(),
  () => resumingForProtocol().newKeys().finished(),
);
clause('draft-agl-tls-nextprotoneg-04 §3: NextProtocol that nobody asked for', () =>
  scriptedClient12({ npnProtocols }).before('finished').handshake(encodeMessage12(said)),
);
clause('draft-agl-tls-nextprotoneg-04 §3: NextProtocol before change_cipher_spec', () =>
  askedForProtocol().clientKeyExchange().handshake(encodeMessage12(said)),
);
clause(
  'draft-agl-tls-nextprotoneg-04 §3: NextProtocol that is cut, or followed by something',
  () => askedForProtocol().clientKeyExchange().newKeys().handshake(longer(said)),
  () =>
    askedForProtocol()
      .clientKeyExchange()
      .newKeys()
      .handshake(withBody12(said, (body) => body.subarray(0, 3))),
  () =>
    askedForProtocol()
      .clientKeyExchange()
      .newKeys()
      .handshake(withBody12(said, (body) => concat([bytes(200), body.subarray(1)]))),
);
clause('draft-agl-tls-nextprotoneg-04 §3: an offer in a renegotiation', () => {
  const peer = askedForProtocol({ acceptRenegotiation: true });
  peer.clientKeyExchange().newKeys().say12(said).finished().again();
  peer.clientHello((hello) => helloWith(hello, extension('CH', npn, true)));
  expect(peer.serverHello?.extensions.has(npn)).toBe(false);
  return peer.completed();
});
clause(
  'draft-agl-tls-nextprotoneg-04 §4: a protocol that was not listed',
  ...['another', ''].map((name) => () => {
    const peer = askedForProtocol().clientKeyExchange().newKeys().say12(nextProtocolOf(name)).finished();
    expect(peer.victim.facts.npnProtocol).toBe(name);
    return peer.data(bytes(1));
  }),
);
