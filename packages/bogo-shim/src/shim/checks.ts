import { readFileSync } from 'node:fs';
import { alertDescriptions, type AlertName, type Facts, type Session, type TraceEvent } from '@sealwire/core';
import { parsePem } from '@sealwire/x509';
import type { Flags } from '../flags/table.ts';
import { checkSettings } from './application-settings.ts';
import type { Attempt } from './attempt.ts';
import { hasServerPadding, isForAllNames } from './custom-extensions.ts';
import { joinTimestamps } from './credentials.ts';
import { earlyDataReason } from './early-data-reason.ts';
import { ExpectationFailed } from './failure.ts';
import type { FirstFacts } from './memory.ts';
import { selectedPsk } from './pre-shared-keys.ts';

/**
 * What must be true once the handshake is done, as far as the flags say, and some things that must be true always: a
 * session is resumed exactly where that is expected, and a peer has shown a certificate exactly where it had to.
 */
export function checkHandshake(attempt: Attempt): void {
  const { flags, observed, isResume } = attempt;
  const { facts } = attempt.endpoint.connection;
  for (const failure of observed.failures) throw new ExpectationFailed(failure);
  const expectsResumption = isResume && !flags['expect-session-miss'];
  same('resumed', facts.resumed ?? false, expectsResumption);
  checkParameters(flags, withEarlier(attempt, facts));
  checkPeer(flags, facts, facts.resumed === true ? attempt.memory.first : undefined);
  const parameters = flags['expect-quic-transport-params'];
  if (parameters !== undefined)
    same('transport parameters', hex(facts.peerTransportParameters), hex(parameters));
  same('ALPN', facts.alpnProtocol ?? '', (flags.server ? flags['select-alpn'] : flags['expect-alpn']) ?? '');
  checkSettings(flags, facts);
  same('padding of the server', hasServerPadding(facts), flags['expect-server-sent-requested-padding']);
  if (flags['expect-next-proto'] !== undefined) same('NPN', facts.npnProtocol, flags['expect-next-proto']);
  if (flags['expect-no-next-proto']) same('NPN', facts.npnProtocol ?? '', '');
  if (flags['expect-server-name'] !== undefined) same('SNI', facts.serverName, flags['expect-server-name']);
  if (flags['expect-selected-credential'] !== undefined)
    same(
      'credential',
      selectedPsk(flags, facts) ?? observed.selectedCredential,
      flags['expect-selected-credential'],
    );
  const skew = flags['expect-ticket-age-skew'];
  if (skew !== undefined && isResume)
    same('ticket age skew', Math.round((facts.ticketAgeSkewMs ?? 0) / -1000), skew);
  // A server with no key has decrypted nothing: it was told by somebody who has.
  const decrypts = !flags.server || flags['ech-server-config'] !== undefined;
  same('encrypted hello', decrypts && facts.encryptedClientHello === 'accepted', flags['expect-ech-accept']);
  checkCertificateTypes(attempt);
  if (!isResume && flags['expect-session-id']) same('sessions stored', observed.storedSessions > 0, true);
  if (!isResume && flags['expect-no-session-id']) same('sessions stored', observed.storedSessions > 0, false);
  checkEarlyData(attempt, facts);
  if (facts.resumed !== true) attempt.memory.first = facts;
}

/**
 * The runner's library keeps with a session what its first handshake had, and shows it for all that resume it. Facts
 * are of one handshake: what the resumed one has none of is taken from the first.
 */
function withEarlier({ memory }: Attempt, facts: Facts): Known {
  const { version, cipherSuite, helloRetried, extendedMainSecret, secureRenegotiation } = facts;
  const { group, peerSignatureScheme } = facts;
  const first = facts.resumed ? memory.first : undefined;
  return {
    version,
    cipherSuite,
    helloRetried,
    extendedMainSecret,
    secureRenegotiation,
    group: group ?? first?.group,
    peerSignatureScheme: peerSignatureScheme ?? first?.peerSignatureScheme,
  };
}

interface Known extends FirstFacts {
  readonly version: number | undefined;
  readonly cipherSuite: number | undefined;
  readonly helloRetried: boolean | undefined;
  readonly extendedMainSecret: boolean | undefined;
  readonly secureRenegotiation: boolean | undefined;
}

function checkParameters(flags: Flags, facts: Known): void {
  const expectations = [
    ['version', facts.version, flags['expect-version']],
    ['cipher suite', facts.cipherSuite, flags['expect-cipher']],
    // The provider uses the AES of the machine.
    ['cipher suite', facts.cipherSuite, flags['expect-cipher-aes']],
    ['group', facts.group, flags['expect-curve-id']],
    ["scheme of the peer's signature", facts.peerSignatureScheme, flags['expect-peer-signature-algorithm']],
  ] as const;
  for (const [what, got, expected] of expectations) if (expected) same(what, got, expected);
  if (flags['expect-hrr']) same('HelloRetryRequest', facts.helloRetried, true);
  if (flags['expect-extended-master-secret'])
    same('extended main secret', facts.version === 0x0304 || facts.extendedMainSecret === true, true);
  // TLS 1.3 has no other renegotiation than none.
  const isSecure = facts.version === 0x0304 || facts.secureRenegotiation === true;
  if (flags['expect-secure-renegotiation']) same('secure renegotiation', isSecure, true);
  if (flags['expect-no-secure-renegotiation']) same('secure renegotiation', isSecure, false);
  if (flags['expect-no-hrr']) same('HelloRetryRequest', facts.helloRetried ?? false, false);
}

function checkPeer(flags: Flags, facts: Facts, first: FirstFacts | undefined): void {
  const { peerEvidence } = facts;
  const hasPsk = (facts.externalPskIdentity ?? first?.externalPskIdentity) !== undefined;
  const chain = peerEvidence?.type === 'x509' ? peerEvidence.chain : [];
  const type = peerEvidence?.type === 'rawPublicKey' ? 2 : 0;
  const expectedType = flags['expect-peer-certificate-type'];
  if (expectedType !== undefined) same('type of certificate', type, expectedType);
  if (flags['expect-no-peer-cert'] || hasPsk || flags.psk || flags['expect-peer-rpk-sha256'] !== undefined)
    same('certificates of the peer', chain.length, 0);
  else if (!flags.server || flags['require-any-client-certificate'])
    same('a certificate of the peer', chain.length > 0, true);
  if (flags['expect-verify-result'])
    same('result of verification', facts.peerVerdict ?? 'passed', flags['verify-fail'] ? 'failed' : 'passed');
  const file = flags['expect-peer-cert-file'];
  if (file !== undefined) {
    const expected = parsePem(readFileSync(file, 'utf8')).map(({ der }) => hex(der));
    same("the peer's chain", chain.map(({ certificate }) => hex(certificate)).join(), expected.join());
  }
  const response = flags['expect-ocsp-response'];
  if (response !== undefined && response.length > 0)
    same('OCSP response', hex(chain[0]?.ocspResponse), hex(response));
  const timestamps = flags['expect-signed-cert-timestamps'];
  if (timestamps !== undefined && timestamps.length > 0)
    same('timestamps', hex(joinTimestamps(chain[0]?.signedCertificateTimestamps ?? [])), hex(timestamps));
}

/** `certificate_types` of CertificateRequest (RFC 5246 §7.4.4), which says less than the schemes behind it. */
function checkCertificateTypes({ flags, endpoint }: Attempt): void {
  const expected = flags['expect-certificate-types'];
  if (expected === undefined) return;
  const request = endpoint.trace.find(
    (event) => event.what === 'handshake' && event.direction === 'received' && event.raw[0] === 13,
  );
  const raw = request?.what === 'handshake' ? request.raw : new Uint8Array(5);
  same('types of certificates', hex(raw.subarray(5, 5 + raw[4]!)), hex(expected));
}

function checkEarlyData(attempt: Attempt, facts: Facts): void {
  const { flags, endpoint, isResume, isRetry } = attempt;
  if (flags['expect-accept-early-data']) same('0-RTT data', facts.earlyData, 'accepted');
  if (flags['expect-reject-early-data']) same('0-RTT data accepted', facts.earlyData === 'accepted', false);
  if (flags['expect-no-offer-early-data'] && !flags.server && isResume && !isRetry)
    same(
      '0-RTT data offered',
      facts.earlyData ?? (endpoint.earlyDataWasRejected ? 'rejected' : undefined),
      undefined,
    );
  const reason = flags['expect-early-data-reason'];
  if (reason !== undefined)
    same('reason for the fate of 0-RTT data', earlyDataReason(attempt, facts), reason);
}

/** What a client was given to resume with: at the end of the handshake, or in TLS 1.3 at any time. */
export function checkSessions({ flags, endpoint, offered }: Attempt): void {
  if (flags.server) return;
  const { facts } = endpoint.connection;
  const got = endpoint.sessions.some((session) => nameOf(session) !== nameOf(offered));
  if (facts.version === 0x0304) {
    const expected = !flags['expect-no-session'] && !flags['shim-shuts-down'];
    same('a session for later', got, expected);
    if (!expected) return;
    if (flags['expect-resumable-across-names']) same('flag of tickets', isForAllNames(facts), true);
    if (flags['expect-not-resumable-across-names']) same('flag of tickets', isForAllNames(facts), false);
    const forEarlyData = (endpoint.sessions.at(-1)?.maxEarlyDataBytes ?? 0) > 0;
    same('a session for 0-RTT data', forEarlyData, flags['expect-ticket-supports-early-data']);
    return;
  }
  const isNew = facts.resumed !== true || flags['expect-ticket-renewal'];
  same('a session for later', got, !flags['expect-no-session'] && isNew);
}

/** As many as the runner has asked for, and none unasked. */
export function checkRenegotiations({ flags, endpoint }: Attempt): void {
  const { handshakes } = endpoint.connection.facts;
  same('renegotiations', handshakes - 1, flags['expect-total-renegotiations'] ?? 0);
}

/** What a session is shown by. */
function nameOf(session: Session | undefined): string {
  return `${hex(session?.ticket)} ${hex(session?.sessionId)}`;
}

/** One line for each handshake message, change_cipher_spec and alert, in the runner's words. */
export function checkTrace({ flags, endpoint }: Attempt): void {
  const expected = flags['expect-msg-callback'];
  if (expected === undefined) return;
  // In TLS 1.3 the peer's change_cipher_spec is no message: it is dropped, and the runner's library says nothing of it.
  const isNews = (event: TraceEvent) =>
    event.what !== 'changeCipherSpec' ||
    event.direction === 'sent' ||
    endpoint.connection.facts.version !== 0x0304;
  same('messages', endpoint.trace.filter(isNews).map(lineOf).join(''), expected);
}

function lineOf(event: TraceEvent): string {
  if (event.what === 'record' || event.what === 'keys' || event.what === 'decision') return '';
  const direction = event.direction === 'sent' ? 'write' : 'read';
  switch (event.what) {
    case 'handshake':
      return `${direction} hs ${event.raw[0]}\n`;
    case 'innerClientHello':
      return `${direction} clienthelloinner\n`;
    case 'changeCipherSpec':
      return `${direction} ccs\n`;
    case 'alert':
      return `${direction} alert ${event.level} ${alertDescriptions[event.description as AlertName]}\n`;
  }
}

function same(what: string, got: unknown, expected: unknown): void {
  if (got !== expected)
    throw new ExpectationFailed(`${what}: got ${String(got)}, expected ${String(expected)}`);
}

function hex(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes).toString('hex');
}
