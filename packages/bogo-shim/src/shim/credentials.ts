import { readFileSync } from 'node:fs';
import {
  type Credential,
  decodeDelegatedCredential,
  describeScheme,
  type KeyKind,
  type PrivateKey,
  rawPublicKeyCredential,
  signatureSchemes as schemes,
} from '@sealwire/core';
import { isX509Error, loadCredential, loadPrivateKey, parseCertificate, parsePem } from '@sealwire/x509';
import type { CredentialValues, Flags } from '../flags/table.ts';
import { isUnderPolicy } from './compliance.ts';
import { ExpectationFailed, NotImplemented } from './failure.ts';
import { provider } from './provider.ts';

/** A credential of the test, and the number by which the runner knows it: -1 is the default one. */
export interface NumberedCredential {
  readonly number: number;
  readonly credential: Credential;
  /** Only for peers that name an authority which has issued a certificate of the chain. */
  readonly mustMatchIssuer: boolean;
}

/** In the order of preference: those that were opened, then the default one. */
export function credentialsOf(flags: Flags): readonly NumberedCredential[] {
  const { credentials, defaultCredential, server } = flags;
  const all = [...credentials.entries(), [-1, defaultCredential] as const];
  return all.flatMap(([number, values]) => {
    const credential =
      values.type === 'delegated'
        ? loadDelegated(values, server ? 'server' : 'client')
        : load(values, isUnderPolicy(flags));
    return credential === undefined
      ? []
      : { number, credential, mustMatchIssuer: values['must-match-issuer'] };
  });
}

function load(values: CredentialValues, underPolicy: boolean): Credential | undefined {
  if (values.type === 'psk') return undefined;
  const { type, 'cert-file': chainFile, 'key-file': keyFile } = values;
  if (!keyFile || (type === 'x509' && !chainFile)) return undefined;
  const keyPem = readFileSync(keyFile, 'utf8');
  const key = readKey(keyPem);
  const wanted = values['signing-prefs'] ?? signingPreferences;
  const signatureSchemes = wanted.filter((scheme) => fits(scheme, key.kind));
  // Whoever obeys a policy has no use for a key that may sign nothing.
  if (signatureSchemes.length === 0 && underPolicy) return undefined;
  if (signatureSchemes.length === 0)
    throw new NotImplemented(`-signing-prefs ${wanted} for a key of type ${key.kind.type}`);
  if (type === 'rawPublicKey') return { ...rawPublicKeyCredential(key), signatureSchemes };
  const { 'ocsp-response': ocspResponse, 'signed-cert-timestamps': timestamps } = values;
  return loadCredential({
    provider,
    chain: readFileSync(chainFile ?? '', 'utf8'),
    key: keyPem,
    signatureSchemes,
    ...(ocspResponse === undefined ? {} : { ocspResponse }),
    ...(timestamps === undefined ? {} : { signedCertificateTimestamps: splitTimestamps(timestamps) }),
  });
}

/**
 * A certificate that speaks by a delegated key alone (RFC 9345). By hand: the runner's certificates do not say that they
 * delegate, which the library's own loader insists on.
 */
function loadDelegated(values: CredentialValues, role: 'client' | 'server'): Credential {
  const { 'cert-file': chainFile = '', 'key-file': keyFile = '', 'delegated-credential': bytes } = values;
  const chain = parsePem(readFileSync(chainFile, 'utf8')).map(({ der }) => der);
  const credential = decodeDelegatedCredential(bytes ?? new Uint8Array(0));
  if (credential === undefined) throw new NotImplemented('a delegated credential that does not decode');
  const { notBeforeMs } = parseCertificate(chain[0] ?? new Uint8Array(0));
  const expiresAtMs = notBeforeMs + credential.cred.validTimeSeconds * 1_000;
  const key = readKey(readFileSync(keyFile, 'utf8'));
  return {
    type: 'x509',
    chain,
    key: 'external',
    signatureSchemes: [],
    delegations: [{ credential, key, role, expiresAtMs }],
  };
}

function readKey(pem: string): PrivateKey {
  try {
    return loadPrivateKey(pem, provider);
  } catch (error) {
    if (isX509Error(error)) throw new NotImplemented(`a private key: ${error.message}`);
    throw error;
  }
}

/** SHA-1 signs in TLS 1.2 and older, where a credential names it. */
function fits(scheme: number, kind: KeyKind): boolean {
  if (kind.type === 'rsa' && scheme === schemes.rsa_pkcs1_sha1) return true;
  if (kind.type === 'ec' && scheme === schemes.ecdsa_sha1) return true;
  return describeScheme(scheme)?.fits(kind) === true;
}

/** `SignedCertificateTimestampList` (RFC 6962 §3.3) as bytes into its entries. */
export function splitTimestamps(list: Uint8Array): Uint8Array[] {
  const view = new DataView(list.buffer, list.byteOffset, list.byteLength);
  const found: Uint8Array[] = [];
  for (let at = 2; at + 2 <= list.length; ) {
    const length = view.getUint16(at);
    found.push(list.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  if (found.length === 0 || !Buffer.from(joinTimestamps(found)).equals(list))
    throw new ExpectationFailed('INVALID_SCT_LIST');
  return found;
}

export function joinTimestamps(timestamps: readonly Uint8Array[]): Uint8Array {
  const entries = timestamps.map((entry) => Buffer.concat([uint16(entry.length), entry]));
  const list = Buffer.concat(entries);
  return Buffer.concat([uint16(list.length), list]);
}

function uint16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16BE(value);
  return buffer;
}

/** Everything, in the order of the runner's own library. */
const signingPreferences: readonly number[] = [
  schemes.mldsa44,
  schemes.mldsa65,
  schemes.mldsa87,
  schemes.ed25519,
  schemes.ecdsa_secp256r1_sha256,
  schemes.rsa_pss_rsae_sha256,
  schemes.rsa_pkcs1_sha256,
  schemes.ecdsa_secp384r1_sha384,
  schemes.rsa_pss_rsae_sha384,
  schemes.rsa_pkcs1_sha384,
  schemes.ecdsa_secp521r1_sha512,
  schemes.rsa_pss_rsae_sha512,
  schemes.rsa_pkcs1_sha512,
  schemes.ecdsa_sha1,
  schemes.rsa_pkcs1_sha1,
];
