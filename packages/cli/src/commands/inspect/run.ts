import type { Session } from '@sealwire/core';
import { ja3, ja4 } from '@sealwire/core/fingerprint';
import { dissect, type Part, printTranscript } from '@sealwire/testkit/transcript';
import { encodePem, parseCertificate } from '@sealwire/x509';
import { isCapture, linesOf, readCapture } from '../../capture/read-capture.ts';
import { streamsIn } from '../../capture/streams.ts';
import { helloIn, helloInRecords, type ReadStream, readTls } from '../../capture/tls-stream.ts';
import type { Action } from '../../command.ts';
import { fileContents, looksLikeDer } from '../../files.ts';
import { Problem } from '../../problem.ts';
import { Lines } from '../../text/lines.ts';
import { jsonReport } from '../../text/report.ts';
import { bytesText, hexOf } from '../../text/units.ts';
import { provider } from '../../tls/provider.ts';
import { sessionReport } from '../../tls/connection-report.ts';
import { certificateReport, certificateRows } from '../../tls/describe-certificate.ts';
import { sessionLabel, sessionsIn } from '../../tls/session-file.ts';
import { fieldLines } from '../../tls/trace.ts';
import { blocksOf, requestReport } from '../cert/blocks.ts';
import type { inspectOptions } from './options.ts';

type Kind = 'certificate' | 'session' | 'hello' | 'capture';

/** What was found in all files, for `--json`. */
interface Found {
  readonly certificates: object[];
  readonly requests: object[];
  readonly sessions: object[];
  readonly hellos: object[];
  readonly captures: object[];
}

export const inspect: Action<typeof inspectOptions> = async (values, paths, host) => {
  const found: Found = { certificates: [], requests: [], sessions: [], hellos: [], captures: [] };
  const out = values.json ? undefined : new Lines(host.stdout);
  const keyLog =
    values.keylog === undefined
      ? []
      : linesOf(Buffer.from(await fileContents(values.keylog, host)).toString('latin1'));
  for (const path of paths) {
    const bytes = await fileContents(path, host);
    const kind = values.as ?? kindOf(bytes);
    if (paths.length > 1) out?.line(`${path}:`);
    if (kind === 'capture')
      showCapture(bytes, path, { keyLog, hasMessages: values.messages === true }, out, found);
    else if (kind === 'hello') showHello(bytes, path, out, found);
    else if (kind === 'session') showSessions(bytes, path, out, found);
    else showCertificates(bytes, path, out, found);
  }
  if (values.json) host.stdout.write(jsonReport({ command: 'inspect', result: found }));
  return 'ok';
};

function kindOf(bytes: Uint8Array): Kind {
  if (isCapture(bytes)) return 'capture';
  const text = Buffer.from(bytes).toString('latin1');
  if (text.includes(`-----BEGIN ${sessionLabel}-----`)) return 'session';
  if (text.includes('-----BEGIN ') || looksLikeDer(bytes)) return 'certificate';
  return 'hello';
}

function showCertificates(bytes: Uint8Array, path: string, out: Lines | undefined, found: Found): void {
  const contents = looksLikeDer(bytes) ? bytes : Buffer.from(bytes).toString('latin1');
  for (const { kind, der } of blocksOf(contents, path)) {
    if (kind === 'certificate') {
      const certificate = parseCertificate(der);
      found.certificates.push({
        file: path,
        ...certificateReport(certificate),
        pem: encodePem('CERTIFICATE', der),
      });
      out?.rows(certificateRows(certificate, Date.now()));
    } else {
      const { report, rows } = requestReport(der);
      found.requests.push({ file: path, ...report });
      out?.rows(rows);
    }
    out?.line();
  }
}

function showSessions(bytes: Uint8Array, path: string, out: Lines | undefined, found: Found): void {
  for (const session of sessionsIn(Buffer.from(bytes).toString('latin1'), path)) {
    const report = { file: path, ...sessionReport(session), peer: peerOf(session) };
    found.sessions.push(report);
    const { file: _, ...rest } = report;
    out?.rows(
      Object.entries(rest).map(([name, value]) => [name, value === undefined ? undefined : String(value)]),
    );
    out?.line();
  }
}

/** Whom the session was made with. */
function peerOf({ peer }: Session): string | undefined {
  const evidence = peer?.evidence;
  if (evidence?.type !== 'x509') return undefined;
  const [own] = evidence.chain;
  return own === undefined ? undefined : String(parseCertificate(own.certificate).subject);
}

function showHello(bytes: Uint8Array, path: string, out: Lines | undefined, found: Found): void {
  const hello = helloOf(Buffer.from(bytes));
  const prints = hello && { ja3: ja3(hello, provider.hashes.md5!), ja4: ja4(hello, provider.hashes.sha256!) };
  if (hello === undefined || prints?.ja3 === undefined || prints.ja4 === undefined)
    throw new Problem(
      'file',
      'hello.none',
      `${path}: expected a certificate, a session, a capture or a ClientHello`,
      {
        advice: '--as says what it is, and then what is wrong with it is said',
      },
    );
  const message = dissect(hello);
  found.hellos.push({ file: path, ja3: prints.ja3.hash, ja4: prints.ja4.ja4, message: fieldJson(message) });
  out?.line(`client_hello, ${bytesText(hello.length)}`);
  for (const line of fieldLines(message)) out?.line(`  ${line}`);
  out?.rows([
    ['JA3', prints.ja3.hash],
    ['JA4', prints.ja4.ja4],
    ['JA4 in full', prints.ja4.raw],
  ]);
  out?.line();
}

/** As bytes or as hex, with the record around it or without. */
function helloOf(bytes: Buffer): Uint8Array | undefined {
  const text = bytes.toString('latin1').replace(/\s+|0x|,/g, '');
  const decoded = /^([0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : bytes;
  return helloInRecords(decoded) ?? helloIn(decoded);
}

function fieldJson({ name, meaning, problem, content, parts }: Part): object {
  return {
    name,
    meaning,
    problem,
    bytes: content.length,
    ...(parts.length > 0 ? { fields: parts.map(fieldJson) } : { hex: hexOf(content) }),
  };
}

interface CaptureOptions {
  readonly keyLog: readonly string[];
  readonly hasMessages: boolean;
}

function showCapture(
  bytes: Uint8Array,
  path: string,
  { keyLog, hasMessages }: CaptureOptions,
  out: Lines | undefined,
  found: Found,
): void {
  const { packets, keyLog: inside } = readCapture(bytes, path);
  const streams = streamsIn(packets).flatMap(
    (stream) => readTls(stream, [...inside, ...keyLog], provider) ?? [],
  );
  found.captures.push({ file: path, packets: packets.length, streams: streams.map(({ report }) => report) });
  out?.line(`${packets.length} packets, ${streams.length} connections of TLS`);
  for (const stream of streams) if (out !== undefined) printStream(stream, hasMessages, out);
}

function printStream({ report, records }: ReadStream, hasMessages: boolean, out: Lines): void {
  out.line();
  out.line(`${report.client} to ${report.server}`);
  const [own] = report.certificates;
  out.rows(
    [
      ['server name', report.serverName],
      ['version', report.version],
      ['cipher suite', report.cipherSuite],
      ['JA3', report.ja3],
      ['JA4', report.ja4],
      ['records', `${report.records}, of which secrets opened ${report.opened}`],
      ['missing', report.missingBytes === 0 ? undefined : bytesText(report.missingBytes)],
      [
        'messages',
        report.messages.map(({ from, name }) => `${from === 'client' ? '>' : '<'}${name}`).join(' '),
      ],
      ['certificate', own?.subject],
      ['problem', report.problem],
    ],
    '  ',
  );
  if (!hasMessages) return;
  out.line();
  for (const line of printTranscript(records, { maxBytesPerField: 64 }).trimEnd().split('\n'))
    out.line(`  ${line}`);
}
