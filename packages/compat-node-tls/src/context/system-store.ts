import { readdirSync, readFileSync, statSync } from 'node:fs';
import { parseCertificate } from '@sealwire/x509';
import { trustedLabels } from './own-certificate.ts';
import { PemReader } from './pem-reader.ts';
import { quietly } from './quietly.ts';

/**
 * The certificates that the system trusts, DER: those of `SSL_CERT_FILE` and `SSL_CERT_DIR`, or where OpenSSL has them. The stores
 * of macOS and Windows are no files, and there is no way to them without native code: nothing is found there.
 */
export function systemCertificates(): Uint8Array[] {
  return [
    ...(certificatesOfFile(certificateFile()) ?? []),
    ...certificatesOfDirectory(certificateDirectory()),
  ];
}

/** What `--use-openssl-ca` trusts: the same places. */
export function opensslCertificates(): Uint8Array[] {
  return systemCertificates();
}

/** `undefined`: the file cannot be read. What is behind something broken is not looked at. */
export function certificatesOfFile(
  file: string,
  failed: (file: string, problem: string) => void = () => {},
): Uint8Array[] | undefined {
  let text: Buffer;
  try {
    text = readFileSync(file);
  } catch (error) {
    failed(file, `error:80000002:system library::${reasonOf(error)}`);
    return undefined;
  }
  const reader = new PemReader(text);
  const found: Uint8Array[] = [];
  for (
    let block = reader.next(trustedLabels);
    typeof block !== 'string';
    block = reader.next(trustedLabels)
  ) {
    if (quietly(() => parseCertificate(block.der)) !== undefined) found.push(block.der);
  }
  return found;
}

function certificatesOfDirectory(directory: string): Uint8Array[] {
  // A list of directories, as PATH is.
  return directory.split(':').flatMap((each) => {
    const files = namesIn(each).map((name) => `${each}/${name}`);
    return files.flatMap((file) => (isFile(file) ? (certificatesOfFile(file) ?? []) : []));
  });
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
    ? 'No such file or directory'
    : (error as Error).message;
}

function certificateFile(): string {
  return process.env['SSL_CERT_FILE'] || '/etc/ssl/cert.pem';
}

function certificateDirectory(): string {
  return process.env['SSL_CERT_DIR'] || '/etc/ssl/certs';
}
