import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { rmSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The first line that a program says about its version; `undefined` if it is not installed. */
export function versionOf(command: string, argument: string): string | undefined {
  const { status, stdout } = spawnSync(command, [argument], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  return /^\S+ \S+/.exec(stdout)?.[0];
}

/** A TLS program at the other end, spoken to by its standard input and heard by its output. */
export class Program {
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcessWithoutNullStreams;
  #output = '';
  #wake = (): void => {};

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString('latin1');
        this.#wake();
      });
    }
    this.#child.stdin.on('error', () => {});
    this.exited = new Promise((resolve) => this.#child.once('close', resolve));
    void this.exited.then(() => this.#wake());
  }

  /** Types a line. */
  type(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Waits until the output matches. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#output);
      if (match !== null) return match;
      if (this.#child.exitCode !== null) {
        throw new Error(
          `${this.#child.spawnfile} ended without saying ${pattern}: ${this.#output.slice(-500)}`,
        );
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  stop(): void {
    this.#child.kill();
  }
}

/** Calls `use` with a folder that holds these files, then deletes it. */
export async function withFiles<T>(
  files: Record<string, string>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'sealwire-demo-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
