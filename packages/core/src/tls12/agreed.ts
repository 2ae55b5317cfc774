import type { Effect } from '../machine/step.ts';
import type { Facts } from '../values/facts.ts';
import type { Profile } from './profile.ts';
import type { Suite12 } from './suites.ts';

/** What the two hellos have settled. */
export interface Agreed {
  readonly profile: Profile;
  readonly suite: Suite12;
  /** 32 bytes each; the whole fields, whatever time they say. */
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
  /** RFC 7627. */
  readonly extendedMainSecret: boolean;
  /** RFC 7366; only with a suite in CBC mode. */
  readonly encryptThenMac: boolean;
  readonly alpnProtocol: string | null;
  /** What the server lists for NPN; NextProtocol then stands before the client's Finished. `undefined`: NPN is not used. */
  readonly nextProtocols: readonly string[] | undefined;
}

/** What both sides know from ServerHello on; `exchanged`: what the key exchange adds to it. */
export function agreedFacts(
  { profile, suite, alpnProtocol, extendedMainSecret, encryptThenMac }: Agreed,
  secureRenegotiation: boolean,
  resumed: boolean,
  exchanged: Partial<Facts> = {},
): Effect {
  const { version } = profile;
  const settled = {
    version,
    cipherSuite: suite.id,
    alpnProtocol,
    extendedMainSecret,
    secureRenegotiation,
    encryptThenMac,
  };
  return { do: 'fact', facts: { ...settled, helloRetried: false, resumed, ...exchanged } };
}
