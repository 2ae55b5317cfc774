import { suites13, type VersionModule } from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { suites12 } from '@sealwire/core/tls12';
import type { Flags } from '../flags/table.ts';
import { policySuites } from './compliance.ts';
import { NotImplemented } from './failure.ts';
import { ranksOf } from './preferences.ts';

/**
 * The suites that a test assumes, in the order of the runner's own library, which the tests about preferences are
 * written for. `cipher` changes those of TLS 1.2 and older alone.
 */
export function cipherSuites(versions: readonly VersionModule[], flags: Flags): number[] {
  const { cipher, psk } = flags;
  const older = [...byDefault, ...(psk === undefined ? [] : withPsk)];
  const wanted = policySuites(flags) ?? [...modern, ...(cipher === undefined ? older : named(cipher))];
  return wanted.filter((suite) => versions.some((version) => version.supports(suite as never, nodeProvider)));
}

/** The few strings that the runner uses: names of suites, and these words. */
function named(cipher: string): number[] {
  switch (cipher) {
    case '3DES':
      return [suites12.TLS_RSA_WITH_3DES_EDE_CBC_SHA];
    case 'ALL:3DES':
      return [...byDefault, suites12.TLS_RSA_WITH_3DES_EDE_CBC_SHA];
    case 'AES128':
      return byDefault.filter((suite) => nameOf(suite).includes('AES_128'));
    case 'DEFAULT:!AES':
      return byDefault.filter((suite) => !nameOf(suite).includes('AES'));
  }
  return ranksOf(cipher).flat().map(suiteOf);
}

/** The number of a suite of TLS 1.2 and older. */
export function suiteOf(name: string): number {
  const suite = (suites12 as Readonly<Record<string, number>>)[name];
  if (suite === undefined) throw new NotImplemented(`-cipher ${name}`);
  return suite;
}

/** What the certificate of a suite is for; nothing in TLS 1.3. */
export function authenticationOf(suite: number): string {
  return /^TLS_(?:ECDHE_)?(RSA|ECDSA|PSK)/.exec(nameOf(suite))?.[1] ?? '';
}

export function hasCurves(suite: number): boolean {
  return nameOf(suite).includes('ECDHE');
}

function nameOf(suite: number): string {
  return Object.entries(suites12).find(([, value]) => value === suite)?.[0] ?? '';
}

const modern: readonly number[] = [
  suites13.TLS_AES_128_GCM_SHA256,
  suites13.TLS_AES_256_GCM_SHA384,
  suites13.TLS_CHACHA20_POLY1305_SHA256,
];

const byDefault: readonly number[] = [
  suites12.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  suites12.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
  suites12.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
  suites12.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  suites12.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
  suites12.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
  suites12.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
  suites12.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
  suites12.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
  suites12.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
  suites12.TLS_RSA_WITH_AES_128_GCM_SHA256,
  suites12.TLS_RSA_WITH_AES_256_GCM_SHA384,
  suites12.TLS_RSA_WITH_AES_128_CBC_SHA,
  suites12.TLS_RSA_WITH_AES_256_CBC_SHA,
  suites12.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
  suites12.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256,
];

/** Of tests that have a key for them. */
const withPsk: readonly number[] = [
  suites12.TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256,
  suites12.TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA,
  suites12.TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA,
  suites12.TLS_PSK_WITH_AES_128_CBC_SHA,
  suites12.TLS_PSK_WITH_AES_256_CBC_SHA,
];
