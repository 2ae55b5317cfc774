/**
 * The program under test: a protocol of lines. `GET name` is answered by `OK value` or `NONE`, `SET name value` by `OK`, all else by
 * `WHAT`; lines are at most 100 bytes. It knows streams of bytes, and nothing of TLS.
 */

/** What it needs of a connection; streams of node-transport, bun-transport and the test kit fit, with a few lines around them. */
export interface Stream {
  /** The next bytes, or undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
  write(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
}

/** Serves one connection, until its end. */
export async function serve(stream: Stream, values: Map<string, string>): Promise<void> {
  for await (const line of lines(stream)) await say(stream, answer(line, values));
  await stream.end();
}

export class Client {
  readonly #stream: Stream;
  readonly #lines: AsyncGenerator<string, void, undefined>;
  readonly #sleep: (ms: number) => Promise<void>;

  /** `sleep`: how time passes, for what takes too long. */
  constructor(stream: Stream, sleep: (ms: number) => Promise<void>) {
    this.#stream = stream;
    this.#lines = lines(stream);
    this.#sleep = sleep;
  }

  /** The answer, within two seconds. */
  async ask(line: string): Promise<string> {
    await say(this.#stream, line);
    const late = this.#sleep(2_000).then((): never => {
      throw new Error(`no answer to ${line}`);
    });
    const next = await Promise.race([this.#lines.next(), late]);
    late.catch(() => {});
    if (next.done === true) throw new Error('the server has ended');
    return next.value;
  }

  end(): Promise<void> {
    return this.#stream.end();
  }
}

function answer(line: string, values: Map<string, string>): string {
  const [verb, name = '', ...rest] = line.split(' ');
  if (verb === 'GET') return values.has(name) ? `OK ${values.get(name)}` : 'NONE';
  if (verb !== 'SET' || rest.length === 0) return 'WHAT';
  values.set(name, rest.join(' '));
  return 'OK';
}

/** However the bytes are cut. A half line at the end, or one that is too long, is an error. */
async function* lines(stream: Stream): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let begun = '';
  for (let bytes = await stream.read(); bytes !== undefined; bytes = await stream.read()) {
    begun += decoder.decode(bytes, { stream: true });
    for (let at = begun.indexOf('\n'); at !== -1; at = begun.indexOf('\n')) {
      yield begun.slice(0, at);
      begun = begun.slice(at + 1);
    }
    if (begun.length > 100) throw new Error('a line of more than 100 bytes');
  }
  if (begun !== '') throw new Error(`half a line: ${begun}`);
}

function say(stream: Stream, line: string): Promise<void> {
  return stream.write(new TextEncoder().encode(`${line}\n`));
}
