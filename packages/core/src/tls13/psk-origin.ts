import type { ExternalPsk } from '../values/external-psk.ts';
import type { Session } from '../values/session.ts';
import { copyOf } from '../wire/bytes.ts';

/** A pre-shared key, and what it comes from. */
interface PskOrigin {
  readonly session?: Session;
  readonly external?: ExternalPsk;
}

/** The external key that proves the peer, or did when the resumed session began; a view. */
export function externalIdentityOf(psk: PskOrigin | undefined): Uint8Array | undefined {
  return psk?.external?.identity ?? psk?.session?.externalPskIdentity;
}

export function externalKeyFacts(psk: PskOrigin | undefined): { readonly externalPskIdentity?: Uint8Array } {
  const identity = externalIdentityOf(psk);
  return identity === undefined ? {} : { externalPskIdentity: copyOf(identity) };
}
