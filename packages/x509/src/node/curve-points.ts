/**
 * Public points of elliptic curves as OpenSSL shows them: uncompressed, and only if they are on their curve (SEC 1 §2.3.4). For
 * showing, not for secrets: the arithmetic is that of BigInt.
 */

/** `0x04`, x and y; `undefined` for what is no point. Points of unknown curves are believed, as long as they are not compressed. */
export function uncompressedPoint(curveName: string, point: Uint8Array): Uint8Array | undefined {
  const form = point[0];
  const curve = curves.get(curveName);
  if (curve === undefined) return form === 0x04 && point.length % 2 === 1 ? point : undefined;
  const { p, a, b } = curve;
  const size = Math.ceil(p.toString(16).length / 2);
  // Before anything becomes a number: a certificate may have any number of octets here.
  if (point.length > 1 + 2 * size) return undefined;
  const x = number(point.subarray(1, 1 + size));
  if (x >= p) return undefined;
  const square = (x ** 3n + a * x + b) % p;
  if (form === 0x02 || form === 0x03) {
    if (point.length !== 1 + size) return undefined;
    // All these primes are 3 modulo 4.
    const root = power(square, (p + 1n) / 4n, p);
    if ((root * root) % p !== square) return undefined;
    return joined(x, root % 2n === BigInt(form & 1) ? root : p - root, size);
  }
  const y = number(point.subarray(1 + size));
  const isHybrid = form === 0x06 || form === 0x07;
  if (form !== 0x04 && !(isHybrid && y % 2n === BigInt(form & 1))) return undefined;
  if (point.length !== 1 + 2 * size || y >= p || (y * y) % p !== square) return undefined;
  return joined(x, y, size);
}

interface Curve {
  readonly p: bigint;
  readonly a: bigint;
  readonly b: bigint;
}

function number(bytes: Uint8Array): bigint {
  return bytes.reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

function joined(x: bigint, y: bigint, size: number): Uint8Array {
  const digits = [x, y].map((value) => value.toString(16).padStart(2 * size, '0')).join('');
  return Uint8Array.of(0x04, ...digits.match(/../g)!.map((octet) => Number.parseInt(octet, 16)));
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

function curve(p: bigint, a: bigint, b: string): Curve {
  return { p, a: (a + p) % p, b: BigInt(`0x${b}`) };
}

const secp256k1Prime = /* @__PURE__ */ (() => 2n ** 256n - 2n ** 32n - 977n)();
const p256 = /* @__PURE__ */ (() => 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n)();
const p384 = /* @__PURE__ */ (() => 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n)();
const p521 = /* @__PURE__ */ (() => 2n ** 521n - 1n)();

/** SP 800-186 §3.2.1, SEC 2 §2.4.1. */
const curves: ReadonlyMap<string, Curve> = /* @__PURE__ */ new Map([
  [
    'prime256v1',
    /* @__PURE__ */ curve(p256, -3n, '5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b'),
  ],
  [
    'secp384r1',
    /* @__PURE__ */ curve(
      p384,
      -3n,
      'b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef',
    ),
  ],
  [
    'secp521r1',
    /* @__PURE__ */ curve(
      p521,
      -3n,
      '51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00',
    ),
  ],
  ['secp256k1', /* @__PURE__ */ curve(secp256k1Prime, 0n, '7')],
]);
