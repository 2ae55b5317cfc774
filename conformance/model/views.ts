import type { Facts } from '@sealwire/core';
import type { View } from '@sealwire/testkit';
import { isDeepStrictEqual } from 'node:util';

/** Two sides that have both finished their handshake have finished the same one (RFC 9846 §E.1). */
export function checkViews(client: View | undefined, server: View | undefined): void {
  if (client === undefined || server === undefined) return;
  for (const name of shared) {
    const [here, there] = [client.facts[name], server.facts[name]];
    if (!isDeepStrictEqual(here, there))
      throw new Error(`${name} is ${String(here)} for the client, ${String(there)} for the server`);
  }
  if (client.exported === undefined || server.exported === undefined) return;
  if (!isDeepStrictEqual(client.exported, server.exported)) throw new Error('the two export different keys');
}

/** Facts about the connection, not about one of its sides. */
const shared = [
  'version',
  'cipherSuite',
  'group',
  'helloRetried',
  'clientRandom',
  'serverName',
  'alpnProtocol',
  'resumed',
  'externalPskIdentity',
  'earlyData',
] as const satisfies readonly (keyof Facts)[];
