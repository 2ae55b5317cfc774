import type { HashFunction } from '../crypto/provider.ts';
import { extensionTypes } from '../registry/extension-types.ts';
import { ascii, hex, latin1 } from '../wire/bytes.ts';
import { outlineOf, type HelloOutline } from './hello-outline.ts';
import { requireHash } from './require-hash.ts';

/** JA4 as FoxIO defines it: `a_b_c`, of which a is readable and the others are hashes of sorted lists. */
export interface Ja4 {
  /** For example `t13d1516h2_8daaf6152771_e5627efa2ab1`. */
  readonly ja4: string;
  /** The same with the lists in place of their hashes: JA4_r. */
  readonly raw: string;
  /** JA4_o: suites and extensions in the order of the wire, server_name and ALPN among them. */
  readonly original: string;
  /** JA4_ro. */
  readonly rawOriginal: string;
}

/**
 * The JA4 fingerprint of a ClientHello: the whole handshake message with its header, as in `ClientHelloView.raw`.
 * `undefined` for bytes that are no ClientHello. GREASE is left out everywhere. `ApiMisuseError` unless `sha256`
 * is a provider's `hashes.sha256`.
 */
export function ja4(
  hello: Uint8Array,
  sha256: HashFunction,
  transport: 'tcp' | 'quic' = 'tcp',
): Ja4 | undefined {
  requireHash(sha256, 'sha256');
  const outline = outlineOf(hello);
  if (outline === undefined) return undefined;
  const a = readablePart(outline, transport);
  const suites = outline.cipherSuites.map(hex4);
  const extensions = outline.extensionTypes.map(hex4);
  const schemes = outline.signatureSchemes.map(hex4);
  // Name and protocol are in the readable part: the same program fingerprints alike whoever it talks to.
  const anonymous = outline.extensionTypes.filter((type) => !inReadablePart.includes(type)).map(hex4);
  const part = (list: readonly string[], text: string) =>
    list.length === 0 ? '000000000000' : hex(sha256.digest([ascii(text)])).slice(0, 12);
  const forms = (b: readonly string[], c: readonly string[]) => {
    const tail = [c.join(','), ...(schemes.length > 0 ? [schemes.join(',')] : [])].join('_');
    return {
      hashed: `${a}_${part(b, b.join(','))}_${part(c, tail)}`,
      spelt: `${a}_${b.join(',')}_${tail}`,
    };
  };
  const sorted = forms(suites.toSorted(), anonymous.toSorted());
  const original = forms(suites, extensions);
  return {
    ja4: sorted.hashed,
    raw: sorted.spelt,
    original: original.hashed,
    rawOriginal: original.spelt,
  };
}

function readablePart(outline: HelloOutline, transport: 'tcp' | 'quic'): string {
  const version =
    outline.supportedVersions === undefined ? outline.legacyVersion : Math.max(...outline.supportedVersions);
  const hasName = outline.extensionTypes.includes(extensionTypes.server_name);
  return [
    transport === 'quic' ? 'q' : 't',
    versionNames.get(version) ?? '00',
    hasName ? 'd' : 'i',
    count(outline.cipherSuites),
    count(outline.extensionTypes),
    protocolEnds(outline.firstProtocol),
  ].join('');
}

function count(list: readonly unknown[]): string {
  return String(Math.min(list.length, 99)).padStart(2, '0');
}

/** First and last character of the name; where one of them is not alphanumeric, of its hexadecimal form. */
function protocolEnds(name: Uint8Array | undefined): string {
  if (name === undefined || name.length === 0) return '00';
  const text = latin1(name);
  const isReadable = /^[0-9A-Za-z](.*[0-9A-Za-z])?$/s.test(text);
  const shown = isReadable ? text : hex(name);
  return shown[0]! + shown.at(-1)!;
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0');
}

const inReadablePart: readonly number[] = [
  extensionTypes.server_name,
  extensionTypes.application_layer_protocol_negotiation,
];

const versionNames: ReadonlyMap<number, string> = /* @__PURE__ */ new Map([
  [0x0304, '13'],
  [0x0303, '12'],
  [0x0302, '11'],
  [0x0301, '10'],
  [0x0300, 's3'],
  [0x0002, 's2'],
]);
