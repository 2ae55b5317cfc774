export { nobleProvider } from './provider.ts';

/**
 * What other providers share with this one, so that both read keys with the same refusals and derive given
 * forms the same way. Not meant for applications.
 */
export { hex, integerOf, isAllZero } from './bytes.ts';
export * as derWriter from './der/writer.ts';
export { curveSizes } from './formats/curves.ts';
export { parseEcdsaSignature, withOtherS } from './formats/ecdsa-signature.ts';
export {
  type EcPrivateParts,
  type ParsedPrivateKey,
  parsePkcs8,
  writeEcPkcs8,
  writeEdPkcs8,
  writeRsaPkcs8,
} from './formats/pkcs8.ts';
export { type ParsedPublicKey, parseSpki, writeSpki } from './formats/spki.ts';
export { type PlainGroups, withHybrids } from './groups/groups.ts';
export { type MlKemName, mlKemSeedBytes, mlKemSizes } from './groups/ml-kem.ts';
export { dhField, fieldNumbers } from './groups/dh.ts';
export { ffdheField } from './groups/ffdhe.ts';
export { type FiniteField, finiteFieldGroup, parseShare } from './groups/finite-field.ts';
export { drawScalar } from './groups/scalars.ts';
export { isOwnPoint } from './keys/claimed-point.ts';
export { isEdwardsPoint } from './keys/edwards.ts';
export { requirePbkdf2, requireScrypt } from './key-derivation.ts';
export { algorithmFits } from './keys/fit.ts';
export { requireKnownSpec, requireRsaBits } from './keys/generate.ts';
export { ciphertextOrOne, padForEncryption, unpadOrElse } from './rsa/encryption-padding.ts';
export { draw, requireBlocks, requireLength, wiped } from './misuse.ts';
