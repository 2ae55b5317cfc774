import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePem } from '../src/index.ts';

/** The openssl command as a second opinion. */
export const hasOpenssl: boolean = spawnSync('openssl', ['version']).status === 0;

/** `openssl x509 -text` of a certificate. */
export function opensslText(certificate: Uint8Array): string {
  return execFileSync('openssl', ['x509', '-inform', 'DER', '-noout', '-text'], {
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
  const folder = mkdtempSync(join(tmpdir(), 'sealwire-x509-'));
  try {
    const file = (name: string, certificates: readonly Uint8Array[]) => {
      const path = join(folder, name);
      writeFileSync(path, certificates.map((der) => encodePem('CERTIFICATE', der)).join(''));
      return path;
    };
    const untrusted = intermediates.length === 0 ? [] : ['-untrusted', file('untrusted.pem', intermediates)];
    const all = [
      'verify',
      '-no-CApath',
      '-x509_strict',
      '-CAfile',
      file('root.pem', [root]),
      ...untrusted,
      ...args,
      file('leaf.pem', [leaf]),
    ];
    const { stdout, stderr, status } = spawnSync('openssl', all, { encoding: 'utf8' });
    return status === 0 ? 'OK' : stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
