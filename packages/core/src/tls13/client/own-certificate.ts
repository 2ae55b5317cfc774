import { certificatePart, type CertificatePart } from '../../auth/compressed-certificate.ts';
import { certificateOf, refuseOtherType, refuseSelection } from '../../auth/own-certificate.ts';
import { signerFor, type Signer } from '../../auth/sign.ts';
import type { ClientConfig } from '../../config/client.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { certificateAuthoritiesExtension } from '../../extensions/certificate-authorities.ts';
import { compressCertificateExtension } from '../../extensions/compress-certificate.ts';
import { delegatedCredentialExtension } from '../../extensions/delegated-credential.ts';
import {
  signatureAlgorithmsCertExtension,
  signatureAlgorithmsExtension,
} from '../../extensions/signature-algorithms.ts';
import { signedCertificateTimestampExtension } from '../../extensions/signed-certificate-timestamp.ts';
import { statusRequestExtension } from '../../extensions/status-request.ts';
import type { Context } from '../../machine/step.ts';
import type { CertificateRequest } from '../../messages/certificate-request.ts';
import { protocolVersions } from '../../registry/versions.ts';
import type { CertificateTypeName } from '../../values/credential.ts';
import type { SelectCertificateReply } from '../../values/decisions.ts';
import { copyOf } from '../../wire/bytes.ts';

/** Our certificate for a server that asks (RFC 9846 §4.4.2), in the handshake or after it. */

/** "The signature_algorithms extension MUST be specified" (RFC 9846 §4.4.2). */
export function requireSignatureAlgorithms({ extensions }: CertificateRequest): void {
  if (extensions.has(signatureAlgorithmsExtension)) return;
  throw new TlsError('peer.missingExtension', 'the CertificateRequest lacks signature_algorithms', {
    section: 'RFC 9846 §4.4.2',
    handshakeMessage: 'certificate_request',
    field: 'signature_algorithms',
  });
}

export function certificateAsk(
  { extensions }: CertificateRequest,
  certificateTypes: readonly CertificateTypeName[],
  { nowMs }: Context,
) {
  const signatureSchemes = extensions.get(signatureAlgorithmsExtension) ?? [];
  return {
    kind: 'selectCertificate',
    ask: {
      role: 'client',
      version: protocolVersions.tls13,
      certificateTypes,
      signatureSchemes,
      certificateSignatureSchemes: extensions.get(signatureAlgorithmsCertExtension) ?? signatureSchemes,
      delegatedSignatureSchemes: extensions.get(delegatedCredentialExtension) ?? [],
      // Copies, for the application to keep: the transcript still holds the message.
      groups: undefined,
      certificateAuthorities: (extensions.get(certificateAuthoritiesExtension) ?? []).map(copyOf),
      serverName: undefined,
      nowMs,
    },
  } as const;
}

/** The Certificate message for the application's choice; without a credential it is empty. */
export function chosenCertificate(
  reply: SelectCertificateReply,
  { extensions, certificateRequestContext }: CertificateRequest,
  certificateTypes: readonly CertificateTypeName[],
  config: ClientConfig,
  { provider, nowMs }: Context,
): { readonly signer: Signer | undefined; readonly part: CertificatePart } {
  if (!reply.ok) refuseSelection(reply);
  const { credential } = reply;
  if (credential !== undefined) refuseOtherType(credential, certificateTypes);
  const signer =
    credential === undefined
      ? undefined
      : signerFor(credential, {
          role: 'client',
          signatureSchemes: extensions.get(signatureAlgorithmsExtension) ?? [],
          delegatedSignatureSchemes: extensions.get(delegatedCredentialExtension) ?? [],
          nowMs,
        });
  const x509 = credential?.type === 'x509' ? credential : undefined;
  const certificate = certificateOf(
    credential,
    certificateRequestContext,
    {
      ocspResponse: extensions.has(statusRequestExtension) ? x509?.ocspResponse : undefined,
      signedCertificateTimestamps: extensions.has(signedCertificateTimestampExtension)
        ? x509?.signedCertificateTimestamps
        : undefined,
      delegation: signer?.delegation,
    },
    config,
    extensions,
  );
  const part = certificatePart(
    certificate,
    signer,
    config.certificateCompression,
    extensions.get(compressCertificateExtension),
    provider,
  );
  return { signer, part };
}
