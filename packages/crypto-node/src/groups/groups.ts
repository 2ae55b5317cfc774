import type { GroupName, KeyExchangeGroup } from '@sealwire/core';
import { nobleProvider, withHybrids } from '@sealwire/crypto-noble';
import { ffdheGroup } from './ffdhe.ts';
import { nistGroup } from './nist.ts';
import { xdhGroup } from './xdh.ts';

export const groups: Readonly<Record<GroupName, KeyExchangeGroup>> = withHybrids({
  x25519: xdhGroup('x25519'),
  x448: xdhGroup('x448'),
  secp256r1: nistGroup('secp256r1'),
  secp384r1: nistGroup('secp384r1'),
  secp521r1: nistGroup('secp521r1'),
  ffdhe2048: ffdheGroup('ffdhe2048'),
  ffdhe3072: ffdheGroup('ffdhe3072'),
  ffdhe4096: ffdheGroup('ffdhe4096'),
  ffdhe6144: ffdheGroup('ffdhe6144'),
  ffdhe8192: ffdheGroup('ffdhe8192'),
  MLKEM512: nobleProvider.groups.MLKEM512!,
  MLKEM768: nobleProvider.groups.MLKEM768!,
  MLKEM1024: nobleProvider.groups.MLKEM1024!,
});
