import { deprecate } from 'node:util';

/** API that Node has warned of, or took away. Each warns once, with Node's words and number, at its first use. */
type Deprecated = 'CryptoStream' | 'SecurePair' | keyof typeof texts;

const texts = {
  createSecurePair: ['tls.createSecurePair() is deprecated. Please use tls.TLSSocket instead.', 'DEP0064'],
  parseCertString: [
    'tls.parseCertString() is deprecated. Please use querystring.parse() instead.',
    'DEP0076',
  ],
  convertNPNProtocols: ['tls.convertNPNProtocols() is deprecated.', 'DEP0107'],
  CryptoStream: ['tls.CryptoStream is deprecated. Use tls.TLSSocket instead.', 'DEP0042'],
  SecurePair: ['tls.SecurePair is deprecated. Use tls.TLSSocket instead.', 'DEP0043'],
  setOptions: ['Server.prototype.setOptions() is deprecated', 'DEP0122'],
  connections: [
    'Server.connections property is deprecated. Use Server.getConnections method instead.',
    'DEP0020',
  ],
} as const;

// biome-ignore lint/suspicious/noExplicitAny: any function and any class, as of util.deprecate itself.
export function deprecated<F extends (...args: any[]) => unknown>(name: Deprecated, target: F): F {
  const [text, code] = texts[name];
  return deprecate(target, text, code);
}
