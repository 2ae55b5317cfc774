import { constants } from 'node:crypto';
import { expect, it } from 'vitest';
import { clientConfigOf, type ClientWishes } from '../../src/context/configs.ts';
import { InnerContext } from '../../src/context/inner-context.ts';

/** What a client makes of the bits for servers without RFC 5746; what it then does with such a server, core's tests show. */

const wishes: ClientWishes = {
  sni: undefined,
  alpnProtocols: [],
  npnProtocols: [],
  host: undefined,
  requestOcsp: false,
  keyLog: false,
  trace: false,
  sendEarlyData: false,
  postHandshakeAuth: false,
  asks: [],
};

it.each([
  ['nothing', 0, true, false],
  ['SSL_OP_LEGACY_SERVER_CONNECT', constants.SSL_OP_LEGACY_SERVER_CONNECT, false, false],
  [
    'SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION',
    constants.SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION,
    false,
    true,
  ],
])('%s', (_, bits, requireSecureRenegotiation, allowInsecureRenegotiation) => {
  const inner = new InnerContext();
  inner.setOptions(bits);
  expect(clientConfigOf(inner.state, wishes)).toMatchObject({
    requireSecureRenegotiation,
    allowInsecureRenegotiation,
  });
});
