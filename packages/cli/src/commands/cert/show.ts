import { encodePem, parseCertificate } from '@sealwire/x509';
import type { Action } from '../../command.ts';
import { textOrDer } from '../../files.ts';
import { Lines } from '../../text/lines.ts';
import { jsonReport } from '../../text/report.ts';
import { certificateReport, certificateRows } from '../../tls/describe-certificate.ts';
import { blocksOf, requestReport } from './blocks.ts';
import type { showOptions } from './options.ts';

export const show: Action<typeof showOptions> = async ({ json }, paths, host) => {
  const certificates: object[] = [];
  const requests: object[] = [];
  const out = json ? undefined : new Lines(host.stdout);
  for (const path of paths) {
    for (const { kind, der } of blocksOf(await textOrDer(path, host), path)) {
      if (kind === 'certificate') {
        const certificate = parseCertificate(der);
        certificates.push({
          file: path,
          ...certificateReport(certificate),
          pem: encodePem('CERTIFICATE', der),
        });
        out?.rows(certificateRows(certificate, Date.now()));
      } else {
        const { report, rows } = requestReport(der);
        requests.push({ file: path, ...report });
        out?.rows(rows);
      }
      out?.line();
    }
  }
  if (json) host.stdout.write(jsonReport({ command: 'cert show', result: { certificates, requests } }));
  return 'ok';
};
