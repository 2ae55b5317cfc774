import type { Host } from '../../host.ts';
import type { ValuesOf } from '../../options/option.ts';
import { Lines } from '../../text/lines.ts';
import type { ConnectionReport } from '../../tls/connection-report.ts';
import type { connectOptions } from './options.ts';

interface Circumstances {
  readonly address: string;
  readonly values: ValuesOf<typeof connectOptions>;
  readonly isFirst: boolean;
}

/** What came of the handshake, on standard error; certificates that were asked for on standard output. */
export function printConnection(
  report: ConnectionReport,
  { address, values, isFirst }: Circumstances,
  host: Host,
): void {
  const out = new Lines(host.stderr);
  if (values.quiet !== true) {
    if (!isFirst) out.line(`connected again: ${sessionText(report)}`);
    else if (values.brief) {
      out.line('CONNECTION ESTABLISHED');
      out.rows(briefRows(report));
    } else {
      out.line(`connected to ${address}`);
      out.rows(rows(report, values.status === true || values['must-staple'] === true), '  ');
    }
  }
  if (values.showcerts && isFirst && values.json !== true)
    for (const { pem } of report.peer?.chain ?? []) host.stdout.write(pem);
}

type Rows = readonly (readonly [name: string, value: string | undefined])[];

function rows(report: ConnectionReport, isStatusAsked: boolean): Rows {
  const [own] = report.peer?.chain ?? [];
  const opensslName = report.opensslCipherSuite;
  const isSame = opensslName === undefined || opensslName === report.cipherSuite;
  return [
    ['version', report.version],
    ['cipher suite', isSame ? report.cipherSuite : `${report.cipherSuite} (${opensslName})`],
    ['key exchange', `${report.group ?? 'none'}${report.wasRetried ? ', after a HelloRetryRequest' : ''}`],
    ['protocol (ALPN)', report.alpnProtocol],
    ['session', sessionText(report)],
    ['pre-shared key', report.pskIdentity],
    ['early data', report.earlyData],
    ['certificate', own?.subject],
    ['  issuer', own?.issuer],
    ['  names', own === undefined || own.names.length === 0 ? undefined : own.names.join(', ')],
    [
      '  valid',
      own === undefined ? undefined : `${own.notBefore.slice(0, 10)} to ${own.notAfter.slice(0, 10)}`,
    ],
    ['  key', own?.key],
    ['signature', report.peerSignatureScheme],
    ['OCSP response', isStatusAsked ? (report.peer?.ocspResponse ?? 'none was sent') : undefined],
    ['our certificate', report.clientCertificateRequested ? 'was asked for' : undefined],
    ['verification', verificationText(report)],
    ['handshake', report.handshakeMs === undefined ? undefined : `${Math.round(report.handshakeMs)} ms`],
  ];
}

/** As `openssl s_client -brief` has them. */
function briefRows(report: ConnectionReport): Rows {
  const [own] = report.peer?.chain ?? [];
  return [
    ['Protocol version', report.version?.replace('TLS ', 'TLSv')],
    ['Ciphersuite', report.opensslCipherSuite ?? report.cipherSuite],
    ['Peer certificate', own?.subject],
    ['Signature type', report.peerSignatureScheme],
    [
      'Verification',
      report.peer === undefined ? undefined : report.peer.isTrusted ? 'OK' : report.peer.check,
    ],
    ['Server Temp Key', report.group],
  ];
}

function sessionText({ isResumed }: ConnectionReport): string {
  return isResumed ? 'resumed' : 'new';
}

function verificationText({ peer }: ConnectionReport): string | undefined {
  if (peer === undefined) return undefined;
  return peer.isTrusted ? 'ok' : `FAILED, going on because of --insecure: ${peer.check}: ${peer.message}`;
}
