import type { Reader } from '@sealwire/core/codecs';
import type { OpensslVersion } from '../process/host.ts';
import type { KeyExchange } from '../openssl/suites.ts';
import { schemeText } from './extensions.ts';
import type { Lines } from './lines.ts';
import { groupName } from './names.ts';

/** How a suite of TLS 1.2 and older exchanges keys, as far as its messages tell. */
export interface Exchange {
  readonly keyExchange: KeyExchange | undefined;
  /** Signatures name their scheme (RFC 5246 §4.7). */
  readonly hasScheme: boolean;
  readonly isAnonymous: boolean;
  readonly openssl: OpensslVersion;
}

/** ServerKeyExchange (RFC 5246 §7.4.3, RFC 8422 §5.4, RFC 4279). */
export function printServerKeyExchange(lines: Lines, indent: number, reader: Reader, of: Exchange): void {
  const { keyExchange } = of;
  printName(lines, indent, keyExchange);
  if (usesPsk(keyExchange)) lines.hex(indent + 2, 'psk_identity_hint', reader.bytes(reader.u16()));
  if (keyExchange === 'DH' || keyExchange === 'DHEPSK') {
    for (const name of ['dh_p', 'dh_g', 'dh_Ys']) lines.hex(indent + 2, name, reader.bytes(reader.u16()));
  } else if (keyExchange === 'ECDH' || keyExchange === 'ECDHEPSK') {
    printCurve(lines, indent + 2, reader, of.openssl);
  }
  if (!usesPsk(keyExchange) && !of.isAnonymous) printSignature(lines, indent, reader, of);
}

function printCurve(lines: Lines, indent: number, reader: Reader, openssl: OpensslVersion): void {
  const type = reader.u8();
  if (type === namedCurve) {
    const group = reader.u16();
    lines.line(indent, `named_curve: ${groupName(group, openssl)} (${group})`);
    lines.hex(indent, 'point', reader.bytes(reader.u8()));
  } else if (type === explicitPrime || type === explicitChar2) {
    // Their parameters are for nobody to read (RFC 8422 §5.4).
    lines.line(indent, type === explicitPrime ? 'explicit_prime' : 'explicit_char2');
  } else {
    lines.line(indent, `UNKNOWN CURVE PARAMETER TYPE ${type}`);
    reader.fail('a known type of curve expected');
  }
}

/** ClientKeyExchange (RFC 5246 §7.4.7, RFC 8422 §5.7, RFC 4279). */
export function printClientKeyExchange(lines: Lines, indent: number, reader: Reader, of: Exchange): void {
  const { keyExchange } = of;
  printName(lines, indent, keyExchange);
  if (usesPsk(keyExchange)) lines.hex(indent + 2, 'psk_identity', reader.bytes(reader.u16()));
  if (keyExchange === 'RSA' || keyExchange === 'RSAPSK')
    lines.hex(indent + 2, 'EncryptedPreMasterSecret', reader.bytes(reader.u16()));
  else if (keyExchange === 'DH' || keyExchange === 'DHEPSK')
    lines.hex(indent + 2, 'dh_Yc', reader.bytes(reader.u16()));
  else if (keyExchange === 'ECDH' || keyExchange === 'ECDHEPSK')
    lines.hex(indent + 2, 'ecdh_Yc', reader.bytes(reader.u8()));
}

/** A signature with its scheme, as CertificateVerify has it too. */
export function printSignature(
  lines: Lines,
  indent: number,
  reader: Reader,
  { hasScheme, openssl }: Pick<Exchange, 'hasScheme' | 'openssl'>,
): void {
  if (hasScheme) lines.line(indent, `Signature Algorithm: ${schemeText(reader.u16(), openssl)}`);
  lines.hex(indent, 'Signature', reader.bytes(reader.u16()));
}

function printName(lines: Lines, indent: number, keyExchange: KeyExchange | undefined): void {
  const name = (keyExchange && names[keyExchange]) ?? 'UNKNOWN';
  lines.line(indent, `KeyExchangeAlgorithm=${name}`);
}

function usesPsk(keyExchange: KeyExchange | undefined): boolean {
  return keyExchange?.endsWith('PSK') === true;
}

const names: Partial<Record<KeyExchange, string>> = {
  RSA: 'rsa',
  DH: 'DHE',
  ECDH: 'ECDHE',
  PSK: 'PSK',
  RSAPSK: 'RSAPSK',
  DHEPSK: 'DHEPSK',
  ECDHEPSK: 'ECDHEPSK',
};

/** RFC 8422 §5.4. */
const explicitPrime = 1;
const explicitChar2 = 2;
const namedCurve = 3;
