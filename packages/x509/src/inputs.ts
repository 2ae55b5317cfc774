import { ApiMisuseError } from '@sealwire/core';
import { X509Error } from './errors.ts';
import { type TrustedCertificate, readTrustedDer } from './containers/trusted-certificate.ts';
import { looksLikeDer } from './der/looks-like-der.ts';
import { insteadOf, parsePem } from './pem.ts';

/**
 * Certificates as people have them: one or several PEM texts (each with one or several certificates), DER, or
 * the bytes of a file that holds either.
 */
export type CertificateInput = string | Uint8Array | readonly (string | Uint8Array)[];

/**
 * The DER of every certificate in `input`, in order. Blocks of other kinds (keys, parameters) are passed over.
 * Throws `X509Error` for damaged PEM and when an entry holds no certificate; whether the DER is a certificate
 * is not looked at.
 */
export function certificatesDer(input: CertificateInput): Uint8Array[] {
  const entries = typeof input === 'string' || input instanceof Uint8Array ? [input] : input;
  if (!Array.isArray(entries))
    throw new ApiMisuseError(`expected certificates as PEM or DER, got ${typeof input}`);
  return entries.flatMap((entry) => certificatesOfEntry(entry).map(({ certificate }) => certificate));
}

/** As `certificatesDer`, with the settings of blocks labelled `TRUSTED CERTIFICATE`. */
export function trustedCertificates(input: CertificateInput): TrustedCertificate[] {
  const entries = typeof input === 'string' || input instanceof Uint8Array ? [input] : input;
  if (!Array.isArray(entries))
    throw new ApiMisuseError(`expected certificates as PEM or DER, got ${typeof input}`);
  return entries.flatMap(certificatesOfEntry);
}

function certificatesOfEntry(entry: string | Uint8Array): TrustedCertificate[] {
  if (typeof entry !== 'string' && !(entry instanceof Uint8Array)) {
    throw new ApiMisuseError(`expected a certificate as PEM or DER, got ${typeof entry}`);
  }
  if (typeof entry !== 'string' && looksLikeDer(entry)) return [{ certificate: entry }];
  const certificates: TrustedCertificate[] = [];
  const blocks = parsePem(entry);
  for (const block of blocks) {
    if (block.label === 'CERTIFICATE' || block.label === 'X509 CERTIFICATE')
      certificates.push({ certificate: block.der });
    else if (block.label === 'TRUSTED CERTIFICATE') certificates.push(readTrustedDer(block.der));
  }
  if (certificates.length === 0)
    throw new X509Error('pem.noBlock', `expected at least one CERTIFICATE block of PEM${insteadOf(blocks)}`);
  return certificates;
}
