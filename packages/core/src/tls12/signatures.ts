import type { Agreed } from './agreed.ts';
import type { ClientConfig } from '../config/client.ts';
import type { CryptoProvider, KeyKind } from '../crypto/provider.ts';
import { TlsError } from '../errors/tls-error.ts';
import { namedGroups } from '../registry/groups.ts';
import { registryName } from '../registry/registered.ts';
import { signatureSchemes, type SignatureScheme } from '../registry/signature-schemes.ts';
import { impliedScheme, scheme12, signsWith } from './signature-schemes.ts';

/** A signature of the peer, and what it is to prove. */
export interface Proof {
  /** The handshake message in which it stands, RFC spelling. */
  readonly message: 'server_key_exchange' | 'certificate_verify';
  /** As named in the message; absent in versions that name none. */
  readonly scheme: SignatureScheme | undefined;
  readonly signature: Uint8Array;
  readonly content: Uint8Array;
  /** The accepted public key, DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
}

/** The server's key is also of the kind that the suite says (RFC 5246 §7.4.2). */
export function verifyServerSignature(
  provider: CryptoProvider,
  agreed: Agreed,
  { signatureSchemes: offered, groups }: ClientConfig,
  proof: Proof,
): SignatureScheme {
  const { authentication, name } = agreed.suite;
  const { scheme, kind } = verifySignature(provider, agreed, offered, proof);
  if (kind.type === 'ec' && !groups.includes(namedGroups[kind.curve])) {
    throw new TlsError(
      'peer.unofferedGroup',
      `the server's key is on ${kind.curve}, which we did not offer`,
      {
        section: 'RFC 8422 §5.3',
        handshakeMessage: 'certificate',
      },
    );
  }
  if ((authentication === 'rsa' || authentication === 'ecdsa') && signsWith(scheme, authentication))
    return scheme;
  throw new TlsError('peer.schemeDoesNotFitKey', `the server's key is of another kind than ${name} says`, {
    section: 'RFC 5246 §7.4.2',
    handshakeMessage: 'certificate',
  });
}

/** Checks a signature (RFC 5246 §4.7, §7.4.3, §7.4.8); returns the scheme that it has, named or not, and the kind of key. */
export function verifySignature(
  provider: CryptoProvider,
  { profile }: Agreed,
  offered: readonly number[],
  { message, scheme: named, signature, content, spki }: Proof,
): { readonly scheme: SignatureScheme; readonly kind: KeyKind } {
  const at = { section: 'RFC 5246 §7.4.3', handshakeMessage: message };
  const unoffered = (scheme: number | undefined): TlsError => {
    const name = scheme === undefined ? 'none' : registryName(signatureSchemes, scheme);
    return new TlsError(
      'peer.unofferedSignatureScheme',
      `the peer signed with ${name}, which we did not offer`,
      { ...at, field: 'algorithm' },
    );
  };
  // Before the key, which may be of a kind that only newer versions have (draft-ietf-tls-mldsa §3.3).
  if (named !== undefined && (scheme12(named) === undefined || !offered.includes(named)))
    throw unoffered(named);
  const key = provider.importPublicKey(spki);
  if (key === undefined) {
    throw new TlsError(
      'peer.unusablePublicKey',
      "the peer's public key is malformed or of an unsupported kind",
      { ...at, handshakeMessage: 'certificate' },
    );
  }
  const scheme = named ?? impliedScheme(profile, key.kind.type);
  const descriptor = scheme === undefined ? undefined : scheme12(scheme);
  if (scheme === undefined || descriptor === undefined) throw unoffered(scheme);
  const name = registryName(signatureSchemes, scheme);
  if (!descriptor.fits(key.kind)) {
    throw new TlsError(
      'peer.schemeDoesNotFitKey',
      `the peer signed with ${name}, its key is of type ${key.kind.type}`,
      { ...at, field: 'algorithm' },
    );
  }
  if (!key.verify(descriptor.algorithm, content, signature)) {
    throw new TlsError('peer.badSignature', `the peer's ${name} signature does not verify`, {
      ...at,
      field: 'signature',
    });
  }
  return { scheme, kind: key.kind };
}
