import type { Reader } from '@sealwire/core/codecs';
import { attributeTypes, DistinguishedName, encodePem, isX509Error, parseCertificate } from '@sealwire/x509';
import { type Place, printExtensions, printSchemes } from './extensions.ts';
import type { Lines } from './lines.ts';
import { certificateCompression, certificateType } from './names.ts';

/** Certificate (RFC 9846 §4.5.1, RFC 5246 §7.4.2). Of what is in a certificate only its PEM is shown. */
export function printCertificates(
  lines: Lines,
  indent: number,
  reader: Reader,
  place: Place,
  isTls13: boolean,
): void {
  if (isTls13) lines.hex(indent, 'context', reader.bytes(reader.u8()));
  const length = reader.u24();
  reader.region(length, 'certificate_list', (list) => {
    lines.line(indent, `certificate_list, length=${length}`);
    while (list.remaining > 0) {
      printCertificate(lines, indent + 2, list.bytes(list.u24()));
      // A reader of its own: extensions that are absent are not those that are empty.
      if (isTls13) printExtensions(lines, indent + 2, list, place);
    }
  });
}

function printCertificate(lines: Lines, indent: number, der: Uint8Array): void {
  const text = `ASN.1Cert, length=${der.length}`;
  if (!isReadable(() => parseCertificate(der))) {
    lines.line(indent, `${text}<UNPARSABLE CERTIFICATE>`);
    lines.line(0, '<TRAILING GARBAGE AFTER CERTIFICATE>');
    return;
  }
  lines.line(indent, text);
  lines.line(0, '------details-----');
  lines.text += encodePem('CERTIFICATE', der);
  lines.line(0, '------------------');
}

/** CompressedCertificate (RFC 8879 §4), as it came. */
export function printCompressed(lines: Lines, indent: number, reader: Reader): void {
  const algorithm = reader.u16();
  const before = reader.u24();
  const bytes = reader.bytes(reader.u24());
  const number = algorithm.toString(16).padStart(4, '0');
  lines.line(indent, `Compression type=${certificateCompression(algorithm)} (0x${number})`);
  lines.line(indent, `Uncompressed length=${before}`);
  const ratio = bytes.length > 0 ? `, Ratio=${(before / bytes.length).toFixed(6)}:1` : '';
  lines.line(indent, `Compressed length=${bytes.length}${ratio}`);
  lines.dump(indent, bytes);
}

/** CertificateRequest (RFC 9846 §4.4.2, RFC 5246 §7.4.4). */
export function printRequest(
  lines: Lines,
  indent: number,
  reader: Reader,
  place: Place,
  isTls13: boolean,
  hasSchemes: boolean,
): void {
  if (isTls13) {
    lines.hex(indent, 'request_context', reader.bytes(reader.u8()));
    printExtensions(lines, indent, reader, place);
    return;
  }
  const types = reader.u8();
  reader.region(types, 'certificate_types', (list) => {
    lines.line(indent, `certificate_types (len=${types})`);
    while (list.remaining > 0) {
      const type = list.u8();
      lines.line(indent + 2, `${certificateType(type)} (${type})`);
    }
  });
  if (hasSchemes) {
    const schemes = reader.u16();
    reader.region(schemes, 'signature_algorithms', (list) => {
      lines.line(indent, `signature_algorithms (len=${schemes})`);
      printSchemes(lines, indent + 2, list, place.openssl);
    });
  }
  const authorities = reader.u16();
  reader.region(authorities, 'certificate_authorities', (list) => {
    lines.line(indent, `certificate_authorities (len=${authorities})`);
    while (list.remaining > 0) {
      const name = list.bytes(list.u16());
      lines.line(indent + 2, `DistinguishedName (len=${name.length}): ${nameText(name)}`);
    }
  });
}

/** `C = DE, CN = localhost`. */
function nameText(der: Uint8Array): string {
  let text = '<UNPARSEABLE DN>';
  isReadable(() => {
    text = new DistinguishedName(der).relativeNames
      .map((relative) => relative.map((each) => `${shortName(each.type)} = ${shownValue(each)}`).join(' + '))
      .join(', ');
  });
  return text;
}

function shortName(type: string): string {
  return Object.entries(attributeTypes).find(([, id]) => id === type)?.[0] ?? type;
}

/** The peer has chosen the characters: none of them may steer a terminal. */
function shownValue({
  text,
  value,
}: {
  readonly text: string | undefined;
  readonly value: Uint8Array;
}): string {
  if (text === undefined) return `#${Buffer.from(value).toString('hex').toUpperCase()}`;
  const escaped = text.replace(
    /[^\x20-\x7e]/gu,
    (character) =>
      `\\${Buffer.from(character)
        .toString('hex')
        .toUpperCase()
        .replace(/..(?=.)/g, '$&\\')}`,
  );
  return /[,+"<>;#=]|^ | $/.test(escaped) ? `"${escaped.replaceAll('"', '\\"')}"` : escaped;
}

function isReadable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (isX509Error(error)) return false;
    throw error;
  }
}
