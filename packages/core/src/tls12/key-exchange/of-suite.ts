import type { KeyExchange12, Suite12 } from '../suites.ts';
import { dhe } from './dhe.ts';
import { ecdhe } from './ecdhe.ts';
import type { KeyExchange } from './exchange.ts';
import { rsa } from './rsa.ts';

/** The key exchange of a suite; `undefined`: one that we do not speak. */
export function keyExchangeOf({ keyExchange }: Suite12): KeyExchange | undefined {
  return keyExchanges[keyExchange];
}

const keyExchanges: Readonly<Partial<Record<KeyExchange12, KeyExchange>>> = { ecdhe, dhe, rsa };
