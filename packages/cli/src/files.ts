import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { Host } from './host.ts';
import { Problem, usage } from './problem.ts';
import { adviceFor } from './text/advice.ts';

/** Reads a whole file; `-` is standard input. */
export async function fileContents(path: string, host: Pick<Host, 'stdin'>): Promise<Uint8Array> {
  try {
    // A copy in plain memory of its own, which nothing else shares.
    if (path === '-') return Uint8Array.from(await buffer(host.stdin));
    return Uint8Array.from(await readFile(path));
  } catch (error) {
    throw fileProblem(error, 'read', path);
  }
}

/** A file of text or DER, as the readers of certificates take it. */
export async function textOrDer(path: string, host: Pick<Host, 'stdin'>): Promise<string | Uint8Array> {
  const bytes = await fileContents(path, host);
  return looksLikeDer(bytes) ? bytes : Buffer.from(bytes).toString('latin1');
}

/** A SEQUENCE with a length in several bytes, which no text begins with: `0` may begin one. */
export function looksLikeDer(bytes: Uint8Array): boolean {
  return bytes[0] === 0x30 && bytes[1] !== undefined && bytes[1] > 0x80;
}

/**
 * Writes a file, or standard output if there is no path or it is `-`. What is `secret` can be read by its owner alone; an
 * existing file of that kind keeps its permissions, as its owner set them.
 */
export function writeResult(
  contents: string | Uint8Array,
  path: string | undefined,
  host: Pick<Host, 'stdout'>,
  { secret = false, append = false }: { readonly secret?: boolean; readonly append?: boolean } = {},
): void {
  if (path === undefined || path === '-') {
    host.stdout.write(contents);
    return;
  }
  try {
    writeFileSync(path, contents, { mode: secret ? 0o600 : 0o666, flag: append ? 'a' : 'w' });
  } catch (error) {
    throw fileProblem(error, 'write', path);
  }
}

export function fileProblem(error: unknown, what: 'read' | 'write', path: string): Problem {
  if (error instanceof Problem) return error;
  const code = (error as NodeJS.ErrnoException).code ?? 'EUNKNOWN';
  return new Problem('file', code, `cannot ${what} ${path}: ${(error as Error).message}`, {
    advice: adviceFor(code),
    cause: error,
  });
}

/**
 * A secret by where it is: `env:NAME`, `file:PATH` (its first line) or `pass:TEXT`, which every user of the machine can see in
 * the list of processes. Never part of a message.
 */
export type Secret = (env: Host['env']) => string;

export function secretSource(text: string): Secret {
  const [, kind, rest = ''] = /^(env|file|pass):(.*)$/s.exec(text) ?? [];
  if (kind === undefined) throw usage('expected env:NAME, file:PATH or pass:TEXT');
  if (kind === 'pass') return () => rest;
  if (kind === 'env') {
    return (env) => {
      const value = env[rest];
      if (value === undefined) throw usage(`the environment variable ${rest} is not set`);
      return value;
    };
  }
  return () => firstLine(rest);
}

/** As `secretSource`, or the value itself. */
export function secretOrText(text: string): Secret {
  return /^(env|file|pass):/.test(text) ? secretSource(text) : () => text;
}

function firstLine(path: string): string {
  try {
    return readFileSync(path, 'utf8').split(/\r?\n/, 1)[0] ?? '';
  } catch (error) {
    throw fileProblem(error, 'read', path);
  }
}
