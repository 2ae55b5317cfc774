import { supportedVersionsExtension } from '../extensions/supported-versions.ts';
import { downgradeSentinels, type ServerHello } from '../messages/server-hello.ts';
import { protocolVersions } from '../registry/versions.ts';
import { copyOf, sameBytes } from '../wire/bytes.ts';

/** The highest version that both sides have (RFC 9846 §4.3.1: the order of the client's list says nothing). */
export function selectVersion(ours: readonly number[], offered: readonly number[]): number | undefined {
  let best: number | undefined;
  for (const version of ours) {
    if (offered.includes(version) && (best === undefined || version > best)) best = version;
  }
  return best;
}

/**
 * What a ClientHello offers: supported_versions alone when it is there (RFC 9846 §4.3.1), otherwise every
 * version of TLS up to legacy_version (RFC 9846 §E.2).
 */
export function offeredVersions(
  supportedVersions: readonly number[] | undefined,
  legacyVersion: number,
): number[] {
  if (supportedVersions !== undefined) return [...supportedVersions];
  const upTo = Math.min(legacyVersion, protocolVersions.tls12);
  const versions: number[] = [];
  for (let version = upTo; version >= protocolVersions.tls10; version--) versions.push(version);
  return versions;
}

/** Whether some of these versions can only be offered in supported_versions (RFC 9846 §4.3.1). */
export function needsSupportedVersions(versions: readonly number[]): boolean {
  return versions.some((version) => version > protocolVersions.tls12);
}

/** Whether some of these versions know signature_algorithms (RFC 5246 §7.4.1.4.1). */
export function needsSignatureAlgorithms(versions: readonly number[]): boolean {
  return versions.some((version) => version >= protocolVersions.tls12);
}

/** legacy_version of a ClientHello (RFC 9846 §4.2.2, §E.1): the highest version that it can say. */
export function legacyVersionOf(versions: readonly number[]): number {
  return Math.min(Math.max(...versions), protocolVersions.tls12);
}

/** Whether a ServerHello that selects `version` shows that somebody has removed a better one from our offer (RFC 9846 §4.2.3). */
export function isDowngraded(
  versions: readonly number[],
  version: number,
  serverRandom: Uint8Array,
): boolean {
  return versions.some((each) => each > version) && hasDowngradeSentinel(serverRandom);
}

/** Whether this ServerHello selects TLS 1.3. */
export function selectsTls13(hello: ServerHello): boolean {
  return hello.extensions.get(supportedVersionsExtension) === protocolVersions.tls13;
}

/** Whether a ServerHello of TLS 1.2 or below warns that its server also speaks a higher version (RFC 9846 §4.2.3). */
export function hasDowngradeSentinel(serverRandom: Uint8Array): boolean {
  const end = serverRandom.subarray(24);
  return sameBytes(end, downgradeSentinels.tls12) || sameBytes(end, downgradeSentinels.older);
}

/** Whether a session was made by this version: secrets of one mean nothing to another. */
export function sameVersion(a: number, b: number): boolean {
  return a === b;
}

/** Whether a list offers TLS 1.2 or below; what we do not know (GREASE) offers nothing. */
export function offersOlderThanTls13(versions: readonly number[]): boolean {
  return versions.some((version) => version >= protocolVersions.ssl30 && version < protocolVersions.tls13);
}

/**
 * The random of a ServerHello that selects `version` although we speak `highest`: its last bytes say so
 * (RFC 9846 §4.2.3: "MUST", for servers of TLS 1.3, and "SHOULD" for those of TLS 1.2).
 */
export function serverRandomOf(random: Uint8Array, version: number, highest: number): Uint8Array {
  if (highest <= version) return random;
  const marked = copyOf(random);
  marked.set(version === protocolVersions.tls12 ? downgradeSentinels.tls12 : downgradeSentinels.older, 24);
  return marked;
}

/** Whether a client that has fallen back to `version` has no reason to come again with more (RFC 7507 §3). */
export function isHighest(highest: number, version: number): boolean {
  return version >= highest;
}

/** Whether signatures name their scheme, and a hello the schemes that its sender verifies (RFC 5246 §4.7, §7.4.1.4.1). */
export function namesSchemes(version: number): boolean {
  return version >= protocolVersions.tls12;
}

/** Whether a SignatureScheme says which key it goes with, curve and padding included (RFC 9846 §4.3.3). */
export function bindsSchemesToKeys(version: number): boolean {
  return version > protocolVersions.tls12;
}
