import { TlsError } from '../../errors/tls-error.ts';
import { keyShareExtension, type KeyShareEntry } from '../../extensions/key-share.ts';
import { checkBinders, preSharedKeyExtension } from '../../extensions/pre-shared-key.ts';
import { pskKeyExchangeModesExtension } from '../../extensions/psk-key-exchange-modes.ts';
import { signatureAlgorithmsExtension } from '../../extensions/signature-algorithms.ts';
import { supportedGroupsExtension } from '../../extensions/supported-groups.ts';
import { preceded, type Move } from '../../machine/define.ts';
import type { Context, ReceivedHello } from '../../machine/step.ts';
import type { ClientHello } from '../../messages/client-hello.ts';
import { selectSuite } from '../../negotiate/suite.ts';
import type { NamedGroup } from '../../registry/groups.ts';
import { protocolVersions } from '../../registry/versions.ts';
import { Transcript } from '../../transcript/transcript.ts';
import { suite13, suitesOver, type Suite13 } from '../suites.ts';
import { checkListedCertificateTypes } from '../../negotiate/certificate-type.ts';
import { checkSecondHello, leftOutIdentities } from './hello-retry.ts';
import { pskMode, seekPsk } from './pre-shared-keys.ts';
import type { Candidate, ServerState } from './states.ts';
import { groupChoice, retry } from './negotiate.ts';

/** A first ClientHello for TLS 1.3: checks it, picks suite and group, goes on or asks for another hello. */
export function onClientHello(received: ReceivedHello, context: Context): Move<ServerState> {
  const { hello, config } = received;
  checkClientHello(hello);
  const suite = negotiatedSuite(received, context);
  const choice = groupChoice(received);
  const candidate: Candidate = {
    received,
    suite,
    group: choice?.needsRetry === false ? (choice.group as NamedGroup) : undefined,
    helloRetried: false,
    leftOut: [],
    before: Transcript.empty,
    raw: received.view.raw,
  };
  if (config.retryCookie !== undefined) return retry(received, suite, context);
  // A client that has no share to our liking may do without one: with a pre-shared key alone.
  return candidate.group === undefined && pskMode(candidate) === undefined
    ? retry(received, suite, context)
    : seekPsk(candidate, context);
}

/** The ClientHello after our HelloRetryRequest; the configuration chosen for the first one stays. */
export function onSecondClientHello(
  state: Extract<ServerState, { at: 'awaitSecondClientHello' }>,
  outer: ClientHello,
  outerContext: Context,
): Move<ServerState> {
  const { first, suite, group } = state;
  const { hello, context, effects } = openedAgain(first, outer, outerContext);
  checkClientHello(hello);
  checkSecondHello(state, hello);
  const received = { ...first, hello };
  const { before, raw } = context;
  const leftOut = leftOutIdentities(first, hello).slice(0, context.limits.pskIdentities);
  const candidate: Candidate = { received, suite, group, helloRetried: true, leftOut, before, raw };
  return preceded(effects, seekPsk(candidate, context));
}

/** Where the first hello was an encrypted one, the second is, too (RFC 9849 §7.1.1); the inner one is hashed. */
function openedAgain({ ech }: ReceivedHello, hello: ClientHello, context: Context) {
  if (ech?.kind !== 'accepted') return { hello, context, effects: [] };
  const inner = ech.receiveAgain(hello, context.raw);
  const after = context.before.append(inner.raw);
  return {
    hello: inner.hello,
    context: { ...context, raw: inner.raw, after },
    effects: [
      // A backend server gets it as it is.
      ...(inner.raw === context.raw
        ? []
        : [{ do: 'innerClientHello', direction: 'received', raw: inner.raw } as const]),
      { do: 'setTranscript', transcript: after } as const,
    ],
  };
}

/** The rules that every ClientHello for TLS 1.3 must keep (RFC 9846 §4.2.2, §4.3.8, §9.2). */
export function checkClientHello(hello: ClientHello): void {
  const at = (field: string, section = 'RFC 9846 §4.2.2') => ({
    section,
    handshakeMessage: 'client_hello',
    field,
  });
  if (hello.legacyVersion !== protocolVersions.tls12) {
    throw new TlsError(
      'peer.illegalLegacyVersion',
      `legacy_version is 0x${hello.legacyVersion.toString(16).padStart(4, '0')} instead of 0x0303`,
      at('legacy_version'),
    );
  }
  if (hello.legacyCompressionMethods.length !== 1 || hello.legacyCompressionMethods[0] !== 0) {
    throw new TlsError(
      'peer.illegalCompressionMethods',
      'legacy_compression_methods must be the null method alone',
      at('legacy_compression_methods'),
    );
  }
  const { extensions } = hello;
  const groups = extensions.get(supportedGroupsExtension);
  const shares = extensions.get(keyShareExtension);
  const missing = (name: string): never => {
    throw new TlsError('peer.missingExtension', `the ClientHello lacks ${name}`, at(name, 'RFC 9846 §9.2'));
  };
  checkBinders(extensions);
  if (extensions.has(preSharedKeyExtension)) {
    // RFC 9846 §4.3.9: one without the other MUST end the handshake.
    if (!extensions.has(pskKeyExchangeModesExtension)) missing('psk_key_exchange_modes');
  } else {
    if (!extensions.has(signatureAlgorithmsExtension)) missing('signature_algorithms');
    if (groups === undefined) missing('supported_groups');
  }
  if (groups !== undefined && shares === undefined) missing('key_share');
  if (groups === undefined && shares !== undefined) missing('supported_groups');
  checkListedCertificateTypes(hello);
  checkGroups(groups ?? []);
  checkKeyShares(groups ?? [], shares ?? []);
}

function checkGroups(groups: readonly NamedGroup[]): void {
  if (new Set(groups).size !== groups.length) {
    throw new TlsError('peer.illegalExtension', 'supported_groups names a group twice', {
      section: 'RFC 9846 §4.3.7',
      handshakeMessage: 'client_hello',
      field: 'supported_groups',
    });
  }
}

/**
 * RFC 9846 §4.3.8: shares of listed groups only, one each. Their order is not held against anybody: servers MAY check
 * it, nothing depends on it, and clients in wide use (rustls) break it when they remember a server's group.
 */
function checkKeyShares(groups: readonly NamedGroup[], shares: readonly KeyShareEntry[]): void {
  const at = { section: 'RFC 9846 §4.3.8', handshakeMessage: 'client_hello', field: 'key_share' };
  // Both lists may be thousands long: looking each share up in the list would take the product of the two.
  const listed = new Set<number>(groups);
  const seen = new Set<number>();
  for (const { group } of shares) {
    if (seen.has(group))
      throw new TlsError('peer.duplicateKeyShare', 'key_share has two shares of one group', at);
    seen.add(group);
    if (!listed.has(group)) {
      throw new TlsError(
        'peer.keyShareOfUnlistedGroup',
        'key_share has a share of a group that supported_groups lacks',
        at,
      );
    }
  }
}

function negotiatedSuite({ hello, config }: ReceivedHello, { carrier }: Context): Suite13 {
  const usable = suitesOver(carrier);
  const ours = config.cipherSuites.filter((id) => usable.some((suite) => suite.id === id));
  const id = selectSuite(ours, hello.cipherSuites, config.cipherSuitePreference);
  const suite = id === undefined ? undefined : suite13(id);
  if (suite === undefined) {
    throw new TlsError(
      'incompatible.cipherSuites',
      'the client offers no TLS 1.3 cipher suite that we take',
      {
        section: 'RFC 9846 §4.2.1',
        handshakeMessage: 'client_hello',
        field: 'cipher_suites',
      },
    );
  }
  return suite;
}
