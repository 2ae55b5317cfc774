import type { SharedConfig } from '../config/shared.ts';
import type { Effect, Renegotiation } from '../machine/step.ts';
import { TlsError } from '../errors/tls-error.ts';
import type { RenegotiationLimits } from '../config/renegotiation.ts';
import { concat, sameBytes } from '../wire/bytes.ts';
import type { Agreed } from './agreed.ts';
import type { Profile } from './profile.ts';

/** What both Finished messages have said, 12 bytes each. */
export interface VerifyData {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** What a handshake leaves for the next one on the same connection (RFC 5746 §3.1). */
export interface Established<C> {
  readonly config: C;
  readonly profile: Profile;
  /** Whether the peer knows secure renegotiation; a server does no other. */
  readonly isSecure: boolean;
  readonly verifyData: VerifyData;
  readonly extendedMainSecret: boolean;
  /** Whether Encrypt-then-MAC was agreed on, in this handshake or an earlier one (RFC 7366 §3.1). */
  readonly hasEncryptedThenMaced: boolean;
  /** What is spoken above TLS; the first handshake has settled it for all (RFC 7301 §3.1). */
  readonly alpnProtocol: string | null;
  /** Client: the certificate that the server has proved itself with, in DER; absent: it had none. */
  readonly serverCertificate: Uint8Array | undefined;
  /** Overwritten when the next handshake has replaced them. */
  readonly secrets: readonly Uint8Array[];
  /** How many handshakes have been completed. */
  readonly count: number;
  /** When the peer has begun one, ms since the epoch. */
  readonly peerBegan: readonly number[];
}

/** The handshake before this one; `undefined`: there was none. */
export function establishedOf<C>(renegotiation: Renegotiation | undefined): Established<C> | undefined {
  return renegotiation?.carry as Established<C> | undefined;
}

/** What renegotiation_info of a ClientHello says (RFC 5746 §3.4, §3.5). */
export function clientInfo(before: Established<unknown> | undefined): Uint8Array {
  return before === undefined ? noBytes : before.verifyData.client;
}

/** What renegotiation_info of a ServerHello says (RFC 5746 §3.6, §3.7). */
export function serverInfo(before: Established<unknown> | undefined): Uint8Array {
  return before === undefined ? noBytes : concat([before.verifyData.client, before.verifyData.server]);
}

/** Refuses a renegotiation_info that does not tie this handshake to the one before it, or to the beginning. */
export function checkInfo(
  info: Uint8Array,
  expected: Uint8Array,
  at: { readonly handshakeMessage: string; readonly first: string; readonly later: string },
): void {
  if (sameBytes(info, expected)) return;
  const { handshakeMessage, first, later } = at;
  const detail = { handshakeMessage, field: 'renegotiation_info' };
  throw expected.length === 0
    ? new TlsError(
        'peer.badRenegotiationInfo',
        `renegotiation_info has ${info.length} bytes in the first handshake of a connection`,
        { ...detail, section: first },
      )
    : new TlsError(
        'peer.badRenegotiationInfo',
        'renegotiation_info does not say what the Finished messages of the handshake before have said',
        { ...detail, section: later },
      );
}

/** What may not change for the worse, whoever selects it. */
export function checkNoWeaker(
  before: Established<unknown> | undefined,
  { extendedMainSecret, encryptThenMac, suite }: Agreed,
  handshakeMessage: string,
): void {
  if (before === undefined) return;
  if (before.extendedMainSecret !== extendedMainSecret) {
    throw changed(
      `extended main secret ${extendedMainSecret ? 'begins' : 'ends'} with a renegotiation`,
      'RFC 7627 §5.4',
      handshakeMessage,
      'extended_main_secret',
    );
  }
  if (before.hasEncryptedThenMaced && suite.cipher.type === 'cbc' && !encryptThenMac) {
    throw changed(
      'a renegotiation goes back from encrypt-then-MAC to MAC-then-encrypt',
      'RFC 7366 §3.1',
      handshakeMessage,
      'encrypt_then_mac',
    );
  }
}

/**
 * RFC 5746 §5 leaves it open whether a server may change its certificate. Where it may, the application has to notice that
 * what it read came from somebody else; ours need not.
 */
export function checkSameServer(
  before: Established<unknown> | undefined,
  certificate: Uint8Array | undefined,
): void {
  const known = before?.serverCertificate;
  if (before === undefined || (known === undefined && certificate === undefined)) return;
  if (known !== undefined && certificate !== undefined && sameBytes(known, certificate)) return;
  throw changed(
    certificate === undefined
      ? 'the server has no certificate any more'
      : 'the server has another certificate than before',
    'RFC 5746 §5',
    'certificate',
    'certificate_list',
  );
}

/** The peer would like to begin another handshake, and may not: it is told, or that was the end (RFC 5246 §7.4.1.1, §7.2.2). */
export function refuseRenegotiation({ unwantedRenegotiation }: Wishes, why: string): Effect {
  if (unwantedRenegotiation === 'warn') return { do: 'warn', alert: 'no_renegotiation' };
  throw new TlsError('local.unwantedRenegotiation', why, { section: 'RFC 5246 §7.4.1.1' });
}

type Wishes = Pick<SharedConfig, 'unwantedRenegotiation'>;

/** Notes that the peer begins another handshake now; refuses one too many. */
export function countPeerBeginning(
  { peerBegan, config }: Established<Wishes>,
  { limit, windowSeconds }: Required<RenegotiationLimits>,
  nowMs: number,
): readonly number[] {
  const recent = peerBegan.filter((at) => nowMs - at < windowSeconds * 1000);
  if (recent.length < limit) return [...recent, nowMs];
  const tooMany = `more than ${limit} renegotiations within ${windowSeconds} s`;
  if (config.unwantedRenegotiation === 'end') refuseRenegotiation(config, tooMany);
  throw new TlsError('peer.tooManyRenegotiations', tooMany, { section: 'RFC 5246 §7.4.1.1' });
}

function changed(message: string, section: string, handshakeMessage: string, field: string): TlsError {
  return new TlsError('peer.changedInRenegotiation', message, { section, handshakeMessage, field });
}

const noBytes = /* @__PURE__ */ new Uint8Array(0);
