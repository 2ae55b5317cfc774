import { joined, unhex } from './contract-case.ts';

/** Just enough DER to build right and wrong keys and signatures. */

export function element(tag: number, ...content: Uint8Array[]): Uint8Array {
  const body = joined(content);
  const { length } = body;
  const header =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return joined([Uint8Array.from(header), body]);
}

export const sequence = (...content: Uint8Array[]): Uint8Array => element(0x30, ...content);
export const octets = (...content: Uint8Array[]): Uint8Array => element(0x04, ...content);
export const bits = (...content: Uint8Array[]): Uint8Array => element(0x03, new Uint8Array(1), ...content);
export const nothing = (): Uint8Array => element(0x05);
export const oid = (content: string): Uint8Array => element(0x06, unhex(content));

export function integer(value: bigint): Uint8Array {
  const digits = value.toString(16);
  const bytes = unhex(digits.length % 2 ? `0${digits}` : digits);
  return bytes[0]! >= 0x80 ? element(0x02, new Uint8Array(1), bytes) : element(0x02, bytes);
}

/** OBJECT IDENTIFIERs as the hex of their content. */
export const oids = {
  rsa: '2a864886f70d010101',
  rsaPss: '2a864886f70d01010a',
  ec: '2a8648ce3d0201',
  secp256r1: '2a8648ce3d030107',
  secp384r1: '2b81040022',
  secp521r1: '2b81040023',
  secp256k1: '2b8104000a',
  brainpoolP256r1: '2b2403030208010107',
  brainpoolP384r1: '2b240303020801010b',
  brainpoolP512r1: '2b240303020801010d',
  secp224r1: '2b81040021',
  ed25519: '2b6570',
  ed448: '2b6571',
  x25519: '2b656e',
  'ml-dsa-44': '608648016503040311',
  'ml-dsa-65': '608648016503040312',
  'ml-dsa-87': '608648016503040313',
} as const;

export function rsaSpki(modulus: bigint, exponent: bigint): Uint8Array {
  return sequence(sequence(oid(oids.rsa), nothing()), bits(sequence(integer(modulus), integer(exponent))));
}

export function ecSpki(curve: string, point: Uint8Array): Uint8Array {
  return sequence(sequence(oid(oids.ec), oid(curve)), bits(point));
}

export function edSpki(type: 'ed25519' | 'ed448', point: Uint8Array): Uint8Array {
  return sequence(sequence(oid(oids[type])), bits(point));
}

export function ecPkcs8(curve: string, scalar: Uint8Array, point?: Uint8Array): Uint8Array {
  const publicKey = point ? [element(0xa1, bits(point))] : [];
  return pkcs8([oid(oids.ec), oid(curve)], sequence(integer(1n), octets(scalar), ...publicKey));
}

export function edPkcs8(type: 'ed25519' | 'ed448', seed: Uint8Array): Uint8Array {
  return pkcs8([oid(oids[type])], octets(seed));
}

export function rsaPkcs8(numbers: readonly bigint[]): Uint8Array {
  return pkcs8([oid(oids.rsa), nothing()], sequence(integer(0n), ...numbers.map(integer)));
}

export function pkcs8(algorithm: readonly Uint8Array[], key: Uint8Array): Uint8Array {
  return sequence(integer(0n), sequence(...algorithm), octets(key));
}

export function ecdsaSignature(r: bigint, s: bigint): Uint8Array {
  return sequence(integer(r), integer(s));
}
