import { readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { certificatesDer, isX509Error, TrustAnchors } from '@sealwire/x509';
import { TransportError } from '@sealwire/transport';

export interface SystemRootsOptions {
  /** Where `SSL_CERT_FILE` and `SSL_CERT_DIR` are looked up. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Files to try in place of the usual ones, in this order: the first that holds certificates counts. */
  readonly files?: readonly string[];
  /** Directories to try when there is no such file: all certificates of all of them. */
  readonly directories?: readonly string[];
}

/**
 * The certificates that the system trusts, read from its files: `roots: systemRoots()`. Read them once, for every call reads them
 * anew; they are parsed when they are needed.
 *
 * As with OpenSSL, `SSL_CERT_FILE` names a file and `SSL_CERT_DIR` directories in place of the usual ones. A file or directory that
 * an environment variable names and that cannot be read, or holds none, is an error: `TransportError` `transport.noSystemRoots`, as
 * is a system without any. Windows, and macOS beside /etc/ssl/cert.pem, keep theirs in no file.
 */
export function systemRoots(options: SystemRootsOptions = {}): TrustAnchors {
  const env = options.env ?? process.env;
  const { SSL_CERT_FILE: file, SSL_CERT_DIR: directories } = env;
  if (file || directories) {
    const ders = [
      ...(file ? named(file, certificatesOfFile(file)) : []),
      ...(directories
        ? named(directories, directories.split(delimiter).flatMap(certificatesOfDirectory))
        : []),
    ];
    return new TrustAnchors(ders);
  }
  for (const path of options.files ?? usualFiles) {
    const ders = certificatesOfFile(path);
    if (ders.length > 0) return new TrustAnchors(ders);
  }
  const ders = (options.directories ?? usualDirectories).flatMap(certificatesOfDirectory);
  if (ders.length > 0) return new TrustAnchors(ders);
  throw new TransportError('transport.noSystemRoots', 'no file of the system holds trusted certificates');
}

function named(path: string, ders: readonly Uint8Array[]): readonly Uint8Array[] {
  if (ders.length > 0) return ders;
  throw new TransportError('transport.noSystemRoots', `no trusted certificates in ${path}`);
}

/** None of a file that cannot be read or holds no certificate: the next may do. */
function certificatesOfFile(path: string): Uint8Array[] {
  const contents = orUndefined(() => readFileSync(path));
  if (contents === undefined) return [];
  try {
    return certificatesDer(contents);
  } catch (error) {
    if (isX509Error(error)) return [];
    throw error;
  }
}

function certificatesOfDirectory(path: string): Uint8Array[] {
  const names = orUndefined(() => readdirSync(path)) ?? [];
  return names.sort().flatMap((name) => certificatesOfFile(join(path, name)));
}

/** What the file system refuses is as not there. */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (typeof (error as { code?: unknown } | null)?.code === 'string') return undefined;
    throw error;
  }
}

const usualFiles: readonly string[] = [
  // Debian, Ubuntu, Arch, Gentoo; Alpine has it too.
  '/etc/ssl/certs/ca-certificates.crt',
  // Fedora, Red Hat and their kin.
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/pki/tls/certs/ca-bundle.crt',
  // SUSE.
  '/etc/ssl/ca-bundle.pem',
  // Alpine, FreeBSD, OpenBSD, macOS.
  '/etc/ssl/cert.pem',
  // FreeBSD's package.
  '/usr/local/share/certs/ca-root-nss.crt',
  '/usr/local/etc/ssl/cert.pem',
  // NetBSD.
  '/etc/openssl/certs/ca-certificates.crt',
];

const usualDirectories: readonly string[] = [
  '/etc/ssl/certs',
  '/etc/pki/tls/certs',
  '/usr/local/share/certs',
  '/etc/openssl/certs',
];
