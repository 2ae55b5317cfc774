import type { CryptoProvider } from '../crypto/provider.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import { protocolVersions } from '../registry/versions.ts';
import type { ExternalPsk } from '../values/external-psk.ts';
import { encode, opaque16, struct, uint16 } from '../wire/codec.ts';
import { hkdfExpandLabel, hkdfExtract } from '../crypto/hkdf.ts';

export interface ImportPskInput {
  readonly provider: CryptoProvider;
  /** external_identity, 1 to 65,535 bytes. */
  readonly identity: Uint8Array;
  /** The external key, at least 16 bytes of high entropy. */
  readonly key: Uint8Array;
  /** The hash that the external key is for; default `sha256`. */
  readonly hash?: 'sha256' | 'sha384';
  /** What both sides know about where the key is used: their roles, for example. Default empty. */
  readonly context?: Uint8Array;
}

/**
 * The imported keys of an external one, one for each KDF of TLS 1.3 (RFC 9258 §5): bound to the protocol, the KDF and
 * the context, so that one key may serve several of them without their getting in each other's way. Both sides
 * import, and give the result as `externalPsks`.
 *
 *     struct {
 *        opaque external_identity<1...2^16-1>;
 *        opaque context<0..2^16-1>;
 *        uint16 target_protocol;
 *        uint16 target_kdf;
 *     } ImportedIdentity;
 */
export function importPsk(input: ImportPskInput): readonly ExternalPsk[] {
  const { provider, identity, key, hash = 'sha256', context = new Uint8Array(0) } = input;
  if (!(identity instanceof Uint8Array) || identity.length < 1)
    throw new ApiMisuseError('importPsk expects an identity of at least 1 byte');
  if (!(key instanceof Uint8Array) || key.length < 16)
    throw new ApiMisuseError('importPsk expects a key of at least 16 bytes');
  const external = provider.hashes[hash];
  if (external === undefined) throw new ApiMisuseError(`the provider ${provider.name} has no ${hash}`);
  // RFC 9258 §5.1: epskx = HKDF-Extract(0, epsk).
  const extracted = hkdfExtract(external, new Uint8Array(external.outputBytes), key);
  const imported = targets.flatMap(({ name, kdf }): readonly ExternalPsk[] => {
    const target = provider.hashes[name];
    if (target === undefined) return [];
    const importedIdentity = encode(importedIdentityCodec, {
      externalIdentity: identity,
      context,
      targetProtocol: protocolVersions.tls13,
      targetKdf: kdf,
    });
    // ipskx = HKDF-Expand-Label(epskx, "derived psk", Hash(ImportedIdentity), L)
    const derived = hkdfExpandLabel(
      external,
      extracted,
      'derived psk',
      external.digest([importedIdentity]),
      target.outputBytes,
    );
    return [{ identity: importedIdentity, key: derived, hash: name, imported: true }];
  });
  extracted.fill(0);
  return imported;
}

const importedIdentityCodec = /* @__PURE__ */ struct({
  externalIdentity: /* @__PURE__ */ opaque16({ min: 1 }),
  context: /* @__PURE__ */ opaque16(),
  targetProtocol: uint16,
  targetKdf: uint16,
});

/** TLS KDF Identifiers (RFC 9258 §10.1). */
const targets = [
  { name: 'sha256', kdf: 0x0001 },
  { name: 'sha384', kdf: 0x0002 },
] as const;
