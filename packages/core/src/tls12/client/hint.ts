import type { Move } from '../../machine/define.ts';
import { copyOf } from '../../wire/bytes.ts';
import type { PreShared } from '../key-exchange/exchange.ts';
import { keyExchangeOf } from '../key-exchange/of-suite.ts';
import { readHint } from '../key-exchange/psk.ts';
import type { AcceptedServer, ClientHandshake, ClientState, KeyedFlight } from './states.ts';

/** Which pre-shared key it is to be, now that the server has said what it has to say (RFC 4279 §2). */
export function askForPsk(
  handshake: ClientHandshake,
  { keyExchange }: KeyedFlight,
  server: AcceptedServer | undefined,
): Move<ClientState> {
  const { agreed, config } = handshake;
  const hinted = readHint(keyExchangeOf(agreed.suite) as PreShared, keyExchange);
  return {
    state: { at: 'decidePsk', handshake, hinted, server },
    ask: {
      kind: 'lookupPsk',
      ask: {
        role: 'client',
        identities: [],
        serverName: config.sni,
        version: agreed.profile.version,
        hint: hinted.hint && copyOf(hinted.hint),
      },
    },
  };
}
