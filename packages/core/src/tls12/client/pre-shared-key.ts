import { TlsError } from '../../errors/tls-error.ts';
import { preceded, type Move } from '../../machine/define.ts';
import { Flight } from '../../machine/flight.ts';
import type { Context } from '../../machine/step.ts';
import { isUsedIn } from '../../negotiate/external-psk.ts';
import type { LookupPskReply } from '../../values/external-psk.ts';
import { copyOf } from '../../wire/bytes.ts';
import type { PreShared } from '../key-exchange/exchange.ts';
import { keyExchangeOf } from '../key-exchange/of-suite.ts';
import { answerWith } from '../key-exchange/psk.ts';
import { exchangeKeys } from './second-flight.ts';
import type { ClientState } from './states.ts';

/** The key is chosen: our identity, and what the other key exchange says (RFC 4279 §2 to §4). */
export function onPsk(
  { handshake, hinted, server }: Extract<ClientState, { at: 'decidePsk' }>,
  reply: LookupPskReply,
  context: Context,
): Move<ClientState> {
  const { agreed, config, hello } = handshake;
  const psk = reply.ok ? reply.psks.find((each) => isUsedIn(each, 'tls12')) : undefined;
  if (psk === undefined) {
    throw new TlsError(
      'local.noCredential',
      reply.ok ? `lookupPsk has no key for ${agreed.suite.name}` : reply.message,
      {
        section: 'RFC 4279 §2',
        handshakeMessage: 'client_key_exchange',
        ...(reply.ok ? {} : { cause: reply.cause }),
      },
    );
  }
  const exchange = keyExchangeOf(agreed.suite) as PreShared;
  const { facts, ...answer } = answerWith(
    exchange,
    psk,
    hinted,
    { config, hello, spki: server?.spki },
    context,
  );
  const flight = Flight.after(context.after);
  const identified = { ...handshake, pskIdentity: copyOf(psk.identity) };
  return preceded(
    [{ do: 'fact', facts }],
    exchangeKeys(identified, { peer: server?.peer, ...answer }, flight, undefined, context),
  );
}
