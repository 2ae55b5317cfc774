import type { ServerConfig } from '../../config/server.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { alpnExtension } from '../../extensions/alpn.ts';
import { ecPointFormatsExtension } from '../../extensions/ec-point-formats.ts';
import { encryptThenMacExtension } from '../../extensions/encrypt-then-mac.ts';
import { nextProtocolNegotiationExtension } from '../../extensions/next-protocol-negotiation.ts';
import { renegotiationInfoExtension } from '../../extensions/renegotiation-info.ts';
import { signatureAlgorithmsExtension } from '../../extensions/signature-algorithms.ts';
import type { Context, ReceivedHello } from '../../machine/step.ts';
import type { ClientHello } from '../../messages/client-hello.ts';
import { selectAlpn } from '../../negotiate/alpn.ts';
import { checkListedCertificateTypes } from '../../negotiate/certificate-type.ts';
import { isUsedIn } from '../../negotiate/external-psk.ts';
import { selectSuite } from '../../negotiate/suite.ts';
import { isHighest } from '../../negotiate/version.ts';
import { pointFormats } from '../../registry/point-formats.ts';
import { dhe, listsFields } from '../key-exchange/dhe.ts';
import type { Agreement } from '../key-exchange/exchange.ts';
import { keyExchangeOf } from '../key-exchange/of-suite.ts';
import type { Credential } from '../../values/credential.ts';
import { allowsSuite, type Profile } from '../profile.ts';
import { checkInfo, clientInfo, establishedOf } from '../renegotiation.ts';
import { signalsFallback, signalsRenegotiation } from '../signals.ts';
import { impliedSchemes, ownSchemes, signsWith } from '../signature-schemes.ts';
import { needsPsk, suite12, type Suite12 } from '../suites.ts';

/** What must hold for a ClientHello that selects TLS 1.2 or below, whatever is negotiated. */
export function checkClientHello(received: ReceivedHello): void {
  const { hello, version, config } = received;
  if (signalsFallback(hello.cipherSuites) && !isHighest(highestOf(config), version)) {
    throw new TlsError(
      'incompatible.inappropriateFallback',
      'the client has fallen back to this version, and both of us speak a later one',
      { ...at('cipher_suites'), section: 'RFC 7507 §3' },
    );
  }
  checkListedCertificateTypes(hello);
  if (!hello.legacyCompressionMethods.includes(0)) {
    throw new TlsError('peer.illegalCompressionMethods', 'compression_methods lack the null method', {
      ...at('compression_methods'),
      section: 'RFC 5246 §7.4.1.2',
    });
  }
  checkRenegotiationInfo(received);
  const formats = hello.extensions.get(ecPointFormatsExtension);
  if (formats !== undefined && !formats.includes(pointFormats.uncompressed)) {
    throw new TlsError('peer.illegalExtension', 'ec_point_formats lacks the uncompressed form', {
      ...at('ec_point_formats'),
      section: 'RFC 8422 §5.1.2',
    });
  }
}

/** RFC 5746 §3.6, §3.7: that this handshake follows the one before it, or that there was none. */
function checkRenegotiationInfo({ hello, renegotiation }: ReceivedHello): void {
  const before = establishedOf(renegotiation);
  const info = hello.extensions.get(renegotiationInfoExtension);
  if (before !== undefined && signalsRenegotiation(hello.cipherSuites)) {
    throw new TlsError(
      'peer.badRenegotiationInfo',
      'the client renegotiates with the signal of a first handshake',
      {
        ...at('cipher_suites'),
        section: 'RFC 5746 §3.7',
      },
    );
  }
  if (before !== undefined && info === undefined) {
    throw new TlsError('peer.badRenegotiationInfo', 'the client renegotiates without renegotiation_info', {
      ...at('renegotiation_info'),
      section: 'RFC 5746 §3.7',
    });
  }
  if (info === undefined) return;
  checkInfo(info, clientInfo(before), {
    handshakeMessage: 'client_hello',
    first: 'RFC 5746 §3.6',
    later: 'RFC 5746 §3.7',
  });
}

/** Whether records of a suite are encrypted before they are authenticated (RFC 7366 §2); what was agreed on once stays (§3.1). */
export function agreesToEncryptThenMac(
  { config, hello, renegotiation }: ReceivedHello,
  { cipher }: Suite12,
): boolean {
  const before = establishedOf(renegotiation);
  const isWanted = config.encryptThenMac || before?.hasEncryptedThenMaced === true;
  return isWanted && hello.extensions.has(encryptThenMacExtension) && cipher.type === 'cbc';
}

/** The suites that both sides have and could use now, in our order, at least one; which of them depends on our certificate. */
export function commonSuites(
  received: ReceivedHello,
  profile: Profile,
  context: Context,
): readonly Suite12[] {
  const { config, hello } = received;
  const known = knownSuites(received, profile);
  const possible = known.filter((suite) => agreementOf(suite)?.isPossible(config, hello, context) ?? true);
  if (possible.length > 0) return possible;
  // What is left would have been possible in some group.
  throw known.some((suite) => agreementOf(suite) === dhe) && listsFields(hello)
    ? noCommonField()
    : noCommonSuite();
}

/** Without a look at groups. */
function knownSuites({ config, hello }: ReceivedHello, profile: Profile): readonly Suite12[] {
  return config.cipherSuites.flatMap((id) => {
    const suite = suite12(id);
    if (suite === undefined || !allowsSuite(profile, suite) || !hello.cipherSuites.includes(id)) return [];
    // Who has a key or is anonymous is asked for no certificate (RFC 4279 §2, §4, RFC 5246 §7.4.4).
    if (config.clientAuthentication === 'require' && (needsPsk(suite) || suite.authentication === 'anon'))
      return [];
    return needsPsk(suite) && !mayKnowPsk(config) ? [] : [suite];
  });
}

/** The key exchange of a suite, or the one beside its pre-shared key, where that needs a group. */
function agreementOf(suite: Suite12): Agreement | undefined {
  const exchange = keyExchangeOf(suite);
  const other = exchange.kind === 'preShared' ? exchange.other : exchange;
  return other?.kind === 'agreement' ? other : undefined;
}

/** Whether there is any key, or somebody to ask for one. */
function mayKnowPsk({ externalPsks, answers }: ServerConfig): boolean {
  return answers.lookupPsk !== undefined || externalPsks.some((each) => isUsedIn(each, 'tls12'));
}

/** The schemes that the client verifies, as far as one of these suites signs with such a key. */
export function clientSchemes(
  hello: ClientHello,
  profile: Profile,
  suites: readonly Suite12[],
): readonly number[] {
  const listed = profile.signs.hasSchemeField
    ? hello.extensions.get(signatureAlgorithmsExtension)
    : undefined;
  return (listed ?? impliedSchemes(profile)).filter((scheme) =>
    suites.some((suite) => signsFor(scheme, suite)),
  );
}

/** The suite for a credential that signs with `scheme`, or decrypts with the same key. */
export function suiteFor(
  { config, hello }: ReceivedHello,
  suites: readonly Suite12[],
  credential: Credential,
  scheme: number,
): Suite12 {
  const ours = suites.filter((suite) => {
    if (!signsFor(scheme, suite)) return false;
    return !isTransport(suite) || decrypts(credential);
  });
  const id = selectSuite(
    ours.map((suite) => suite.id),
    hello.cipherSuites,
    config.cipherSuitePreference,
  );
  const suite = ours.find((each) => each.id === id);
  if (suite === undefined) throw noCommonSuite();
  return suite;
}

/** Whether the client encrypts its premaster secret to the key of our certificate, which signs nothing. */
export function isTransport(suite: Suite12): boolean {
  const exchange = keyExchangeOf(suite);
  const { kind } = exchange.kind === 'preShared' ? (exchange.other ?? exchange) : exchange;
  return kind === 'transport';
}

/** Whether keys of the scheme's kind stand in the certificates of the suite. */
function signsFor(scheme: number, { authentication }: Suite12): boolean {
  return (authentication === 'rsa' || authentication === 'ecdsa') && signsWith(scheme, authentication);
}

/** Whether its key may decrypt: keys for RSASSA-PSS alone may not (RFC 4055 §1.2). */
function decrypts(credential: Credential): boolean {
  if (ownSchemes(credential).kind !== 'rsa') return false;
  return credential.key === 'external' || credential.key.decryptPkcs1 !== undefined;
}

/** What would be chosen if we had a certificate for everything; `undefined`: there is nothing to choose from. */
export function favourite({ config, hello }: ReceivedHello, suites: readonly Suite12[]): Suite12 | undefined {
  const ids = suites.map(({ id }) => id);
  const id = selectSuite(ids, hello.cipherSuites, config.cipherSuitePreference);
  return suites.find((suite) => suite.id === id);
}

export function noCommonSuite(): TlsError {
  return new TlsError('incompatible.cipherSuites', 'the client offers no cipher suite that we take', {
    ...at('cipher_suites'),
    section: 'RFC 5246 §7.4.1.3',
  });
}

/** RFC 7919 §4: "the server MUST end the connection with a fatal TLS alert of type insufficient_security(71)". */
function noCommonField(): TlsError {
  return new TlsError(
    'incompatible.dhGroups',
    'the client lists finite fields, none of them ours, and no cipher suite that we take does without',
    { ...at('supported_groups'), section: 'RFC 7919 §4' },
  );
}

/** The highest version that we speak: above the one agreed on where the client has asked for less. */
export function highestOf({ versions }: ReceivedHello['config']): number {
  return Math.max(...versions.flatMap((module) => module.versions));
}

/** In a renegotiation the one that is spoken, whatever the client offers: it "establish[es] properties of […] the connection" (RFC 7301 §3.1). */
export function negotiatedProtocol({ config, hello, renegotiation }: ReceivedHello): string | null {
  const before = establishedOf(renegotiation);
  if (before !== undefined) return before.alpnProtocol;
  const choice = selectAlpn(config.alpnProtocols, hello.extensions.get(alpnExtension));
  if (choice.kind === 'selected') return choice.protocol;
  if (choice.kind === 'none') return null;
  const ours = config.alpnProtocols.join(', ');
  throw new TlsError('incompatible.alpn', `the client offers no application protocol that we take: ${ours}`, {
    ...at('application_layer_protocol_negotiation'),
    section: 'RFC 7301 §3.2',
  });
}

/** What we list for NPN: not where ALPN has settled it, and not in a renegotiation (draft-agl-tls-nextprotoneg-04 §3). */
export function nextProtocolsFor(
  { config, hello, renegotiation }: ReceivedHello,
  alpnProtocol: string | null,
): readonly string[] | undefined {
  const { npnProtocols } = config;
  if (npnProtocols.length === 0 || alpnProtocol !== null || renegotiation !== undefined) return undefined;
  if (!hello.extensions.has(nextProtocolNegotiationExtension)) return undefined;
  return npnProtocols.filter((name) => name !== '');
}

const at = (field: string) => ({ handshakeMessage: 'client_hello', field });
