import { type Facts, namedGroups, registryName, suites13 } from '@sealwire/core';
import { suites12 } from '@sealwire/core/tls12';

/** What Node says of a connection, made of facts. */

export interface CipherInfo {
  /** OpenSSL's. */
  readonly name: string;
  /** IANA's. */
  readonly standardName: string;
  /** The first version that has the suite. */
  readonly version: string;
}

export type EphemeralKeyInfo =
  | { readonly type: 'DH'; readonly size: number }
  | { readonly type: 'ECDH'; readonly name: string; readonly size: number }
  | Record<string, never>;

export function protocolName(version: number | undefined): string | null {
  return version === undefined ? null : (protocols[version] ?? null);
}

export function cipherInfo(suite: number | undefined): CipherInfo | undefined {
  if (suite === undefined) return undefined;
  const name = registryName({ ...suites13, ...suites12 }, suite);
  return { name, standardName: name, version: suite >> 8 === 0x13 ? 'TLSv1.3' : 'TLSv1.2' };
}

/** Of the server's side Node says nothing. */
export function ephemeralKeyInfo({ role, group, dhBits }: Partial<Facts>): EphemeralKeyInfo | null {
  if (role === 'server') return null;
  if (dhBits !== undefined) return { type: 'DH', size: dhBits };
  const known = group === undefined ? undefined : curves[group];
  return known === undefined ? {} : { type: 'ECDH', ...known };
}

const protocols: Readonly<Record<number, string>> = {
  769: 'TLSv1',
  770: 'TLSv1.1',
  771: 'TLSv1.2',
  772: 'TLSv1.3',
};

const curves: Readonly<Record<number, { readonly name: string; readonly size: number }>> = {
  [namedGroups.x25519]: { name: 'X25519', size: 253 },
  [namedGroups.x448]: { name: 'X448', size: 448 },
  [namedGroups.secp256r1]: { name: 'prime256v1', size: 256 },
  [namedGroups.secp384r1]: { name: 'secp384r1', size: 384 },
  [namedGroups.secp521r1]: { name: 'secp521r1', size: 521 },
};
