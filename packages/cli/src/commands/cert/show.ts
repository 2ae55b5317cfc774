import { encodePem, parseCertificate, parseCertificateRequest, parsePem } from '@sealwire/x509';
import type { Action } from '../../command.ts';
import { textOrDer } from '../../files.ts';
import { Problem } from '../../problem.ts';
import { certificateReport, certificateRows, keyText, nameText } from '../../tls/describe-certificate.ts';
import { Lines } from '../../text/lines.ts';
import { jsonReport } from '../../text/report.ts';
import type { showOptions } from './options.ts';

export const show: Action<typeof showOptions> = async ({ json }, paths, host) => {
  const certificates: object[] = [];
  const requests: object[] = [];
  const out = new Lines(host.stdout);
  for (const path of paths) {
    for (const { kind, der } of blocksOf(await textOrDer(path, host), path)) {
      if (kind === 'certificate') {
        const certificate = parseCertificate(der);
        certificates.push({
          file: path,
          ...certificateReport(certificate),
          pem: encodePem('CERTIFICATE', der),
        });
        if (!json) out.rows(certificateRows(certificate, Date.now()));
      } else {
        const request = parseCertificateRequest(der);
        const report = {
          subject: String(request.subject),
          names: (request.subjectAltName ?? []).map(nameText),
          key: keyText(request.spki),
        };
        requests.push({ file: path, ...report });
        if (!json) {
          out.rows([
            ['request of', report.subject === '' ? '(none)' : report.subject],
            ['names', report.names.length === 0 ? undefined : report.names.join(', ')],
            ['key', report.key],
          ]);
        }
      }
      if (!json) out.line();
    }
  }
  if (json) host.stdout.write(jsonReport({ command: 'cert show', result: { certificates, requests } }));
  return 'ok';
};

interface Block {
  readonly kind: 'certificate' | 'request';
  readonly der: Uint8Array;
}

/** Of DER, which does not say what it is: a certificate if it reads as one. */
function blocksOf(contents: string | Uint8Array, path: string): Block[] {
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
