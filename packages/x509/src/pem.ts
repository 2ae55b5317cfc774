import { ApiMisuseError } from '@sealwire/core';
import { X509Error } from './errors.ts';
import { latin1 } from './der/strings.ts';
import { maxPemCharacters } from './limits.ts';

/**
 * The text form of certificates and keys (RFC 7468): strict inside a block, indifferent to what stands around
 * the blocks (explanatory text, comments of root bundles), to line ends and to the length of lines.
 */
export interface PemBlock {
  /** Between `-----BEGIN ` and the dashes, for example `CERTIFICATE`. */
  readonly label: string;
  readonly der: Uint8Array;
  /** Lines `Name: value` in front of the base64, as encrypted keys of the old kind have (RFC 1421 §4.6). */
  readonly headers: ReadonlyMap<string, string>;
  /** Character where the block starts. */
  readonly offset: number;
}

/** All blocks of a text, in order; none is an empty list. Throws `X509Error` for a block that is damaged. */
export function parsePem(input: string | Uint8Array): PemBlock[] {
  if (typeof input !== 'string' && !(input instanceof Uint8Array)) {
    throw new ApiMisuseError(`expected PEM as a string or a Uint8Array, got ${typeof input}`);
  }
  if (input.length > maxPemCharacters) {
    throw new X509Error(
      'pem.tooLarge',
      `expected at most ${maxPemCharacters} characters, got ${input.length}`,
    );
  }
  const text = typeof input === 'string' ? input : latin1(input);
  const blocks: PemBlock[] = [];
  for (let at = 0; ; ) {
    const begin = nextBegin(text, at);
    if (begin === -1) return blocks;
    const { block, end } = readBlock(text, begin);
    blocks.push(block);
    at = end;
  }
}

/** The text of one block, 64 characters a line, ending in a line feed. */
export function encodePem(label: string, der: Uint8Array): string {
  if (typeof label !== 'string' || !labelForm.test(label))
    throw new ApiMisuseError("expected a label first, such as 'CERTIFICATE', then the DER");
  if (!(der instanceof Uint8Array))
    throw new ApiMisuseError(`expected DER in a Uint8Array, got ${typeof der}`);
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** `-----BEGIN ` at the start of a line; elsewhere it is somebody's prose. */
function nextBegin(text: string, from: number): number {
  for (let at = text.indexOf(beginMark, from); at !== -1; at = text.indexOf(beginMark, at + 1)) {
    if (at === 0 || text[at - 1] === '\n' || text[at - 1] === '\r') return at;
  }
  return -1;
}

function readBlock(text: string, begin: number): { block: PemBlock; end: number } {
  const labelStart = begin + beginMark.length;
  const labelEnd = text.indexOf('-----', labelStart);
  const label = labelEnd === -1 ? '' : text.slice(labelStart, labelEnd);
  if (!labelForm.test(label)) {
    throw new X509Error('pem.badLabel', 'expected a label and five dashes after BEGIN', { offset: begin });
  }
  const bodyStart = labelEnd + 5;
  const bodyEnd = text.indexOf('-----', bodyStart);
  if (bodyEnd === -1)
    throw new X509Error('pem.unclosedBlock', `expected an END line for ${label}`, { offset: begin });
  const endLine = `-----END ${label}-----`;
  if (!text.startsWith(endLine, bodyEnd)) {
    const got = text.slice(bodyEnd, bodyEnd + endLine.length);
    throw new X509Error('pem.labelMismatch', `expected ${endLine}, got ${JSON.stringify(got)}`, {
      offset: bodyEnd,
    });
  }
  const { headers, base64Start } = readHeaders(text, bodyStart, bodyEnd);
  const der = decodeBase64(text, base64Start, bodyEnd);
  return { block: { label, der, headers, offset: begin }, end: bodyEnd + endLine.length };
}

/** Header lines end at an empty line; a line that starts with a space goes on with the one before. */
function readHeaders(
  text: string,
  start: number,
  end: number,
): { headers: Map<string, string>; base64Start: number } {
  const headers = new Map<string, string>();
  const body = text.slice(start, end);
  if (!body.includes(':')) return { headers, base64Start: start };
  const blank = /(\r\n|\n|\r)[ \t]*(\r\n|\n|\r)/.exec(body.trimStart());
  if (blank === null)
    throw new X509Error('pem.badBase64', 'expected an empty line after the headers', { offset: start });
  const skipped = body.length - body.trimStart().length;
  const headerText = body.slice(skipped, skipped + blank.index).replace(/(\r\n|\n|\r)[ \t]+/g, ' ');
  for (const line of headerText.split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(':');
    if (colon <= 0)
      throw new X509Error('pem.badBase64', 'expected header lines with a colon', { offset: start });
    headers.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  return { headers, base64Start: start + skipped + blank.index + blank[0].length };
}

/** RFC 4648 §4, white space ignored; padding must be there and its spare bits must be zero (§3.5). */
export function decodeBase64(text: string, start: number, end: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(((end - start) * 3) / 4));
  let length = 0;
  let bits = 0;
  let held = 0;
  let padding = 0;
  let digits = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x0a || code === 0x0d || code === 0x20 || code === 0x09) continue;
    if (code === 0x3d) {
      padding++;
      continue;
    }
    const value = code < 128 ? base64Values[code]! : 255;
    if (value === 255 || padding > 0)
      throw new X509Error('pem.badBase64', `expected base64, got ${JSON.stringify(text[i])}`, { offset: i });
    digits++;
    bits = ((bits << 6) | value) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[length++] = (bits >> held) & 0xff;
    }
  }
  if (digits === 0 || digits % 4 === 1 || padding !== (4 - (digits % 4)) % 4) {
    throw new X509Error('pem.badBase64', 'expected whole groups of four base64 characters', {
      offset: start,
    });
  }
  if ((bits & ((1 << held) - 1)) !== 0) {
    throw new X509Error('pem.badBase64', 'expected spare bits to be zero', { offset: end });
  }
  return bytes.slice(0, length);
}

export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = Math.min(bytes.length - i, 3) + 1;
    for (let k = 0; k < 4; k++) text += k < digits ? base64Alphabet[(group >> (18 - 6 * k)) & 0x3f] : '=';
  }
  return text;
}

const beginMark = '-----BEGIN ';
const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const base64Values: Uint8Array = /* @__PURE__ */ base64Table();

function base64Table(): Uint8Array {
  const table = new Uint8Array(128).fill(255);
  for (let i = 0; i < 64; i++) table[base64Alphabet.charCodeAt(i)] = i;
  return table;
}

/** RFC 7468 §3. */
const labelForm = /^[!-,.-~]([ -]?[!-,.-~])*$/;

/** What there is in the place of the block that was looked for, for the end of a message. */
export function insteadOf(blocks: readonly PemBlock[]): string {
  const labels = [...new Set(blocks.map(({ label }) => label))];
  return labels.length === 0 ? ' (the contents of a file, not its path)' : `, got ${labels.join(', ')}`;
}
