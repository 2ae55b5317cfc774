import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePem } from '../src/index.ts';

/** The openssl command as a second opinion. */
const command = 'openssl';

export const hasOpenssl: boolean = spawnSync(command, ['version']).status === 0;

/** `openssl x509 -text` of a certificate. */
export function opensslText(certificate: Uint8Array): string {
  return execFileSync(command, ['x509', '-inform', 'DER', '-noout', '-text'], {
    input: certificate,
  }).toString();
}

/** `openssl verify`: `OK`, or what it says instead. */
export function opensslVerify(
  root: Uint8Array,
  intermediates: readonly Uint8Array[],
  leaf: Uint8Array,
  args: readonly string[] = [],
): string {
  const options = ['-no-CApath', '-x509_strict', ...args];
  const { stdout, stderr, status } = runVerify([root], intermediates, leaf, options);
  return status === 0 ? 'OK' : stdout + stderr;
}

/** `openssl verify`: the errors that it prints, each as its depth and its sentence. */
export function opensslVerifyErrors(
  roots: readonly Uint8Array[],
  intermediates: readonly Uint8Array[],
  leaf: Uint8Array,
  args: readonly string[],
): string[] {
  const options = ['-no-CApath', '-no-CAstore', ...args];
  const { stdout, stderr, status } = runVerify(roots, intermediates, leaf, options);
  const errors = [...stderr.matchAll(/error \d+ at (\d+) depth lookup: (.*)/g)];
  if ((status === 0) !== (errors.length === 0)) throw new Error(stdout + stderr);
  return errors.map(([, depth, sentence]) => `${depth} ${sentence}`);
}

function runVerify(
  roots: readonly Uint8Array[],
  intermediates: readonly Uint8Array[],
  leaf: Uint8Array,
  options: readonly string[],
): { readonly stdout: string; readonly stderr: string; readonly status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), 'sealwire-x509-'));
  try {
    const file = (name: string, certificates: readonly Uint8Array[]) => {
      const path = join(folder, name);
      writeFileSync(path, certificates.map((der) => encodePem('CERTIFICATE', der)).join(''));
      return path;
    };
    const untrusted = intermediates.length === 0 ? [] : ['-untrusted', file('untrusted.pem', intermediates)];
    const trusted = ['-CAfile', file('roots.pem', roots)];
    const all = ['verify', ...trusted, ...untrusted, ...options, file('leaf.pem', [leaf])];
    return spawnSync(command, all, { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the command prints. */
export function openssl(args: readonly string[]): Buffer {
  return execFileSync(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
}

/** The same with something on its standard input. */
export function opensslOn(input: string | Uint8Array, args: readonly string[]): Buffer {
  return execFileSync(command, args, { input, stdio: ['pipe', 'pipe', 'ignore'] });
}

/** Arguments that load what OpenSSL 3 keeps apart: RC2, single DES, RC4 and their like. */
export const legacy = ['-provider', 'legacy', '-provider', 'default'] as const;

export const hasLegacy: boolean = spawnSync(command, ['list', ...legacy, '-providers']).status === 0;

/** Runs with files of these names and contents in a folder of its own, which is removed; `{name}` in an argument is its path. */
export function opensslFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  args: readonly string[],
  program: string = command,
): { stdout: Buffer; stderr: string; status: number | null; file: (name: string) => Buffer | undefined } {
  const folder = mkdtempSync(join(tmpdir(), 'sealwire-x509-'));
  try {
    for (const [name, contents] of Object.entries(files)) writeFileSync(join(folder, name), contents);
    const { stdout, stderr, status } = spawnSync(
      program,
      args.map((arg) => arg.replace(/\{([^}]+)\}/g, (_, name: string) => join(folder, name))),
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const made = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
    return { stdout, stderr: stderr.toString(), status, file: (name) => made.get(name) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
