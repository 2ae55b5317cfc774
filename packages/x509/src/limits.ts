/** Every bound of this package: unit, value and reason. A certificate beyond one of them is refused, not cut. */

/** Bytes of one certificate. Web certificates have 1–8 KiB; those with a thousand names stay below 64 KiB. */
export const maxCertificateBytes = 131_072;

/** Nesting of DER elements that are looked into. X.509 itself needs 11 (a directoryName in a constraint). */
export const maxDerDepth = 24;

/** Extensions of one certificate. Seen in the wild: up to 20. */
export const maxExtensions = 64;

/** Attributes of one distinguished name. Seen in the wild: up to 20. */
export const maxNameAttributes = 128;

/**
 * Characters of one attribute of a name that is not plain ASCII (RFC 5280 appendix A.1: names of organisations and
 * people have at most 64). Normalising takes the square of a run of combining marks: 48,000 of them a second.
 */
export const maxUnicodeValueCharacters = 1_024;

/** Entries of one GeneralNames or one list of subtrees. Large content networks have put 2,000 names in one certificate. */
export const maxGeneralNames = 4_096;

/** Purposes, and arcs of one object identifier: both need a handful. */
export const maxKeyPurposes = 64;
export const maxObjectIdentifierBytes = 128;

/** Policies, or mappings, of one certificate (OpenSSL has no bound, Windows 300), and qualifiers of one policy. */
export const maxPolicies = 1_024;
export const maxPolicyQualifiers = 16;

/** Octets of a serial number (RFC 5280 §4.1.2.2), without the zero octet that keeps a large one positive. */
export const maxSerialNumberBytes = 20;

/** Characters of one PEM input: room for a system's whole bundle of roots (about 220 KiB), ten times over. */
export const maxPemCharacters = 4_194_304;

/** Certificates that a peer may present; more are refused before any is parsed. OpenSSL's default bound is 100 KiB in all. */
export const maxPresentedCertificates = 128;

/** Certificates between leaf and trust anchor. The longest public chains have 3. */
export const defaultMaxIntermediates = 10;

/** Signatures checked for one peer (rustls-webpki has 100 too); a real chain needs 2–4. */
export const defaultMaxSignatureChecks = 100;

/** Candidate issuers looked at for one peer, whether or not their signature was checked. */
export const defaultMaxCandidates = 2_000;

/** Comparisons of a name with a constraint for one peer (rustls-webpki: 250,000). */
export const defaultMaxNameComparisons = 250_000;

/** Parsed certificates that a `CertificateCache` keeps; at about 10 KiB each. */
export const defaultCachedCertificates = 256;

/** From now to the end of a delegated credential: 7 days, where no application profile says otherwise (RFC 9345 §3). */
export const defaultMaxDelegationSeconds = 604_800;

/** RSA moduli below this are refused (CA/Browser Forum Baseline Requirements §6.1.5). */
export const defaultMinRsaBits = 2_048;

/** Bytes of a container of keys and certificates: a system's whole bundle of roots (about 160 KiB), fifty times over. */
export const maxContainerBytes = 8_388_608;

/** Nesting of BER elements in PKCS #7 and #12; files of other tools have 12. */
export const maxBerDepth = 32;

/** Certificates, revocation lists and other entries of one container. */
export const maxContainerEntries = 10_000;

/** Private keys of one container: each is made ready for use, which takes up to milliseconds. */
export const maxContainerKeys = 256;

/** Comparisons of key identifiers while certificates of one container are put in order; afterwards chains end where they are. */
export const maxChainComparisons = 100_000;

/**
 * Iterations that one encrypted file may ask for. A PKCS #12 file of GnuTLS 3.7 with a key and two certificates takes
 * 6,000,000 by the derivation of PKCS #12; three derivations of OWASP's 1,300,000 (PBKDF2 with SHA-1, 2023) fit as well.
 */
export const defaultMaxIterations = 10_000_000;

/** Memory that one encrypted file may ask for, in bytes: scrypt with N = 2^17 and r = 8, which takes 128 MiB, and room. */
export const defaultMaxScryptBytes = 167_772_160;

/** Salt of a derivation, in bytes: 8 to 64 are in use. */
export const maxSaltBytes = 1_024;

/** Iterations of PBKDF2 and of PKCS #12's own derivation in files that we write (OWASP 2023: PBKDF2 with SHA-256). */
export const defaultIterations = 600_000;

/** Bytes of a number among Diffie-Hellman parameters: 16,384 bits; providers take 8,192. */
export const maxDhBytes = 2_048;

/** Attributes of one certificate request, and values of one attribute: two of each are in use. */
export const maxRequestAttributes = 64;

/** Bytes of one CRL. The largest public ones have 30 MB; in PEM they must fit `maxPemCharacters`. */
export const maxCrlBytes = 67_108_864;

/** Distribution points of one certificate; more than a handful make no sense. */
export const maxDistributionPoints = 64;

/** How far the clock of a CA or an OCSP responder may be from ours; `openssl ocsp` has the same. */
export const defaultClockSkewSeconds = 300;

/** Signatures of CRLs, OCSP responses and their signers checked for one chain; each certificate needs one or two. */
export const maxRevocationSignatureChecks = 100;

/** Bytes of one OCSP response, its certificates included. Those of public CAs have 0.5 to 4 KiB. */
export const maxOcspResponseBytes = 262_144;

/** Bytes of one OCSP request, certificates of whoever signs it included. One about one certificate has 70 to 120. */
export const maxOcspRequestBytes = 65_536;

/** Algorithms that a request may prefer; a handful exist. */
export const maxPreferredAlgorithms = 64;

/** Characters of the address of a request that goes with GET, scheme and host included (RFC 9919 §6). */
export const maxOcspGetCharacters = 255;

/** Answers in one OCSP response, and certificates beside them; public CAs send one of each. */
export const maxOcspEntries = 1_024;
export const maxOcspCertificates = 16;

/** How long an OCSP response that does not say until when it holds is taken, in seconds: a day. */
export const defaultMaxOcspAgeSeconds = 86_400;

/** Bytes of a nonce: at least 1, at most 128 (RFC 9654 §2.1); older responders take 32 at most. */
export const maxNonceBytes = 128;
