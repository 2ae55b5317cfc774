import type { ByteStreams, TlsStreams } from '../../src/index.ts';
import { greet, type Greeting } from './greet.ts';

/** What came of a dialogue in clear with TLS after it. */
export interface Upgrade extends Greeting {
  /** Bytes of the peer's TLS that came with the last line in clear. */
  readonly alreadyReadBytes: number;
}

/**
 * Asks a server of the checks for TLS, and goes on with it on the same streams: `STARTTLS` as everywhere, `TLSSTART` with the other side as
 * the client of TLS, whose hello comes in the chunk of the answer.
 */
export async function upgrade(
  streams: ByteStreams,
  word: 'STARTTLS' | 'TLSSTART',
  secure: (streams: ByteStreams, alreadyRead: Uint8Array) => TlsStreams,
): Promise<Upgrade> {
  const greeting = await readLine(streams);
  if (greeting.line !== '220 ready' || greeting.rest.length > 0) throw new Error(`heard ${greeting.line}`);
  await writeLine(streams, word);
  const { line, rest } = await readLine(streams);
  if (line !== '220 go ahead') throw new Error(`heard ${line}`);
  return { ...(await greet(secure(streams, rest))), alreadyReadBytes: rest.length };
}

/** A line in clear, without its end, and what came behind it. */
export async function readLine({
  readable,
}: ByteStreams): Promise<{ readonly line: string; readonly rest: Uint8Array }> {
  const reader = readable.getReader();
  try {
    let bytes: Uint8Array = new Uint8Array(0);
    for (;;) {
      const end = bytes.indexOf(0x0a);
      if (end >= 0)
        return {
          line: new TextDecoder().decode(bytes.subarray(0, end)).trimEnd(),
          rest: bytes.slice(end + 1),
        };
      const { value, done } = await reader.read();
      if (done) throw new Error('the peer ended within a line');
      bytes = Uint8Array.of(...bytes, ...(value as Uint8Array));
    }
  } finally {
    reader.releaseLock();
  }
}

export async function writeLine({ writable }: ByteStreams, ...lines: string[]): Promise<void> {
  const writer = writable.getWriter();
  await writer.write(new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join('')));
  writer.releaseLock();
}
