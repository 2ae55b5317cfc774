import { parseCertificateRequest, parsePem } from '@sealwire/x509';
import { Problem } from '../../problem.ts';
import { keyText, nameText } from '../../tls/describe-certificate.ts';

export interface Block {
  readonly kind: 'certificate' | 'request';
  readonly der: Uint8Array;
}

/** Certificates and requests of a file. DER does not say what it is: it is a certificate unless it reads as a request. */
export function blocksOf(contents: string | Uint8Array, path: string): Block[] {
  if (typeof contents !== 'string')
    return [{ kind: isRequest(contents) ? 'request' : 'certificate', der: contents }];
  const blocks = parsePem(contents).flatMap(({ label, der }): Block[] => {
    if (label === 'CERTIFICATE' || label === 'X509 CERTIFICATE') return [{ kind: 'certificate', der }];
    return /^(NEW )?CERTIFICATE REQUEST$/.test(label) ? [{ kind: 'request', der }] : [];
  });
  if (blocks.length > 0) return blocks;
  throw new Problem('file', 'pem.noBlock', `${path}: expected a certificate or a certificate request`);
}

function isRequest(der: Uint8Array): boolean {
  try {
    parseCertificateRequest(der);
    return true;
  } catch {
    return false;
  }
}

/** What a request asks for, for programs and for people. */
export function requestReport(der: Uint8Array) {
  const request = parseCertificateRequest(der);
  const report = {
    subject: String(request.subject),
    names: (request.subjectAltName ?? []).map(nameText),
    key: keyText(request.spki),
  };
  const rows: readonly (readonly [name: string, value: string | undefined])[] = [
    ['request of', report.subject === '' ? '(none)' : report.subject],
    ['names', report.names.length === 0 ? undefined : report.names.join(', ')],
    ['key', report.key],
  ];
  return { report, rows };
}
