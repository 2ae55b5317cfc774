import { defaultSignatureSchemes } from '../config/defaults.ts';
import type { PrivateKey } from '../crypto/provider.ts';
import { describeScheme } from '../crypto/signature-schemes.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import type { RawPublicKeyCredential } from '../values/credential.ts';
import type { VerifyPeerAsk, VerifyPeerReply } from '../values/peer-evidence.ts';
import { copyOf, sameBytes } from '../wire/bytes.ts';

/** A credential that is nothing but a key (RFC 7250), signing with every scheme that fits it. */
export function rawPublicKeyCredential(key: PrivateKey): RawPublicKeyCredential {
  if (typeof key?.sign !== 'function') {
    throw new ApiMisuseError('rawPublicKeyCredential expects a private key, as importPrivateKey gives it');
  }
  const signatureSchemes = defaultSignatureSchemes.filter((scheme) => {
    const descriptor = describeScheme(scheme);
    return descriptor?.signsHandshake === true && descriptor.fits(key.kind);
  });
  return { type: 'rawPublicKey', spki: key.publicKey.spki, signatureSchemes, key };
}

/**
 * A policy for `verifyPeer` that takes these public keys, as raw public keys (RFC 7250), and nobody else: no name, no
 * issuer, no date. `pins` are DER SubjectPublicKeyInfos, compared byte by byte; at least one. A peer with a pinned key
 * is who it says only as far as nobody else may have that key (RFC 9846 §F.9).
 */
export function pinnedPublicKeys(pins: readonly Uint8Array[]): (ask: VerifyPeerAsk) => VerifyPeerReply {
  if (!Array.isArray(pins) || pins.length === 0 || !pins.every((pin) => pin instanceof Uint8Array)) {
    throw new ApiMisuseError('pinnedPublicKeys expects one or more DER SubjectPublicKeyInfos');
  }
  const own = pins.map(copyOf);
  return ({ evidence }) => {
    if (evidence.type !== 'rawPublicKey') {
      return {
        ok: false,
        reason: 'unsupported',
        message: 'expected a raw public key, got a certificate chain',
      };
    }
    return own.some((pin) => sameBytes(pin, evidence.spki))
      ? { ok: true, publicKey: evidence.spki }
      : { ok: false, reason: 'unknownCa', message: 'the raw public key is none of those pinned' };
  };
}
