/**
 * PEM as OpenSSL's PEM_read_bio(3) takes it, which is laxer than RFC 7468 in some ways and stricter in others; what is accepted and
 * what each file is refused for has to be the same as there. `@sealwire/x509` reads by the RFC.
 */
export interface PemText {
  readonly label: string;
  readonly der: Buffer;
}

/** OpenSSL's reason; `empty`: it says none. */
export type PemProblem = 'no start line' | 'bad end line' | 'bad base64 decode' | 'empty';

/** The blocks of a text, one after the other. */
export class PemReader {
  readonly #lines: readonly string[];
  #at = 0;

  constructor(input: string | ArrayBufferView) {
    const bytes = typeof input === 'string' ? Buffer.from(input) : viewOf(input);
    const text = bytes.toString('latin1');
    const mark = '\xef\xbb\xbf';
    this.#lines = (text.startsWith(mark) ? text.slice(mark.length) : text).split('\n');
  }

  /** The next block with one of these labels. What is broken on the way there ends the search, whatever its label is. */
  next(labels: ReadonlySet<string>): PemText | PemProblem {
    for (;;) {
      const block = this.#block();
      if (typeof block === 'string' || labels.has(block.label)) return block;
    }
  }

  #block(): PemText | PemProblem {
    let label: string | undefined;
    while (label === undefined) {
      if (this.#at === this.#lines.length) return 'no start line';
      const line = stripped(this.#lines[this.#at++]!);
      if (line.length <= longestLine) label = beginLine.exec(line)?.[1];
    }
    const body = this.#body(label);
    if (body === undefined) return 'bad end line';
    const base64 = body.replace(/[\t\n\r ]/g, '');
    if (base64 === '') return 'empty';
    if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return 'bad base64 decode';
    return { label, der: Buffer.from(base64, 'base64') };
  }

  /** What stands between header and end. An empty line ends the header, and there may be but one. */
  #body(label: string): string | undefined {
    let isHeader = false;
    let isPastHeader = false;
    let isPastShortLine = false;
    let text = '';
    while (this.#at < this.#lines.length) {
      const line = stripped(this.#lines[this.#at++]!);
      if (line.includes(':') && !isPastHeader) isHeader = true;
      if (line === '') {
        if (this.#at === this.#lines.length || isPastHeader) return undefined;
        isPastHeader = true;
        text = '';
        continue;
      }
      if (line.startsWith('-----END ')) {
        const isRight = line === `-----END ${label}-----`;
        return isRight && !(isHeader && !isPastHeader) ? text : undefined;
      }
      if (isPastShortLine) return undefined;
      text += `${line}\n`;
      if (!isPastHeader) continue;
      if (line.length > 64) return undefined;
      isPastShortLine = line.length < 64;
    }
    return undefined;
  }
}

export function viewOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** White space and control characters at the end of a line do not count. */
function stripped(line: string): string {
  let end = line.length;
  while (end > 0 && line.charCodeAt(end - 1) <= 0x20) end--;
  return line.slice(0, end);
}

/** What is longer comes in pieces, none of which then begins and ends as it should. */
const longestLine = 253;
const beginLine = /^-----BEGIN (.*)-----$/s;
