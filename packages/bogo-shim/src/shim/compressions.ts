import { randomBytes } from 'node:crypto';
import type { CertificateCompressionOptions } from '@sealwire/core';
import type { Flags } from '../flags/table.ts';

type Codec =
  NonNullable<CertificateCompressionOptions['codecs']> extends ReadonlyMap<number, infer C> ? C : never;

/** The algorithms of the test's own (RFC 8879), which it has on its side, too: they only cut off or put in front some bytes. */
export function compressionOption(flags: Flags): CertificateCompressionOptions | undefined {
  const one = flags['install-one-cert-compression-alg'];
  if (!flags['install-cert-compression-algs'] && one === undefined) return undefined;
  const codecs = new Map([...algorithms].filter(([number]) => one === undefined || number === one));
  const numbers = [...codecs.keys()] as never;
  return { codecs, accept: numbers, send: numbers };
}

/** Cuts off what every Certificate of a server begins with. */
const shrinking: Codec = {
  compress: (bytes) => bytes.slice(2),
  decompress: (bytes, most) => ifFits(Uint8Array.of(0, 0, ...bytes), most),
};

const expanding: Codec = {
  compress: (bytes) => Uint8Array.of(1, 2, 3, 4, ...bytes),
  decompress: (bytes, most) =>
    [1, 2, 3, 4].every((byte, i) => bytes[i] === byte) ? ifFits(bytes.slice(4), most) : undefined,
};

const random: Codec = {
  compress: (bytes) => Uint8Array.of(randomBytes(1)[0]!, ...bytes),
  decompress: (bytes, most) => ifFits(bytes.slice(1), most),
};

function ifFits(bytes: Uint8Array, most: number): Uint8Array | undefined {
  return bytes.length <= most ? bytes : undefined;
}

/** In the order in which the runner's own shim names them. */
const algorithms: ReadonlyMap<number, Codec> = new Map([
  [0xff02, expanding],
  [0xff01, shrinking],
  [0xff03, random],
]);
