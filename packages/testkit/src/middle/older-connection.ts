import { dissect, numberIn } from '../anatomy/dissect.ts';
import { findPart } from '../anatomy/part.ts';
import { structuresOf } from '../anatomy/structures.ts';
import type { OlderConnection } from './older-cipher.ts';

/** What this ServerHello and the secret agree on; `undefined`: it is one of TLS 1.3. */
export function olderConnection(
  serverHello: Uint8Array,
  clientRandom: Uint8Array,
  mainSecret: Uint8Array,
): OlderConnection | undefined {
  const structures = structuresOf(serverHello);
  if (structures.version === 'tls13') return undefined;
  const hello = dissect(serverHello, structures);
  const field = (path: string) => findPart(hello, path)?.content ?? new Uint8Array(0);
  return {
    version: numberIn(field('server_version')),
    suite: numberIn(field('cipher_suite')),
    mainSecret,
    clientRandom,
    serverRandom: field('random'),
    encryptsThenMacs: findPart(hello, 'extensions.encrypt_then_mac') !== undefined,
  };
}
