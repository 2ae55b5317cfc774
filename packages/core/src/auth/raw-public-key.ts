import { defaultSignatureSchemes } from '../config/defaults.ts';
import type { PrivateKey } from '../crypto/provider.ts';
import { describeScheme } from '../crypto/signature-schemes.ts';
import { ApiMisuseError, TlsError } from '../errors/tls-error.ts';
import type { RawPublicKeyCredential } from '../values/credential.ts';
import type { VerifyPeerAsk, VerifyPeerReply } from '../values/peer-evidence.ts';
import { copyOf, sameBytes } from '../wire/bytes.ts';

/**
 * Refuses what is no SubjectPublicKeyInfo at all, for example a certificate in its place: a SEQUENCE of an AlgorithmIdentifier and a
 * BIT STRING, and nothing behind it (RFC 5280 §4.1). Whether we know the algorithm is a later question.
 */
export function checkRawPublicKey(spki: Uint8Array, section: string): void {
  const [outer, ...behind] = elements(spki, 0x30) ?? [];
  const [algorithm, key, ...more] = (outer && elements(outer.content)) ?? [];
  const isWhole =
    outer !== undefined &&
    behind.length === 0 &&
    algorithm?.tag === 0x30 &&
    key?.tag === 0x03 &&
    more.length === 0;
  if (isWhole) return;
  throw new TlsError('peer.malformedMessage', 'the raw public key is no SubjectPublicKeyInfo', {
    section,
    handshakeMessage: 'certificate',
    field: 'ASN1_subjectPublicKeyInfo',
  });
}

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** DER elements that stand one behind the other, all of tag `only` if it is given; `undefined`: they do not. */
function elements(bytes: Uint8Array, only?: number): Element[] | undefined {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [tag, first] = [bytes[at]!, bytes[at + 1]];
    if (first === undefined || (only !== undefined && tag !== only)) return undefined;
    const lengthBytes = first < 0x80 ? 0 : first - 0x80;
    if (lengthBytes > 3) return undefined;
    let length = first < 0x80 ? first : 0;
    for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0);
    const begin = at + 2 + lengthBytes;
    if (begin + length > bytes.length) return undefined;
    found.push({ tag, content: bytes.subarray(begin, begin + length) });
    at = begin + length;
  }
  return found;
}

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
