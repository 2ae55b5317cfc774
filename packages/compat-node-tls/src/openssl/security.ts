import { type KeyKind, protocolVersions, type ProtocolVersion } from '@sealwire/core';
import { bitsOfKey, bitsOfLevel, type SecurityLevel } from '@sealwire/x509';
import type { OpensslVersion } from '../process/host.ts';
import type { Group } from './group-table.ts';
import type { Scheme } from './scheme-table.ts';
import { bitsOfSuite, type Suite } from './suites.ts';

/**
 * What security levels forbid (SSL_CTX_set_security_level(3)), beside the signatures in certificates, which `@sealwire/x509`
 * judges by `securityLevel`. Level 0 forbids nothing.
 */
export type { SecurityLevel };

/** Without `@SECLEVEL=n`: 2 since Node 24; Node 22 has the same OpenSSL and keeps 1, as it always was. */
export function defaultSecurityLevel(nodeMajor: number): SecurityLevel {
  return nodeMajor < 24 ? 1 : 2;
}

/** 3.0 gives up one old version a level from the third on; since 3.2 all but level 0 ask for TLS 1.2. */
export function allowsVersion(
  level: SecurityLevel,
  version: ProtocolVersion,
  openssl: OpensslVersion,
): boolean {
  const { tls10, tls11 } = protocolVersions;
  if (version === tls10) return level < (openssl === '3.0' ? 3 : 1);
  if (version === tls11) return level < (openssl === '3.0' ? 4 : 1);
  return true;
}

/** No suite without authentication, with MD5 or with too few bits; from 3 on forward secrecy, from 4 on no HMAC with SHA-1. */
export function allowsSuite(level: SecurityLevel, suite: Suite, openssl: OpensslVersion): boolean {
  if (level === 0) return true;
  if (bitsOfSuite(suite, openssl) < bitsOfLevel(level)) return false;
  if (suite.authentication === 'None' || suite.mac === 'MD5') return false;
  if (suite.mac === 'SHA1' && bitsOfLevel(level) > bitsOfSha1Hmac) return false;
  const isEphemeral = suite.keyExchange === 'DH' || suite.keyExchange === 'ECDH';
  return level < 3 || isEphemeral || suite.since === 'TLSv1.3';
}

export function allowsGroup(level: SecurityLevel, { bits }: Group): boolean {
  return bits >= bitsOfLevel(level);
}

export function allowsScheme(level: SecurityLevel, { bits }: Scheme): boolean {
  return bits >= bitsOfLevel(level);
}

/** Signatures of TLS 1.0 and 1.1, which name no scheme: with SHA-1, and MD5 beside it. */
export function allowsUnnamedSignatures(level: SecurityLevel): boolean {
  return level === 0;
}

/** The key of an own certificate ("ee key too small"), and of a peer's. */
export function allowsKey(level: SecurityLevel, kind: KeyKind): boolean {
  return bitsOfKey(kind) >= bitsOfLevel(level);
}

/** Finite-field groups of TLS 1.2 and older, also those of a server ("dh key too small"). */
export function allowsField(level: SecurityLevel, size: FieldSize): boolean {
  return bitsOfField(size) >= bitsOfLevel(level);
}

/** The smallest prime, in bits, that a server's finite-field group may have ("dh key too small"). */
export function leastFieldBits(level: SecurityLevel): number {
  const allowed = fieldSteps.filter(([bits]) => allowsField(level, { bits }));
  return level === 0 ? smallestField : Math.min(...allowed.map(([bits]) => bits));
}

/** From level 3 on no tickets are used in TLS 1.2 and older, because of the keys that protect them. */
export function allowsTickets(level: SecurityLevel): boolean {
  return level < 3;
}

export interface FieldSize {
  /** Length of the prime. */
  readonly bits: number;
  /** Length of the secret exponent, or of the order of the subgroup, where either is known. */
  readonly exponentBits?: number;
}

/** The steps of SP 800-57, without the values between that RSA keys are counted by; half the exponent, if that is less. */
function bitsOfField({ bits, exponentBits }: FieldSize): number {
  const strength = fieldSteps.find(([least]) => bits >= least)?.[1] ?? 0;
  if (exponentBits === undefined) return strength;
  const half = Math.floor(exponentBits / 2);
  return half < 80 ? 0 : Math.min(half, strength);
}

const fieldSteps = [
  [15_360, 256],
  [7_680, 192],
  [3_072, 128],
  [2_048, 112],
  [1_024, 80],
] as const;

/** At level 0 whatever can be computed with. */
const smallestField = 512;

const bitsOfSha1Hmac = 160;
