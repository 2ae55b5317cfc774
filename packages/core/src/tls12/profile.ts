import { InternalError } from '../errors/tls-error.ts';
import { protocolVersions, type ProtocolVersion } from '../registry/versions.ts';
import type { Suite12 } from './suites.ts';

/**
 * What differs between TLS 1.0 (RFC 2246), 1.1 (RFC 4346) and 1.2 (RFC 5246), as data. Handlers ask a profile, never
 * a version number.
 */
export interface Profile {
  readonly version: ProtocolVersion;
  /** What stands in the header of a record once the version is agreed (RFC 5246 §6.2.1). */
  readonly recordVersion: ProtocolVersion;
  /** PRF and the hash of Finished: MD5 and SHA-1 together, or the hash that the cipher suite names (RFC 5246 §1.2, §5). */
  readonly prf: 'md5-sha1' | 'suite';
  /** The IV of a record under CBC: the last block of the record before, or sent with each record (RFC 4346 §6.2.3.2). */
  readonly iv: 'chained' | 'explicit';
  readonly signs: SignatureRules;
}

export interface SignatureRules {
  /**
   * True: signatures name their scheme, clients send signature_algorithms, and CertificateRequest lists schemes
   * (RFC 5246 §4.7, §7.4.1.4.1, §7.4.4). False: each kind of key signs with one hash.
   */
  readonly hasSchemeField: boolean;
  /**
   * The hash where none is named. RSA signs MD5 and SHA-1 together, without DigestInfo (RFC 4346 §7.4.3); others sign
   * SHA-1 (RFC 8422 §5.4). In TLS 1.2 SHA-1 for both, if the client sent no signature_algorithms (RFC 5246 §7.4.1.4.1).
   */
  readonly implied: { readonly rsa: 'md5-sha1' | 'sha1'; readonly ecdsa: 'sha1' };
}

/** The profile of a version that was agreed, TLS 1.0 to 1.2. */
export function profileOf(version: number): Profile {
  const profile = profiles.find((each) => each.version === version);
  if (profile === undefined) throw new InternalError(`no profile of version ${version}`);
  return profile;
}

/** Whether the version may negotiate a suite: AEADs and most MACs with SHA-2 came with TLS 1.2. */
export function allowsSuite(profile: Profile, suite: Suite12): boolean {
  return suite.minVersion <= profile.version;
}

const profiles: readonly Profile[] = [
  {
    version: protocolVersions.tls12,
    recordVersion: protocolVersions.tls12,
    prf: 'suite',
    iv: 'explicit',
    signs: { hasSchemeField: true, implied: { rsa: 'sha1', ecdsa: 'sha1' } },
  },
  {
    version: protocolVersions.tls11,
    recordVersion: protocolVersions.tls11,
    prf: 'md5-sha1',
    iv: 'explicit',
    signs: { hasSchemeField: false, implied: { rsa: 'md5-sha1', ecdsa: 'sha1' } },
  },
  {
    version: protocolVersions.tls10,
    recordVersion: protocolVersions.tls10,
    prf: 'md5-sha1',
    iv: 'chained',
    signs: { hasSchemeField: false, implied: { rsa: 'md5-sha1', ecdsa: 'sha1' } },
  },
];
