import { certificatePart, type CertificatePart } from '../../auth/compressed-certificate.ts';
import { certificateOf, refuseOtherType } from '../../auth/own-certificate.ts';
import type { ClientConfig } from '../../config/client.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { certificateAuthoritiesExtension } from '../../extensions/certificate-authorities.ts';
import { compressCertificateExtension } from '../../extensions/compress-certificate.ts';
import {
  signatureAlgorithmsCertExtension,
  signatureAlgorithmsExtension,
} from '../../extensions/signature-algorithms.ts';
import { signedCertificateTimestampExtension } from '../../extensions/signed-certificate-timestamp.ts';
import { statusRequestExtension } from '../../extensions/status-request.ts';
import type { CertificateRequest } from '../../messages/certificate-request.ts';
import type { CertificateTypeName, Credential } from '../../values/credential.ts';
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
) {
  const signatureSchemes = extensions.get(signatureAlgorithmsExtension) ?? [];
  return {
    kind: 'selectCertificate',
    ask: {
      role: 'client',
      certificateTypes,
      signatureSchemes,
      certificateSignatureSchemes: extensions.get(signatureAlgorithmsCertExtension) ?? signatureSchemes,
      // Copies, for the application to keep: the transcript still holds the message.
      certificateAuthorities: (extensions.get(certificateAuthoritiesExtension) ?? []).map(copyOf),
      serverName: undefined,
    },
  } as const;
}

/** The Certificate message for the application's choice; without a credential it is empty. */
export function chosenCertificate(
  reply: SelectCertificateReply,
  { extensions, certificateRequestContext }: CertificateRequest,
  certificateTypes: readonly CertificateTypeName[],
  config: ClientConfig,
  provider: CryptoProvider,
): { readonly credential: Credential | undefined; readonly part: CertificatePart } {
  if (!reply.ok) {
    throw new TlsError('local.noCredential', reply.message, {
      handshakeMessage: 'certificate',
      cause: reply.cause,
    });
  }
  const { credential } = reply;
  if (credential !== undefined) refuseOtherType(credential, certificateTypes);
  const x509 = credential?.type === 'x509' ? credential : undefined;
  const certificate = certificateOf(
    credential,
    certificateRequestContext,
    {
      ocspResponse: extensions.has(statusRequestExtension) ? x509?.ocspResponse : undefined,
      signedCertificateTimestamps: extensions.has(signedCertificateTimestampExtension)
        ? x509?.signedCertificateTimestamps
        : undefined,
    },
    config,
    extensions,
  );
  const part = certificatePart(
    certificate,
    credential,
    config.certificateCompression.send,
    extensions.get(compressCertificateExtension),
    provider,
  );
  return { credential, part };
}
