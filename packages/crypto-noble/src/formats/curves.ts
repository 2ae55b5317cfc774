import type { CurveName } from '@sealwire/core';

/** Sizes of the curves (SP 800-186 §3.2.1; SEC 2 §2.4.1; RFC 5639 §3). */
export interface CurveSizes {
  /** Bytes of a field element and of a scalar: for these curves the two are equal. */
  readonly bytes: number;
  /** The order of the base point. */
  readonly order: bigint;
}

export const curveSizes: Readonly<Record<CurveName, CurveSizes>> = {
  secp256r1: { bytes: 32, order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n },
  secp384r1: {
    bytes: 48,
    order:
      0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
  secp521r1: {
    bytes: 66,
    order:
      0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  },
  secp256k1: { bytes: 32, order: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n },
  brainpoolP256r1: { bytes: 32, order: 0xa9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7n },
  brainpoolP384r1: {
    bytes: 48,
    order:
      0x8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565n,
  },
  brainpoolP512r1: {
    bytes: 64,
    order:
      0xaadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069n,
  },
};
