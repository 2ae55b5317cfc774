import type { Reader } from '@sealwire/core/codecs';
import { printExtensions, type Place } from './extensions.ts';
import { hexNumber, type Lines, pairOf } from './lines.ts';
import { compressionMethod, suiteName, versionName } from './names.ts';

/** ClientHello (RFC 9846 §4.2.1): its fields, and all that it offers. */
export function printClientHello(lines: Lines, indent: number, reader: Reader, place: Place): void {
  printVersion(lines, indent, 'client_version', reader);
  printRandom(lines, indent, reader);
  lines.hex(indent, 'session_id', reader.bytes(reader.u8()));
  const suites = reader.u16();
  lines.line(indent, `cipher_suites (len=${suites})`);
  reader.region(suites, 'cipher_suites', (inner) => {
    while (inner.remaining > 0) lines.line(indent + 2, suiteText(inner.u16()));
  });
  const methods = reader.u8();
  lines.line(indent, `compression_methods (len=${methods})`);
  reader.region(methods, 'compression_methods', (inner) => {
    while (inner.remaining > 0) lines.line(indent + 2, methodText(inner.u8()));
  });
  printExtensions(lines, indent, reader, place);
}

/** ServerHello and HelloRetryRequest (RFC 9846 §4.2.2 and §4.2.3). */
export function printServerHello(lines: Lines, indent: number, reader: Reader, place: Place): void {
  printVersion(lines, indent, 'server_version', reader);
  printRandom(lines, indent, reader);
  lines.hex(indent, 'session_id', reader.bytes(reader.u8()));
  lines.line(indent, `cipher_suite ${suiteText(reader.u16())}`);
  lines.line(indent, `compression_method: ${methodText(reader.u8())}`);
  printExtensions(lines, indent, reader, place);
}

function printVersion(lines: Lines, indent: number, name: string, reader: Reader): void {
  const version = reader.u16();
  lines.line(indent, `${name}=0x${version.toString(16)} (${versionName(version)})`);
}

/** As if the first bytes still were the time (RFC 5246 §7.4.1.2). */
function printRandom(lines: Lines, indent: number, reader: Reader): void {
  reader.region(32, 'random', (inner) => {
    lines.line(indent, 'Random:');
    lines.line(indent + 2, `gmt_unix_time=0x${hexNumber(inner.u32(), 8)}`);
    lines.hex(indent + 2, 'random_bytes', inner.rest());
  });
}

function suiteText(id: number): string {
  return `${pairOf(id)} ${suiteName(id)}`;
}

function methodText(method: number): string {
  return `${compressionMethod(method)} (0x${hexNumber(method, 2)})`;
}
