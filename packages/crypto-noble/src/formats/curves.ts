import type { CurveName } from '@sealwire/core';

/** Sizes of the NIST curves (FIPS 186-5, SP 800-186 §3.2.1). */
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
};
