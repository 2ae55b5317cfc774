import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { nodeProvider } from '@sealwire/crypto-node';
import { makeCertificate } from '@sealwire/x509';
import {
  ed25519Certificate,
  ed25519Key,
  p256Certificate,
  p256Key,
} from '../../packages/core/test/harness/fixtures.ts';
import { rsaCredential } from '../../packages/core/test/harness/rsa-keys.ts';
import type { Opening } from './builtin-victim.ts';

/** What core's options of these names mean to `node:tls`, or that they mean nothing to it. */
export interface CoreOptions {
  readonly versions?: readonly { readonly versions: readonly number[] }[];
  readonly cipherSuites?: readonly number[];
  readonly groups?: readonly number[];
  readonly alpnProtocols?: readonly string[];
  readonly credentials?: readonly unknown[];
  readonly clientAuthentication?: string;
  readonly serverName?: string;
  readonly externalPsks?: readonly { readonly identity: Uint8Array; readonly key: Uint8Array }[];
}

/** The nearest configuration of `node:tls`; undefined: the test is about an option that it has not. */
export function builtinOptions(side: 'client' | 'server', core: CoreOptions): Opening | undefined {
  if (Object.entries(core).some(([name, value]) => value !== undefined && !known.has(name))) return undefined;
  const versions = (core.versions ?? [{ versions: [0x0304, 0x0303] }]).flatMap((module) => module.versions);
  const suites = (core.cipherSuites ?? [])
    .map((id) => suiteNames().get(id))
    .filter((name) => name !== undefined);
  const [psk] = core.externalPsks ?? [];
  return {
    side,
    options: {
      minVersion: versionNames.get(Math.min(...versions)),
      maxVersion: versionNames.get(Math.max(...versions)),
      // Broken hashes and small keys are what some tests are about.
      ciphers: `${suites.length > 0 ? suites.join(':') : 'DEFAULT:TLS_AES_128_GCM_SHA256'}:@SECLEVEL=0`,
      ecdhCurve: (core.groups ?? [29, 23])
        .map((group) => groupNames.get(group))
        .filter(Boolean)
        .join(':'),
      ALPNProtocols: core.alpnProtocols,
      ...(side === 'client' ? clientOptions(core) : serverOptions(core)),
    },
    psk: psk && { identity: Buffer.from(psk.identity).toString('latin1'), key: psk.key },
  };
}

function clientOptions({ serverName = '', credentials = [] }: CoreOptions): object {
  const own =
    credentials.length > 0 ? { key: keyPem(ed25519Key), cert: certificatePem(ed25519Certificate) } : {};
  return { servername: serverName, rejectUnauthorized: false, ...own };
}

function serverOptions({ clientAuthentication = 'none', credentials = [] }: CoreOptions): object {
  const rsa = [keyPem(rsaCredential.key), certificatePem(rsaCertificate())] as const;
  const p256 = [keyPem(p256Key), certificatePem(p256Certificate)] as const;
  const pairs =
    credentials.length > 0 && credentials.every((one) => one === rsaCredential) ? [rsa] : [rsa, p256];
  return {
    key: pairs.map(([key]) => key),
    cert: pairs.map(([, cert]) => cert),
    requestCert: clientAuthentication !== 'none',
    rejectUnauthorized: clientAuthentication === 'require',
  };
}

function rsaCertificate(): Uint8Array {
  return makeCertificate({
    provider: nodeProvider,
    subject: { CN: 'sealwire.test' },
    key: nodeProvider.importPrivateKey(pkcs8Of(rsaCredential.key))!,
    notBeforeMs: Date.UTC(2026, 0),
    notAfterMs: Date.UTC(2126, 0),
  });
}

function keyPem(key: unknown): string {
  return pem('PRIVATE KEY', pkcs8Of(key));
}

/** All fixtures can be exported. */
function pkcs8Of(key: unknown): Uint8Array {
  return (key as { exportPkcs8(): Uint8Array }).exportPkcs8();
}

function certificatePem(der: Uint8Array): string {
  return pem('CERTIFICATE', der);
}

function pem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString('base64')
    .match(/.{1,64}/g)!;
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** OpenSSL's names of all suites. */
function suiteNames(): ReadonlyMap<number, string> {
  if (names !== undefined) return names;
  const text = execFileSync('openssl', ['ciphers', '-V', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'], {
    encoding: 'utf8',
  });
  names = new Map(
    [...text.matchAll(/0x(..),0x(..) - (\S+)/g)].map(([, high, low, name]) => [
      Number.parseInt(`${high}${low}`, 16),
      name!,
    ]),
  );
  return names;
}

let names: ReadonlyMap<number, string> | undefined;

const versionNames: ReadonlyMap<number, string> = new Map([
  [0x0301, 'TLSv1'],
  [0x0302, 'TLSv1.1'],
  [0x0303, 'TLSv1.2'],
  [0x0304, 'TLSv1.3'],
]);
const groupNames: ReadonlyMap<number, string> = new Map([
  [22, 'secp256k1'],
  [23, 'P-256'],
  [24, 'P-384'],
  [25, 'P-521'],
  [29, 'X25519'],
  [30, 'X448'],
  [256, 'ffdhe2048'],
  [257, 'ffdhe3072'],
]);
const known: ReadonlySet<string> = new Set([
  ...['alpnProtocols', 'answers', 'cipherSuites', 'clientAuthentication', 'credentials', 'externalPsks'],
  ...['groups', 'keyShares', 'limits', 'provider', 'pskModes', 'serverName', 'signatureSchemes', 'versions'],
]);
