import type { Readable, Writable } from 'node:stream';

/** Where bytes come from; `isTTY` where somebody types them. */
export type TerminalInput = Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };
/** Where bytes go; `isTTY` where somebody reads them as they come. */
export type TerminalOutput = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Everything of the outside that commands touch beside files and sockets. */
export interface Host {
  readonly stdin: TerminalInput;
  readonly stdout: TerminalOutput;
  readonly stderr: TerminalOutput;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when somebody wants the program to end. */
  readonly signal: AbortSignal;
}

/** The process itself. The first SIGINT or SIGTERM aborts `signal`, the second ends the process at once. */
export function processHost(): Host {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort(name));
  }
  // Whoever reads our output may leave: `sealwire ciphers | head -1`.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
  const { stdin, stdout, stderr, env } = process;
  return { stdin, stdout, stderr, env, signal: controller.signal };
}
