import type { ErrorCode } from '@sealwire/core';
import type { SslReason } from '../errors/ssl-reasons.ts';
import { hostOpenssl } from '../process/host.ts';

/** What a peer has sent, as far as it tells what the peer speaks. */
export interface Heard {
  /** The beginning: at most the header of a record, that of a handshake message, and a version. */
  readonly first: Uint8Array;
  /** The beginning of the latest chunk: type and version, if a record begins with it. */
  readonly latest: Uint8Array;
}

export const nothingHeard: Heard = { first: new Uint8Array(0), latest: new Uint8Array(0) };

export function heardMore({ first }: Heard, chunk: Uint8Array): Heard {
  return {
    first:
      first.length === firstBytes
        ? first
        : Uint8Array.of(...first, ...chunk.subarray(0, firstBytes - first.length)),
    latest: Uint8Array.from(chunk.subarray(0, 3)),
  };
}

/** Whether it began with what has the version of a record of TLS. */
export function speaksTls({ first }: Heard): boolean {
  return first.length < 2 || first[1] === 3;
}

/** Whether the alert that has just come stands in a record of another version than is spoken. */
export function isAlertOfOtherVersion({ latest }: Heard, version: number): boolean {
  const [type, major = 0, minor = 0] = latest;
  return type === 21 && latest.length === 3 && major * 256 + minor !== version;
}

/** What OpenSSL says of what is not the beginning of a handshake; `undefined`: of this nothing in particular. */
export function reasonOfBeginning(
  { first }: Heard,
  code: ErrorCode,
  side: 'client' | 'server',
): SslReason | undefined {
  switch (code) {
    case 'peer.unknownRecordType':
      return (side === 'server' ? reasonOfStranger(first) : undefined) ?? reasonOfHeader(first);
    case 'peer.unexpectedApplicationData':
    case 'peer.unexpectedChangeCipherSpec':
      return 'unexpected message';
    case 'peer.recordTooLarge':
      return hostOpenssl() === '3.0' ? 'packet length too long' : undefined;
    case 'incompatible.version':
      return side === 'server' && isOlderThanTls(first) ? 'version too low' : undefined;
    default:
      return undefined;
  }
}

/** It looks at the version first, and does not take those for TLS who have none. */
function reasonOfHeader(first: Uint8Array): SslReason {
  return first[1] === 3 ? 'unexpected message' : 'wrong version number';
}

/** Servers know some who have come to the wrong door: a ClientHello of SSL 2, HTTP, HTTP for a proxy. */
function reasonOfStranger(first: Uint8Array): SslReason | undefined {
  if ((first[0]! & 0x80) !== 0 && first[2] === 1) return 'unsupported protocol';
  const text = Buffer.from(first).toString('latin1');
  if (/^(?:GET |POST |HEAD |PUT )/.test(text)) return 'http request';
  return text.startsWith('CONNE') ? 'https proxy request' : undefined;
}

/** A ClientHello whose legacy_version is that of SSL 3, or less. */
function isOlderThanTls(first: Uint8Array): boolean {
  const [type, , , , , message, , , , major = 0, minor = 0] = first;
  return type === 22 && message === 1 && major * 256 + minor < 0x0301;
}

const firstBytes = 11;
