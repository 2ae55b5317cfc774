/** Fingerprints of a ClientHello, for servers that look at who is calling. They identify programs, never people. */
export { ja3, type Ja3 } from './fingerprint/ja3.ts';
export { ja4, type Ja4 } from './fingerprint/ja4.ts';
