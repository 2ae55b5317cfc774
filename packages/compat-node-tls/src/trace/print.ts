import type { TraceEvent } from '@sealwire/core';
import { hostOpenssl } from '../process/host.ts';

/**
 * What passes on a connection, in the style of OpenSSL's SSL_trace: records with what is inside of them, and each message of the
 * handshake with its name, its length and its bytes. Fields are not taken apart.
 */
export function traceText(event: TraceEvent): string {
  switch (event.what) {
    case 'record':
      return recordText(event);
    case 'handshake':
      return handshakeText(event.raw);
    case 'alert':
      return `    Level=${event.level === 2 ? 'fatal' : 'warning'}(${event.level}), description=${event.description}\n\n`;
    case 'changeCipherSpec':
      return '    change_cipher_spec (1)\n\n';
    case 'keys':
    case 'decision':
      return '';
  }
}

function recordText(event: Extract<TraceEvent, { what: 'record' }>): string {
  const { direction, contentType, wireBytes, contentBytes, isProtected } = event;
  const word = direction === 'sent' ? 'Sent' : 'Received';
  const outer = isProtected ? applicationData : contentType;
  const lines = [
    `${word} ${hostOpenssl() === '3.0' ? 'Record' : 'TLS Record'}`,
    'Header:',
    `  Content Type = ${typeName(outer)}`,
    `  Length = ${wireBytes - headerBytes}`,
  ];
  if (isProtected)
    lines.push(`  Inner Content Type = ${typeName(contentType)}`, `  Inner Length = ${contentBytes}`);
  return `${lines.join('\n')}\n`;
}

function handshakeText(raw: Uint8Array): string {
  const type = raw[0] ?? 0;
  const name = messages.get(type) ?? `UNKNOWN (${type})`;
  return `    ${name}, Length=${raw.length - 4}\n${hexDump(raw.subarray(4))}\n`;
}

/** Sixteen bytes a line; a long message ends where a reader's patience does. */
function hexDump(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < Math.min(bytes.length, mostShownBytes); at += 16) {
    const line = Buffer.from(bytes.subarray(at, at + 16)).toString('hex');
    text += `      ${at.toString(16).padStart(4, '0')} - ${line.replace(/../g, '$& ').trimEnd()}\n`;
  }
  return bytes.length > mostShownBytes ? `${text}      … ${bytes.length - mostShownBytes} more\n` : text;
}

function typeName(contentType: number): string {
  return `${contentTypes.get(contentType) ?? 'UNKNOWN'} (${contentType})`;
}

const headerBytes = 5;
const mostShownBytes = 1_024;
const applicationData = 23;
const contentTypes: ReadonlyMap<number, string> = new Map([
  [20, 'ChangeCipherSpec'],
  [21, 'Alert'],
  [22, 'Handshake'],
  [23, 'ApplicationData'],
]);
/** TLS HandshakeType registry, as of 2026-11. */
const messages: ReadonlyMap<number, string> = new Map([
  [0, 'HelloRequest'],
  [1, 'ClientHello'],
  [2, 'ServerHello'],
  [4, 'NewSessionTicket'],
  [5, 'EndOfEarlyData'],
  [8, 'EncryptedExtensions'],
  [11, 'Certificate'],
  [12, 'ServerKeyExchange'],
  [13, 'CertificateRequest'],
  [14, 'ServerHelloDone'],
  [15, 'CertificateVerify'],
  [16, 'ClientKeyExchange'],
  [20, 'Finished'],
  [22, 'CertificateStatus'],
  [24, 'KeyUpdate'],
  [25, 'CompressedCertificate'],
  [67, 'NextProto'],
]);
