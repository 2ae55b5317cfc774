import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { hostOpenssl, nodeMajor, type OpensslVersion } from '../../src/process/host.ts';

/** A Node whose builtin `node:tls` is asked. */
export interface Builtin {
  readonly name: string;
  readonly path: string;
  readonly major: number;
  readonly openssl: OpensslVersion;
}

/** What `builtin-hello.mjs` is asked, and what it answers. */
export interface Question {
  readonly ask: 'hello' | 'bounds' | 'ciphers';
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly ciphers?: readonly string[];
  readonly bounds?: readonly [min: number, max: number];
  readonly error?: ShownError;
  readonly alert?: number;
  readonly hello?: Hello;
}

export interface ShownError {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly library?: string;
  readonly reason?: string;
  readonly text: string;
}

export interface Hello {
  readonly version: number;
  readonly suites: readonly number[];
  readonly groups?: readonly number[];
  readonly schemes?: readonly number[];
  readonly versions?: readonly number[];
  readonly shares?: readonly number[];
  readonly hasTicketExtension?: true;
  readonly hasEncryptThenMac?: true;
}

export const isFull: boolean = process.env['SEALWIRE_PROFILE'] === 'full';

const own: Builtin = {
  name: `Node ${process.versions.node}`,
  path: process.execPath,
  major: nodeMajor(),
  openssl: hostOpenssl(),
};

/** The Node that runs the tests; in the full profile also those of SEALWIRE_NODES (paths, separated by colons). */
export async function builtins(): Promise<Builtin[]> {
  if (!isFull) return [own];
  const paths = (process.env['SEALWIRE_NODES'] ?? '').split(':').filter((path) => path !== '');
  if (paths.length === 0) console.log('skipped: other versions of Node, for SEALWIRE_NODES names none');
  return [own, ...(await Promise.all(paths.map(found)))];
}

async function found(path: string): Promise<Builtin> {
  if (!existsSync(path)) throw new Error(`SEALWIRE_NODES: expected a file, got ${path}`);
  const [line] = await linesOf(path, ['-p', 'process.versions.node + " " + process.versions.openssl'], []);
  const [node = '', openssl] = (line ?? '').split(' ');
  return { name: `Node ${node}`, path, major: nodeMajor(node), openssl: hostOpenssl(openssl) };
}

/** The answers to all questions, in order. */
export async function ask(builtin: Builtin, questions: readonly Question[]): Promise<Answer[]> {
  const lines = await linesOf(
    builtin.path,
    ['--no-warnings', child],
    questions.map((q) => JSON.stringify(q)),
  );
  if (lines.length !== questions.length) {
    throw new Error(`${builtin.name}: expected ${questions.length} answers, got ${lines.length}`);
  }
  return lines.map((line) => JSON.parse(line) as Answer);
}

async function linesOf(path: string, args: readonly string[], input: readonly string[]): Promise<string[]> {
  const running = spawn(path, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(running, 'exit');
  running.stdin.end(input.map((line) => `${line}\n`).join(''));
  const output = await text(running.stdout);
  const [code, signal] = (await ended) as [number | null, string | null];
  if (code !== 0) throw new Error(`${path}: expected exit code 0, got ${code ?? signal}`);
  return output.split('\n').filter((line) => line !== '');
}

const child = fileURLToPath(new URL('./builtin-hello.mjs', import.meta.url));
