import type { GroupName, KeyExchangeGroup } from '@sealwire/core';
import { ffdheField, nobleProvider, withHybrids } from '@sealwire/crypto-noble';
import { groupOr } from '../fallback.ts';
import { finiteFieldGroup } from './finite-field.ts';
import { mlKemGroup } from './ml-kem.ts';
import { ecdhGroup } from './ecdh.ts';
import { xdhGroup } from './xdh.ts';

export const groups: Readonly<Record<GroupName, KeyExchangeGroup>> = withHybrids({
  x25519: group('x25519', xdhGroup),
  x448: group('x448', xdhGroup),
  secp256r1: group('secp256r1', ecdhGroup),
  secp384r1: group('secp384r1', ecdhGroup),
  secp521r1: group('secp521r1', ecdhGroup),
  secp256k1: group('secp256k1', ecdhGroup),
  brainpoolP256r1: group('brainpoolP256r1', ecdhGroup),
  brainpoolP384r1: group('brainpoolP384r1', ecdhGroup),
  brainpoolP512r1: group('brainpoolP512r1', ecdhGroup),
  ffdhe2048: group('ffdhe2048', (name) => finiteFieldGroup(ffdheField(name))),
  ffdhe3072: group('ffdhe3072', (name) => finiteFieldGroup(ffdheField(name))),
  ffdhe4096: group('ffdhe4096', (name) => finiteFieldGroup(ffdheField(name))),
  ffdhe6144: group('ffdhe6144', (name) => finiteFieldGroup(ffdheField(name))),
  ffdhe8192: group('ffdhe8192', (name) => finiteFieldGroup(ffdheField(name))),
  MLKEM512: group('MLKEM512', mlKemGroup),
  MLKEM768: group('MLKEM768', mlKemGroup),
  MLKEM1024: group('MLKEM1024', mlKemGroup),
});

function group<N extends GroupName>(name: N, native: (name: N) => KeyExchangeGroup): KeyExchangeGroup {
  return groupOr(() => native(name), nobleProvider.groups[name]!);
}
