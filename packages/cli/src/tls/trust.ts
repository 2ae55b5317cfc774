import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemRoots } from '@sealwire/node-transport';
import { certificatesDer, CrlSet, isX509Error, type RevocationOptions, TrustAnchors } from '@sealwire/x509';
import { fileProblem, textOrDer } from '../files.ts';
import type { Host } from '../host.ts';
import { options, type ValuesOf } from '../options/option.ts';
import { Problem, usage } from '../problem.ts';
import { adviceFor } from '../text/advice.ts';

const group = 'Who is trusted';

export const trustOptions = options({
  'ca-file': {
    value: 'FILE',
    openssl: ['CAfile'],
    many: true,
    completes: 'file',
    group,
    help: 'Trust the certificates in this file (PEM or DER), and no others.',
  },
  'ca-path': {
    value: 'DIRECTORY',
    openssl: ['CApath'],
    many: true,
    completes: 'directory',
    group,
    help: 'Trust all certificates in the files of this directory.',
  },
  'system-roots': { group, help: 'Trust what this system trusts.' },
  crl: {
    value: 'FILE',
    openssl: ['CRL'],
    many: true,
    completes: 'file',
    group,
    help: 'Refuse what this list of revoked certificates has; certificates that no list speaks of pass, but with --crl-check.',
  },
  'crl-check': {
    openssl: ['crl_check', 'crl_check_all'],
    group,
    help: 'Refuse certificates of which no list of --crl says that they are good.',
  },
});

/** What the options say; without them Mozilla's list. */
export async function rootsOf(values: ValuesOf<typeof trustOptions>, host: Host): Promise<TrustAnchors> {
  const named = await namedRoots(values, host);
  if (named !== undefined) return named;
  const { mozillaRoots } = await import('@sealwire/x509/roots');
  return mozillaRoots();
}

/** `undefined` where nothing is said: a server has no default. */
export async function namedRoots(
  values: ValuesOf<typeof trustOptions>,
  host: Host,
): Promise<TrustAnchors | undefined> {
  const files = values['ca-file'] ?? [];
  const directories = values['ca-path'] ?? [];
  if (values['system-roots']) {
    if (files.length > 0 || directories.length > 0)
      throw usage('--system-roots and --ca-file or --ca-path exclude each other');
    return systemRoots({ env: host.env });
  }
  if (files.length === 0 && directories.length === 0) return undefined;
  const ders: Uint8Array[] = [];
  for (const path of files) ders.push(...(await certificatesIn(path, host)));
  for (const path of directories) ders.push(...(await certificatesBelow(path, host)));
  return new TrustAnchors(ders);
}

/** All certificates of a file, PEM or DER. */
export async function certificatesIn(path: string, host: Pick<Host, 'stdin'>): Promise<Uint8Array[]> {
  const contents = await textOrDer(path, host);
  try {
    return certificatesDer(contents);
  } catch (error) {
    if (!isX509Error(error)) throw error;
    throw new Problem('file', error.code, `${path}: ${error.message}`, {
      advice: adviceFor(error.code),
      cause: error,
    });
  }
}

/** What no certificate can be read of is passed over, as it is with OpenSSL. */
async function certificatesBelow(path: string, host: Host): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for (const name of filesOf(path)) {
    try {
      found.push(...(await certificatesIn(join(path, name), host)));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }
  if (found.length > 0) return found;
  throw new Problem('file', 'noCertificates', `no certificates in the files of ${path}`);
}

function filesOf(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    throw fileProblem(error, 'read', path);
  }
}

export async function revocationOf(
  values: ValuesOf<typeof trustOptions>,
  host: Host,
): Promise<RevocationOptions | undefined> {
  const files = values.crl ?? [];
  if (files.length === 0 && !values['crl-check']) return undefined;
  const contents: (string | Uint8Array)[] = [];
  for (const path of files) contents.push(await textOrDer(path, host));
  return { crls: new CrlSet(contents), failure: values['crl-check'] ? 'hard' : 'soft' };
}
