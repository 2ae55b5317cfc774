import type { TlsStreams } from '../../src/index.ts';

/** What came of talking to a server that sends back what it gets. */
export interface Greeting {
  readonly version: number | undefined;
  readonly heard: string;
  readonly closed: string;
}

/** Says a line, waits until it has come back whole, and ends. */
export async function greet(connection: TlsStreams, line = greeting): Promise<Greeting> {
  const { version } = await connection.opened;
  const writer = connection.writable.getWriter();
  await writer.write(new TextEncoder().encode(line));
  const reader = connection.readable.getReader();
  const decoder = new TextDecoder();
  let heard = '';
  while (heard.length < line.length) {
    const { value, done } = await reader.read();
    if (done) break;
    heard += decoder.decode(value, { stream: true });
  }
  await writer.close();
  while (!(await reader.read()).done);
  const closed = await connection.closed.then(
    () => 'in order',
    (error: unknown) => String(error),
  );
  return { version, heard, closed };
}

/** What nobody between the two ends may ever see. */
export const greeting = 'a word that goes through nobody else, and comes back\n';
