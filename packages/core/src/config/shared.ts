import { ownOnly } from './own-only.ts';
import { nativeEntropy, type Entropy } from '../crypto/entropy.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import type { ApplicationSettings } from '../machine/application-settings.ts';
import type { VersionModule } from '../machine/step.ts';
import type { NamedGroup } from '../registry/groups.ts';
import { pskKeyExchangeModes, type PskKeyExchangeMode } from '../registry/psk-key-exchange-modes.ts';
import type { SignatureScheme } from '../registry/signature-schemes.ts';
import type { CipherSuite } from '../registry/suites13.ts';
import type { CertificateTypeName, Credential } from '../values/credential.ts';
import type { ExternalPsk } from '../values/external-psk.ts';
import type { Answers } from './answers.ts';
import {
  checkedCompression,
  type CertificateCompression,
  type CertificateCompressionOptions,
} from './certificate-compression.ts';
import { arrayOr, registered, requireNumber, spelt } from './checks.ts';
import { checkedCertificateTypes, checkedCredential } from './credentials.ts';
import { checkedDelegatedSchemes } from './delegated-credentials.ts';
import {
  checkedRenegotiation,
  checkedUnwanted,
  type AcceptRenegotiation,
  type RenegotiationLimits,
  type UnwantedRenegotiation,
} from './renegotiation.ts';
import { recordConfig, recordOptionNames, type RecordConfig, type RecordOptions } from './records.ts';
import { checkedCustomExtensions, type CustomExtension } from './custom-extensions.ts';
import { checkedContext, checkedExternalPsk, checkedPskMode } from './pre-shared-keys.ts';
import { defaultGroups } from './defaults.ts';
import { checkedSchemes, inProvider } from './signature-schemes.ts';

/** In which of our messages an extra extension stands; SH12 is the ServerHello of TLS 1.2 and older. */
export type OwnMessage = 'CH' | 'SH' | 'SH12' | 'HRR' | 'EE' | 'CR' | 'CT';

/** An extension of the caller's own, opaque to us. One whose type we also send ourselves replaces ours. */
export interface ExtraExtension {
  readonly in: OwnMessage;
  readonly type: number;
  readonly data: Uint8Array;
}

/** What both sides can be told. Everything but `provider` has a default. */
export interface SharedOptions extends RecordOptions {
  readonly provider: CryptoProvider;
  /** Where randomness comes from; the provider's own generator unless a test scripts it. */
  readonly entropy?: Entropy;
  /**
   * TLS versions, as modules: `tls13`, and `tls12`, `tls11`, `tls10` of `@sealwire/core/tls12`. Default: TLS 1.3 and 1.2, of
   * the entry `@sealwire/core/tls13` TLS 1.3 alone; where `cipherSuites` is given, those of them that it has suites of.
   */
  readonly versions?: readonly VersionModule[];
  /** Offered or accepted suites, most wanted first. Default: those of each version's `defaultCipherSuites` that the provider has. */
  readonly cipherSuites?: readonly CipherSuite[];
  /**
   * Key-exchange groups, most wanted first. Default: those of `defaultGroups` that the provider has. secp256k1 and Brainpool's
   * (RFC 7027) are for TLS 1.2 and older.
   */
  readonly groups?: readonly NamedGroup[];
  /**
   * SignatureSchemes that the peer may use, most wanted first: in CertificateVerify those that may stand there,
   * in certificates all. Default: those of `defaultSignatureSchemes` that the provider has and that are for the versions spoken.
   */
  readonly signatureSchemes?: readonly SignatureScheme[];
  /** SignatureSchemes accepted in certificates where they differ from the above (signature_algorithms_cert). */
  readonly certificateSignatureSchemes?: readonly SignatureScheme[];
  /** Our certificates; the default answer to `selectCertificate` takes the first that fits. */
  readonly credentials?: readonly Credential[];
  /**
   * What we take from the peer as a certificate, most wanted first: `x509`, `rawPublicKey` (RFC 7250). Default: `x509`
   * alone. Whoever answers `verifyPeer` must know what to make of it.
   */
  readonly peerCertificateTypes?: readonly CertificateTypeName[];
  /**
   * Take delegated credentials of the peer (RFC 9345): with its certificate it may send a key that was signed with the
   * certificate's and is valid for a week at most. A list names the SignatureSchemes that such keys may sign with, most
   * wanted first; true: those of `signatureSchemes` that RFC 9345 §4 allows. Whoever answers `verifyPeer` must check
   * them, as `createVerifier` of `@sealwire/x509` does. Default false.
   */
  readonly acceptDelegatedCredentials?: boolean | readonly SignatureScheme[];
  /** Certificate compression (RFC 8879). Default: ours goes compressed to whoever reads it so, the peer's is not asked for. */
  readonly certificateCompression?: CertificateCompressionOptions;
  /** ALPN protocol names (RFC 7301), most wanted first; each 1 to 255 bytes, one character a byte. */
  readonly alpnProtocols?: readonly string[];
  /**
   * TLS 1.3: settings of application protocols, exchanged in the handshake (draft-vvv-tls-alps-01): what `applicationSettings` of
   * `@sealwire/core/alps` makes. Those of a protocol that `alpnProtocols` does not name mean nothing. Default: none.
   */
  readonly applicationSettings?: ApplicationSettings;
  /**
   * TLS 1.2 and older: names for NPN (draft-agl-tls-nextprotoneg-04), which came before ALPN; each 1 to 255 bytes, one
   * character a byte. A server lists them; a client takes the first of the server's that is here, or if there is none, the
   * first here. An empty name stands for none: a server does not list it, a client that takes it says that it speaks no
   * protocol. What ALPN agrees on comes first. Default: none, and NPN is not spoken.
   */
  readonly npnProtocols?: readonly string[];
  /** DER distinguished names of the authorities that we trust, as a hint to the peer (RFC 9846 §4.3.4). */
  readonly certificateAuthorities?: readonly Uint8Array[];
  /** Extensions as bytes, in our messages whatever the peer has asked: for tests and for looking like somebody else. */
  readonly extraExtensions?: readonly ExtraExtension[];
  /** Extensions of the application's own, sent and received by the rules of RFC 9846 §4.3. */
  readonly customExtensions?: readonly CustomExtension[];
  /**
   * Send reserved values that mean nothing (RFC 8701): a client in every list of its ClientHello and as
   * extensions, a server in CertificateRequest and NewSessionTicket. Keeps peers able to step over what they do not
   * know, and makes a client look more like a browser. Default false: it costs bytes, and a broken peer then is the
   * caller's trouble.
   */
  readonly grease?: boolean;
  /**
   * How pre-shared keys may be used (RFC 9846 §4.3.9), most wanted first; empty: not at all, and nothing is ever
   * resumed. Default psk_dhe_ke alone: with a key exchange, for forward secrecy.
   */
  readonly pskModes?: readonly PskKeyExchangeMode[];
  /** External pre-shared keys, most wanted first; the default answer to `lookupPsk`. */
  readonly externalPsks?: readonly ExternalPsk[];
  /**
   * Bytes that differ where what is trusted differs, up to 255. A session is resumed only where they are the same: give
   * each configuration its own if several share their sessions or tickets. Default empty.
   */
  readonly sessionContext?: Uint8Array;
  readonly answers?: Answers;
  readonly limits?: Partial<Limits>;
  /**
   * Key-log outputs (RFC 9850), those of an encrypted hello among them. Anyone who reads them can decrypt the connection, and
   * read the server name that was hidden. Default false.
   */
  readonly keyLog?: boolean;
  /**
   * TLS 1.2 and older: whether the peer may begin another handshake on the connection (RFC 5246 §7.4.1.1), and how often; in
   * secure renegotiation alone (RFC 5746). After it nothing need be as before: `connected` comes out again, and the facts
   * say who is there now. Default false: it is told `no_renegotiation`, before anybody is asked. `renegotiate` does not need it.
   */
  readonly acceptRenegotiation?: AcceptRenegotiation;
  /**
   * TLS 1.2 and older: what becomes of another handshake that the peer wants to begin and `acceptRenegotiation` does not allow. `warn`:
   * it is told `no_renegotiation`, and the connection goes on. `end`: the connection ends. Default `warn`.
   */
  readonly unwantedRenegotiation?: UnwantedRenegotiation;
  /**
   * TLS 1.2 and older: keep and resume sessions that are without the extended main secret, because one side does not know it. Whoever is between the
   * two can make the sessions of two connections the same then (RFC 7627 §1): nothing above TLS may rely on who resumes one. Default false.
   */
  readonly resumeUnboundSessions?: boolean;
  /**
   * TLS 1.2 and older: offer or accept to encrypt before authenticating, with suites in CBC mode (RFC 7366). False is for peers that
   * get it wrong: the order without it has been attacked again and again. Default true.
   */
  readonly encryptThenMac?: boolean;
  /** Trace outputs. Default false. */
  readonly trace?: boolean;
}

/** `SharedOptions` with every default filled in. */
export interface SharedConfig extends RecordConfig {
  readonly provider: CryptoProvider;
  readonly entropy: Entropy;
  readonly versions: readonly VersionModule[];
  readonly cipherSuites: readonly CipherSuite[];
  readonly groups: readonly NamedGroup[];
  readonly signatureSchemes: readonly SignatureScheme[];
  readonly certificateSignatureSchemes: readonly SignatureScheme[] | undefined;
  readonly credentials: readonly Credential[];
  readonly peerCertificateTypes: readonly CertificateTypeName[];
  /** Schemes of delegated keys; empty: delegated credentials are not taken. */
  readonly acceptDelegatedCredentials: readonly SignatureScheme[];
  readonly certificateCompression: CertificateCompression;
  readonly alpnProtocols: readonly string[];
  readonly applicationSettings: ApplicationSettings | undefined;
  readonly npnProtocols: readonly string[];
  readonly certificateAuthorities: readonly Uint8Array[];
  readonly extraExtensions: readonly ExtraExtension[];
  readonly customExtensions: readonly CustomExtension[];
  readonly grease: boolean;
  readonly pskModes: readonly PskKeyExchangeMode[];
  readonly externalPsks: readonly ExternalPsk[];
  readonly sessionContext: Uint8Array;
  readonly answers: Answers;
  readonly limits: Limits;
  /** Absent: the peer may begin no other handshake. */
  readonly acceptRenegotiation: Required<RenegotiationLimits> | undefined;
  readonly unwantedRenegotiation: UnwantedRenegotiation;
  readonly resumeUnboundSessions: boolean;
  readonly keyLog: boolean;
  readonly encryptThenMac: boolean;
  readonly trace: boolean;
}

/** Fills in defaults and refuses, by `ApiMisuseError`, what could never work. */
export function sharedConfig(options: SharedOptions, side: 'client' | 'server'): SharedConfig {
  const { provider } = options;
  if (typeof provider !== 'object' || provider === null || typeof provider.random !== 'function') {
    throw new ApiMisuseError(
      `${side} options need a provider, for example that of @sealwire/crypto-node or @sealwire/crypto-noble`,
    );
  }
  const versions = arrayOr('versions', options.versions, []);
  if (versions.length === 0) throw new ApiMisuseError(`${side} options need at least one TLS version module`);
  const verified = checkedSchemes(options, versions, side);
  const peerCertificateTypes = checkedCertificateTypes('peerCertificateTypes', options.peerCertificateTypes, [
    'x509',
  ]);
  const foreign = versions.find((version) => typeof version?.supports !== 'function');
  if (foreign !== undefined) {
    throw new ApiMisuseError(`versions must be version modules, for example tls13, got ${spelt(foreign)}`);
  }
  if (versions.some((version) => version[side] === undefined)) {
    throw new ApiMisuseError(`versions must be version modules with a ${side}, for example tls13`);
  }
  return {
    provider,
    entropy: options.entropy ?? nativeEntropy(provider),
    versions,
    cipherSuites: cipherSuites(options, versions, provider),
    groups: groups(options, versions, provider),
    signatureSchemes: verified,
    certificateSignatureSchemes: inProvider(
      'certificateSignatureSchemes',
      options.certificateSignatureSchemes,
      provider,
    ),
    credentials: arrayOr('credentials', options.credentials, []).map((each) =>
      checkedCredential(each, provider),
    ),
    peerCertificateTypes,
    acceptDelegatedCredentials: checkedDelegatedSchemes(
      inProvider('acceptDelegatedCredentials', options.acceptDelegatedCredentials, provider),
      verified,
      peerCertificateTypes,
    ),
    certificateCompression: checkedCompression(options.certificateCompression, provider),
    alpnProtocols: checkedProtocols('ALPN', arrayOr('alpnProtocols', options.alpnProtocols, [])),
    applicationSettings: checkedSettings(options.applicationSettings),
    npnProtocols: checkedProtocols('NPN', arrayOr('npnProtocols', options.npnProtocols, [])),
    certificateAuthorities: arrayOr('certificateAuthorities', options.certificateAuthorities, []),
    ...recordConfig(options),
    customExtensions: checkedCustomExtensions(options.customExtensions),
    extraExtensions: arrayOr('extraExtensions', options.extraExtensions, []),
    grease: options.grease ?? false,
    pskModes: arrayOr('pskModes', options.pskModes, [pskKeyExchangeModes.psk_dhe_ke]).map(checkedPskMode),
    externalPsks: arrayOr('externalPsks', options.externalPsks, []).map(checkedExternalPsk),
    sessionContext: checkedContext(options.sessionContext),
    answers: ownOnly(options.answers ?? {}),
    limits: checkedLimits(options.limits ?? {}),
    acceptRenegotiation: checkedRenegotiation(options.acceptRenegotiation),
    unwantedRenegotiation: checkedUnwanted(options.unwantedRenegotiation),
    resumeUnboundSessions: options.resumeUnboundSessions ?? false,
    keyLog: options.keyLog ?? false,
    encryptThenMac: options.encryptThenMac ?? true,
    trace: options.trace ?? false,
  };
}

function cipherSuites(
  options: SharedOptions,
  versions: readonly VersionModule[],
  provider: CryptoProvider,
): readonly CipherSuite[] {
  const supported = (suite: CipherSuite) => versions.some((version) => version.supports(suite, provider));
  const defaults = versions.flatMap((version) => version.defaultCipherSuites).filter(supported);
  const wanted = arrayOr('cipherSuites', options.cipherSuites ?? [...new Set(defaults)], []);
  const unknown = wanted.find((suite) => !supported(suite));
  if (unknown !== undefined) {
    requireNumber('cipherSuites', 'suites13.TLS_AES_128_GCM_SHA256', unknown);
    throw new ApiMisuseError(
      `cipher suite ${registered(unknown)} is not supported by the versions and provider given`,
    );
  }
  if (wanted.length === 0) throw new ApiMisuseError('cipherSuites must name at least one suite');
  return wanted;
}

function groups(
  options: SharedOptions,
  versions: readonly VersionModule[],
  provider: CryptoProvider,
): readonly NamedGroup[] {
  const supported = (group: NamedGroup) => versions.some((version) => version.supportsGroup(group, provider));
  const wanted = arrayOr('groups', options.groups ?? defaultGroups.filter(supported), []);
  const unknown = wanted.find((group) => !supported(group));
  if (unknown !== undefined) {
    requireNumber('groups', 'namedGroups.x25519', unknown);
    throw new ApiMisuseError(
      `group ${registered(unknown)} is not supported by the versions given and the provider ${provider.name}`,
    );
  }
  if (wanted.length === 0) throw new ApiMisuseError('groups must name at least one group');
  return wanted;
}

function checkedProtocols(kind: 'ALPN' | 'NPN', protocols: readonly string[]): readonly string[] {
  for (const name of protocols) {
    if (kind === 'NPN' && name === '') continue;
    if (!/^[\x00-\xff]{1,255}$/s.test(name)) {
      throw new ApiMisuseError(`an ${kind} protocol name has 1 to 255 bytes, got ${JSON.stringify(name)}`);
    }
  }
  return protocols;
}

function checkedSettings(settings: ApplicationSettings | undefined): ApplicationSettings | undefined {
  if (settings === undefined || typeof settings.offer === 'function') return settings;
  throw new ApiMisuseError(
    `applicationSettings must be what applicationSettings makes, got ${spelt(settings)}`,
  );
}

/** A limit that is no number would be none: every comparison with it is false. */
function checkedLimits(given: Partial<Limits>): Limits {
  const limits: Record<keyof Limits, number> = { ...defaultLimits };
  for (const [name, value] of Object.entries(given) as [keyof Limits, unknown][]) {
    if (!Object.hasOwn(defaultLimits, name)) {
      throw new ApiMisuseError(`limits: expected ${Object.keys(defaultLimits).join(', ')}, got ${name}`);
    }
    if (value === undefined) continue;
    const least = smallestLimits[name] ?? 0;
    const isLimit =
      value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && (value as number) >= least);
    if (!isLimit)
      throw new ApiMisuseError(`limits.${name} must be an integer of at least ${least}, got ${spelt(value)}`);
    limits[name] = value as number;
  }
  return limits;
}

/** Below these nothing could be sent at all: one record under a key is its KeyUpdate. */
const smallestLimits: Partial<Record<keyof Limits, number>> = { recordsPerKey: 2, bytesPerKey: 1 };

/**
 * The names of the options, as the compiler makes sure. A misspelt option would be left out in silence, and with it
 * perhaps a protection.
 */
export const sharedOptionNames: Readonly<Record<keyof SharedOptions, true>> = {
  ...recordOptionNames,
  acceptDelegatedCredentials: true,
  acceptRenegotiation: true,
  alpnProtocols: true,
  answers: true,
  applicationSettings: true,
  certificateAuthorities: true,
  certificateCompression: true,
  certificateSignatureSchemes: true,
  cipherSuites: true,
  credentials: true,
  customExtensions: true,
  encryptThenMac: true,
  entropy: true,
  externalPsks: true,
  extraExtensions: true,
  grease: true,
  groups: true,
  keyLog: true,
  limits: true,
  npnProtocols: true,
  peerCertificateTypes: true,
  provider: true,
  pskModes: true,
  resumeUnboundSessions: true,
  sessionContext: true,
  signatureSchemes: true,
  trace: true,
  unwantedRenegotiation: true,
  versions: true,
};
