import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { SecurityLevel } from '@sealwire/x509';
import { thrownOpensslError } from '../errors/openssl-error.ts';
import type { OpensslVersion } from '../process/host.ts';
import { noPlaceError, type OwnCertificate, requireStrength, slotOf } from './own-certificate.ts';
import { sslError } from './refusals.ts';

/** A certificate and its key; either may be missing. */
export interface Slot {
  /** As `KeyObject.asymmetricKeyType`. */
  readonly kind: string;
  own?: OwnCertificate;
  key?: KeyObject;
  /** Those above the own one that were named with it. */
  readonly chain: OwnCertificate[];
}

/**
 * What a context presents: one certificate for each kind of key (RSA, ECDSA, Ed25519 …), as in OpenSSL. A second one of a kind takes
 * the place of the first, and its key goes with it unless it fits.
 */
export class KeySlots {
  readonly #slots = new Map<string, Slot>();

  /** Those that are whole, and can be used. */
  get usable(): readonly (Required<Pick<Slot, 'own' | 'key'>> & Slot)[] {
    return [...this.#slots.values()].filter(
      (slot): slot is Required<Pick<Slot, 'own' | 'key'>> & Slot =>
        slot.own !== undefined && slot.key !== undefined,
    );
  }

  /** Certificates whose keys were not named: somebody else may have them. */
  get withoutKey(): readonly (Required<Pick<Slot, 'own'>> & Slot)[] {
    return [...this.#slots.values()].filter(
      (slot): slot is Required<Pick<Slot, 'own'>> & Slot => slot.own !== undefined && slot.key === undefined,
    );
  }

  setCertificate(
    own: OwnCertificate,
    chain: readonly OwnCertificate[],
    level: SecurityLevel,
    version: OpensslVersion,
  ): void {
    requireStrength(own, level, 'ee', version);
    const slot = this.#slot(slotOf(own.certificate.spki), () => noPlaceError(own, level));
    if (slot.key !== undefined && !fits(own, slot.key)) delete slot.key;
    slot.own = own;
    for (const other of chain) {
      requireStrength(other, level, 'ca', version);
      slot.chain.push(other);
    }
  }

  setKey(key: KeyObject): void {
    const slot = this.#slot(slotOf(createPublicKey(key as never).export({ format: 'der', type: 'spki' })));
    if (slot.own !== undefined && !fits(slot.own, key)) throw mismatch();
    slot.key = key;
  }

  #slot(kind: string | undefined, noPlace: () => Error = () => sslError('unknown certificate type')): Slot {
    if (kind === undefined) throw noPlace();
    const known = this.#slots.get(kind);
    if (known !== undefined) return known;
    const slot: Slot = { kind, chain: [] };
    this.#slots.set(kind, slot);
    return slot;
  }
}

export function fits({ der }: OwnCertificate, key: KeyObject): boolean {
  return new X509Certificate(der).checkPrivateKey(key);
}

function mismatch(): Error {
  return thrownOpensslError({
    library: 'x509 certificate routines',
    number: 116,
    reason: 'key values mismatch',
  });
}
