import compat from '@sealwire/compat-node-tls';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import lemon from 'lemon-tls';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { type Flavour, modern } from './flavour.ts';
import { sealwire } from './sealwire.ts';
import type { Stack } from './stack.ts';
import { tlsLike, type TlsLike } from './tls-like.ts';

export const builtin = builtinOf(modern);
export const sealwireNode = sealwire(modern, 'sealwire, crypto-node', nodeProvider);
export const sealwireNoble = sealwire(modern, 'sealwire, crypto-noble', nobleProvider);
export const sealwireCompat = tlsLike('sealwire, compat-node-tls', compat as unknown as TlsLike, modern);

/**
 * A peer: TLS in JavaScript over `node:crypto`. Suites and groups have numbers there; the API is that of `node:tls`. It
 * refuses chains that it does not trust, but `authorized` is false all the same.
 */
export const lemonTls = tlsLike('lemon-tls', lemon as unknown as TlsLike, modern, {
  client: { allowedCipherSuites: [0x1301], groups: [0x001d], minVersion: 'TLSv1.3' },
  server: { allowedCipherSuites: [0x1301], groups: [0x001d] },
  saysAuthorized: false,
});

function builtinOf(flavour: Flavour): Stack<Duplex> {
  return tlsLike('node:tls', tls, flavour);
}

/** `node:tls` first, which the others are compared with. */
export function stacksOf(flavour: Flavour): readonly Stack<Duplex>[] {
  return [
    builtinOf(flavour),
    sealwire(flavour, sealwireNode.name, nodeProvider),
    sealwire(flavour, sealwireNoble.name, nobleProvider),
  ];
}
