import type { Surveyed } from './survey.ts';

/**
 * The parts of the table that are scored. `all`: every test of TLS over TCP. `scope`: without what nobody but Google
 * ships, and without policies that are no protocol. `core`: without raw public keys, Encrypted Client Hello, imported
 * pre-shared keys and renegotiation, too. `quic`: every test of TLS for QUIC; `quic protocol`: without policies; `quic scope`: with
 * the cuts of `scope`.
 */
export type Scope = 'all' | 'scope' | 'core' | 'quic' | 'quic protocol' | 'quic scope';

export const scopes: readonly Scope[] = ['all', 'scope', 'core', 'quic', 'quic protocol', 'quic scope'];

export function isIn(scope: Scope, test: Surveyed): boolean {
  if (test.flags.has('dtls') || test.flags.has('quic') !== scope.startsWith('quic')) return false;
  return !cuts[scope].flat().some((is) => is(test));
}

type Rule = (test: Surveyed) => boolean;

const flagged =
  (...names: readonly string[]): Rule =>
  ({ flags }) =>
    names.some((name) => flags.has(name));
const named =
  (pattern: RegExp): Rule =>
  ({ name }) =>
    pattern.test(name);

/** Presets of versions, suites and groups. */
const policies: readonly Rule[] = [
  flagged('fips-202205', 'wpa-202304', 'cnsa-202407', 'cnsa1-202603', 'cnsa2-202603'),
];

const beyondScope: readonly Rule[] = [
  // Extensions of one vendor, or given up.
  flagged('enable-channel-id', 'send-channel-id', 'expect-channel-id'),
  named(/ChannelID|ALPS|NPN|PAKE|TrustAnchor|TicketFlags/),
  flagged('application-settings', 'expect-peer-application-settings', 'defer-alps', 'alps-use-new-codepoint'),
  flagged('advertise-npn', 'select-next-proto', 'expect-next-proto', 'advertise-empty-npn'),
  flagged('select-empty-next-proto', 'expect-no-next-proto'),
  flagged('request-server-padding', 'server-supports-padding'),
  flagged('resumption-across-names-enabled', 'expect-resumable-across-names'),
  flagged('expect-not-resumable-across-names'),
  flagged('new-delegated-credential', 'false-start', 'psk', 'psk-identity', 'srtp-profiles'),
  named(/DelegatedCred|FalseStart|SRTP/),
  // What no provider has, and code points of drafts.
  named(/ML-DSA|_LEGACY/),
  // Ways of one library, and of one of its users.
  named(/JDK11/),
  flagged('retain-only-sha256-client-cert', 'expect-sha256-client-cert', 'install-ddos-callback'),
];

const beyondCore: readonly Rule[] = [
  flagged('new-rpk-credential', 'accepted-peer-cert-types', 'available-client-cert-types'),
  flagged('expect-peer-certificate-type', 'expect-peer-rpk-sha256'),
  named(/ECH/),
  ({ flags }) => [...flags].some((flag) => flag.includes('ech-')),
  flagged('new-psk-credential'),
  flagged('renegotiate-freely', 'renegotiate-once', 'renegotiate-ignore', 'renegotiate-explicit'),
  flagged('forbid-renegotiation-after-handshake', 'expect-total-renegotiations'),
  named(/Renegotiat/),
];

/** Another transport, another format, another program. */
const beyondTcp: readonly Rule[] = [named(/QUIC|V2ClientHello|HintMismatch/)];

const cuts: Readonly<Record<Scope, readonly (readonly Rule[])[]>> = {
  all: [],
  scope: [policies, beyondScope, beyondTcp],
  core: [policies, beyondScope, beyondTcp, beyondCore],
  quic: [],
  'quic protocol': [policies],
  'quic scope': [policies, beyondScope],
};
