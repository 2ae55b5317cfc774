import type { KeyExchange12, Suite12 } from '../suites.ts';
import { dhe } from './dhe.ts';
import { ecdhe } from './ecdhe.ts';
import type { KeyExchange } from './exchange.ts';
import { rsa } from './rsa.ts';

export function keyExchangeOf({ keyExchange }: Suite12): KeyExchange {
  return keyExchanges[keyExchange];
}

const keyExchanges: Readonly<Record<KeyExchange12, KeyExchange>> = {
  ecdhe,
  dhe,
  rsa,
  psk: { kind: 'preShared', other: undefined },
  ecdhePsk: { kind: 'preShared', other: ecdhe },
  dhePsk: { kind: 'preShared', other: dhe },
  rsaPsk: { kind: 'preShared', other: rsa },
};
