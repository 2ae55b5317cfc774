import type { GroupName, KeyExchangeGroup } from '@sealwire/core';
import { curveSizes } from '../formats/curves.ts';
import { ffdheField } from './ffdhe.ts';
import { finiteFieldGroup } from './finite-field.ts';
import { hybridGroup } from './hybrid.ts';
import { mlKemGroup, mlKemSeedBytes } from './ml-kem.ts';
import { ecdhGroup } from './ecdh.ts';
import { xdhGroup } from './xdh.ts';

/** The groups that are not made of others. */
export type PlainGroups = Readonly<
  Record<Exclude<GroupName, `${string}25519MLKEM768` | `SecP${string}`>, KeyExchangeGroup>
>;

const plain: PlainGroups = {
  x25519: xdhGroup('x25519'),
  x448: xdhGroup('x448'),
  secp256r1: ecdhGroup('secp256r1'),
  secp384r1: ecdhGroup('secp384r1'),
  secp521r1: ecdhGroup('secp521r1'),
  secp256k1: ecdhGroup('secp256k1'),
  brainpoolP256r1: ecdhGroup('brainpoolP256r1'),
  brainpoolP384r1: ecdhGroup('brainpoolP384r1'),
  brainpoolP512r1: ecdhGroup('brainpoolP512r1'),
  ffdhe2048: finiteFieldGroup(ffdheField('ffdhe2048')),
  ffdhe3072: finiteFieldGroup(ffdheField('ffdhe3072')),
  ffdhe4096: finiteFieldGroup(ffdheField('ffdhe4096')),
  ffdhe6144: finiteFieldGroup(ffdheField('ffdhe6144')),
  ffdhe8192: finiteFieldGroup(ffdheField('ffdhe8192')),
  MLKEM512: mlKemGroup('MLKEM512'),
  MLKEM768: mlKemGroup('MLKEM768'),
  MLKEM1024: mlKemGroup('MLKEM1024'),
};

export const groups: Readonly<Record<GroupName, KeyExchangeGroup>> = withHybrids(plain);

/** All groups, the hybrids being made of the others: which part comes first differs (draft-ietf-tls-ecdhe-mlkem §4.1). */
export function withHybrids(plain: PlainGroups): Readonly<Record<GroupName, KeyExchangeGroup>> {
  return {
    ...plain,
    X25519MLKEM768: hybridGroup('X25519MLKEM768', plain.MLKEM768, plain.x25519, mlKemSeedBytes),
    SecP256r1MLKEM768: hybridGroup(
      'SecP256r1MLKEM768',
      plain.secp256r1,
      plain.MLKEM768,
      curveSizes.secp256r1.bytes,
    ),
    SecP384r1MLKEM1024: hybridGroup(
      'SecP384r1MLKEM1024',
      plain.secp384r1,
      plain.MLKEM1024,
      curveSizes.secp384r1.bytes,
    ),
  };
}
