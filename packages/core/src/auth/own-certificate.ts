import { arrangeExtensions } from '../config/arrange-extensions.ts';
import type { AskedBlock } from '../config/custom-extensions.ts';
import type { SharedConfig } from '../config/shared.ts';
import { TlsError } from '../errors/tls-error.ts';
import { ExtensionBlock } from '../extensions/block.ts';
import { extension, type RawExtension } from '../extensions/definition.ts';
import { delegatedCredentialExtension } from '../extensions/delegated-credential.ts';
import { signedCertificateTimestampExtension } from '../extensions/signed-certificate-timestamp.ts';
import { statusRequestExtension } from '../extensions/status-request.ts';
import type { Effect } from '../machine/step.ts';
import type { Certificate } from '../messages/certificate.ts';
import type { CertificateTypeName, Credential, Delegation } from '../values/credential.ts';
import type { SelectCertificateReply } from '../values/decisions.ts';
import { owned } from '../wire/owned.ts';
import type { Signer } from './sign.ts';

/** What our Certificate message may carry beside the chain. */
export interface Staple {
  readonly ocspResponse?: Uint8Array | undefined;
  readonly signedCertificateTimestamps?: readonly Uint8Array[] | undefined;
  /** The delegation whose key signs CertificateVerify. */
  readonly delegation?: Delegation | undefined;
}

/** Our Certificate (RFC 9846 §4.5.1); without a credential it is empty, which only a client may send. */
export function certificateOf(
  credential: Credential | undefined,
  requestContext: Uint8Array,
  staple: Staple,
  config: SharedConfig,
  /** The extensions of the message that asks for it. */
  request: AskedBlock,
): Certificate {
  const chain =
    credential === undefined ? [] : credential.type === 'x509' ? credential.chain : [credential.spki];
  return {
    type: 'certificate',
    certificateRequestContext: requestContext,
    certificateList: chain.map((certData, position) => ({
      certData,
      // OCSP responses, timestamps and delegated credentials speak of our own certificate, which comes first.
      extensions: ExtensionBlock.of(
        'CT',
        position === 0 ? arrangeExtensions(stapled(staple), config, 'CT', [], request) : [],
      ),
    })),
  };
}

/** What is known once our Certificate has left. */
export function presented({ credential, delegation }: Signer): readonly Effect[] {
  if (credential.type !== 'x509') return [];
  const facts = {
    ownChain: owned(credential.chain),
    ...(delegation === undefined ? {} : { ownDelegatedCredential: owned(delegation.credential) }),
  };
  return [{ do: 'fact', facts }];
}

function stapled({ ocspResponse, signedCertificateTimestamps, delegation }: Staple): RawExtension[] {
  const list: RawExtension[] = [];
  if (ocspResponse !== undefined) list.push(extension('CT', statusRequestExtension, ocspResponse));
  if (signedCertificateTimestamps !== undefined && signedCertificateTimestamps.length > 0) {
    list.push(extension('CT', signedCertificateTimestampExtension, signedCertificateTimestamps));
  }
  if (delegation !== undefined)
    list.push(extension('CT', delegatedCredentialExtension, delegation.credential));
  return list;
}

/** The application has said no to `selectCertificate`. */
export function refuseSelection({
  reason,
  message,
  cause,
}: Extract<SelectCertificateReply, { ok: false }>): never {
  const code = reason === 'noneFits' ? 'local.noCredential' : 'local.credentialUnavailable';
  throw new TlsError(code, message, { handshakeMessage: 'certificate', cause });
}

/** The credential that was selected is of a type that the peer takes (RFC 7250 §4.2). */
export function refuseOtherType(credential: Credential, types: readonly CertificateTypeName[]): void {
  if (types.includes(credential.type)) return;
  throw new TlsError(
    'incompatible.certificateTypes',
    `the credential is of type ${credential.type}, the peer takes ${types.join(' or ')}`,
    { section: 'RFC 7250 §4.2', handshakeMessage: 'certificate' },
  );
}
