import { describeScheme, signsWhenDelegated } from '../crypto/signature-schemes.ts';
import { ApiMisuseError, TlsError } from '../errors/tls-error.ts';
import type { ExtensionBlock } from '../extensions/block.ts';
import {
  delegatedCredential,
  delegatedCredentialExtension,
  delegatedKey,
  type DelegatedCredential,
  type DelegatedKey,
} from '../extensions/delegated-credential.ts';
import { signatureAlgorithmsExtension } from '../extensions/signature-algorithms.ts';
import { registryName } from '../registry/registered.ts';
import { signatureSchemes } from '../registry/signature-schemes.ts';
import type { PeerEvidence } from '../values/peer-evidence.ts';
import { ascii, concat } from '../wire/bytes.ts';
import { decode, encode, uint16 } from '../wire/codec.ts';
import { owned } from '../wire/owned.ts';

/** What asked the peer for its Certificate. */
export type CertificateQuestion = ExtensionBlock<'CH'> | ExtensionBlock<'CR'>;

/**
 * The delegated credential in the entry of the peer's own certificate (RFC 9345 §4.1.1, §4.1.2): asked for, and by
 * algorithms that were offered. Whether the certificate delegates, and until when, is for whoever reads certificates.
 */
export function presentedCredential(
  entry: ExtensionBlock<'CT'>,
  asked: CertificateQuestion,
): DelegatedCredential | undefined {
  const credential = entry.get(delegatedCredentialExtension);
  if (credential === undefined) return undefined;
  const { signed, signs } = offersOf(asked);
  const { algorithm, cred } = credential;
  // PKCS #1 v1.5 is listed for certificates alone.
  if (!signed.includes(algorithm) || describeScheme(algorithm)?.signsHandshake !== true) {
    throw illegal(`is signed with ${nameOf(algorithm)}, which we did not offer for it`, 'algorithm');
  }
  const { dcCertVerifyAlgorithm } = cred;
  if (!signs.includes(dcCertVerifyAlgorithm) || !signsWhenDelegated(dcCertVerifyAlgorithm)) {
    const message = `is for ${nameOf(dcCertVerifyAlgorithm)}, which we did not offer for such keys`;
    throw illegal(message, 'cred.dc_cert_verify_algorithm');
  }
  return owned(credential);
}

/** "MUST abort the handshake with an "unexpected_message" alert" where we have not indicated support (RFC 9345 §4.1.1, §4.1.2). */
export function refuseUnaskedCredential(
  entry: ExtensionBlock<'CT'>,
  asked: { has(extension: { readonly type: number }): boolean },
): void {
  if (!entry.has(delegatedCredentialExtension) || asked.has(delegatedCredentialExtension)) return;
  throw new TlsError(
    'peer.unsolicitedDelegatedCredential',
    'a delegated credential, which we did not offer to take',
    { section: 'RFC 9345 §4.1', handshakeMessage: 'certificate', field },
  );
}

/** There is no certificate that could delegate (RFC 9345 §4). */
export function refuseCredentialOfRawKey(entry: ExtensionBlock<'CT'>): void {
  if (entry.has(delegatedCredentialExtension)) throw illegal('stands beside a raw public key');
}

/** The delegated credential that the peer's own certificate came with. */
export function credentialIn(evidence: PeerEvidence): DelegatedCredential | undefined {
  return evidence.type === 'x509' ? evidence.chain[0]?.delegatedCredential : undefined;
}

/** Item 3 of RFC 9345 §4.1.3: the scheme of CertificateVerify is that of the credential. */
export function refuseOtherScheme({ cred }: DelegatedCredential, scheme: number): void {
  const { dcCertVerifyAlgorithm } = cred;
  if (scheme === dcCertVerifyAlgorithm) return;
  const message = `is for ${nameOf(dcCertVerifyAlgorithm)}, the peer signed with ${nameOf(scheme)}`;
  throw illegal(message, 'cred.dc_cert_verify_algorithm');
}

/**
 * What the signature of a delegated credential covers (RFC 9345 §4): 64 spaces, a context string, a zero byte, the DER
 * certificate that delegates, the key's part and the scheme of the signature.
 */
export function delegatedCredentialContent(
  role: 'client' | 'server',
  certificate: Uint8Array,
  cred: DelegatedKey,
  algorithm: number,
): Uint8Array {
  const context = ascii(`${' '.repeat(64)}TLS, ${role} delegated credentials\0`);
  return concat([context, certificate, encode(delegatedKey, cred), encode(uint16, algorithm)]);
}

/** A `DelegatedCredential` as its bytes (RFC 9345 §4), for a file. `ApiMisuseError` for one that has no such form. */
export function encodeDelegatedCredential(credential: DelegatedCredential): Uint8Array {
  try {
    return encode(delegatedCredential, credential);
  } catch (error) {
    throw new ApiMisuseError(`expected a DelegatedCredential, got one that does not encode: ${error}`);
  }
}

/** The credential that these bytes are, the file whole; `undefined` if they are none. The result belongs to the caller. */
export function decodeDelegatedCredential(bytes: Uint8Array): DelegatedCredential | undefined {
  if (!(bytes instanceof Uint8Array))
    throw new ApiMisuseError('decodeDelegatedCredential expects a Uint8Array');
  try {
    return owned(decode(delegatedCredential, bytes, 'DelegatedCredential'));
  } catch (error) {
    if (error instanceof TlsError) return undefined;
    throw error;
  }
}

/** The schemes that may sign a delegated credential, and those that its key may sign with. */
function offersOf(asked: CertificateQuestion) {
  // The same codecs in both messages; the type of a block knows but one of them.
  const block = asked as ExtensionBlock<'CH'>;
  return {
    signed: block.get(signatureAlgorithmsExtension) ?? [],
    signs: block.get(delegatedCredentialExtension) ?? [],
  };
}

function illegal(what: string, part?: string): TlsError {
  return new TlsError('peer.illegalDelegatedCredential', `the peer's delegated credential ${what}`, {
    section: 'RFC 9345 §4.1',
    handshakeMessage: 'certificate',
    field: part === undefined ? field : `${field}.${part}`,
  });
}

function nameOf(scheme: number): string {
  return registryName(signatureSchemes, scheme);
}

const field = 'delegated_credential';
