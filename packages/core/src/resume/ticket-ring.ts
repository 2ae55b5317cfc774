import { ownOptions } from '../config/option-names.ts';
import type { CryptoProvider, RandomSource } from '../crypto/provider.ts';
import { ApiMisuseError } from '../errors/tls-error.ts';
import type {
  OpenTicketAsk,
  OpenTicketReply,
  SealTicketAsk,
  SealTicketReply,
  Session,
  TicketKeeper,
} from '../values/session.ts';
import { equalSecrets } from '../crypto/constant-time.ts';
import { concat, copyOf, sameBytes } from '../wire/bytes.ts';
import { decodeSession, encodeSession } from './session-codec.ts';

/** A key of a ring: 16 bytes of public name, 32 bytes of secret, and since when it seals. */
export interface TicketKey {
  readonly name: Uint8Array;
  readonly secret: Uint8Array;
  /** ms since the epoch. A key of the future only opens until then, so that all who share it know it before anybody seals with it. */
  readonly createdAtMs: number;
}

export interface TicketRingOptions {
  readonly provider: CryptoProvider;
  /** Where new keys come from; default the provider's generator. */
  readonly random?: RandomSource;
  /** Keys to begin with, for several processes that share tickets; the newest seals. Default: one is drawn when needed. */
  readonly keys?: readonly TicketKey[];
  /** How long a key seals, in ms. Default 12 hours. `Infinity`: rotation is the caller's, with `replaceKeys`. */
  readonly sealForMs?: number;
  /** How long it still opens after that, in ms; at least the lifetime of tickets. Default 12 hours. */
  readonly openForMs?: number;
  /** How many tickets a key seals here before a new one is drawn. Default 2^32: far below what HMAC-SHA-256 bears. */
  readonly maxTicketsPerKey?: number;
}

const optionNames: Readonly<Record<keyof TicketRingOptions, true>> = {
  provider: true,
  random: true,
  keys: true,
  sealForMs: true,
  openForMs: true,
  maxTicketsPerKey: true,
};

/**
 * Tickets that hold their session, sealed under keys that only this ring knows (RFC 5077 §4 in spirit, with an AEAD):
 * the server keeps nothing. Keys rotate: the newest seals, older ones open until their time is over. Whoever steals
 * a key can read the sessions it sealed, so keys are forgotten as soon as they may be.
 *
 * A ticket is `name (16) ‖ salt (32) ‖ AES-256-GCM(session)`, under a key derived from the ring's key and the salt
 * alone, so that no nonce ever repeats however many tickets one key seals.
 */
export class TicketRing implements TicketKeeper {
  readonly #provider: CryptoProvider;
  readonly #random: RandomSource;
  readonly #sealForMs: number;
  readonly #openForMs: number;
  readonly #maxTicketsPerKey: number;
  /** Newest first. */
  #keys: readonly OwnKey[] = [];
  #hasGivenKeys = false;

  constructor(given: TicketRingOptions) {
    const options = ownOptions('TicketRing', given, optionNames);
    const {
      provider,
      sealForMs = 12 * hourMs,
      openForMs = 12 * hourMs,
      maxTicketsPerKey = 2 ** 32,
    } = options;
    if (provider?.aeads?.['aes-256-gcm'] === undefined || provider.hashes.sha256 === undefined) {
      throw new ApiMisuseError('a TicketRing needs a provider that has AES-256-GCM and SHA-256');
    }
    for (const [name, ms] of Object.entries({ sealForMs, openForMs })) {
      if (typeof ms !== 'number' || !(ms > 0))
        throw new ApiMisuseError(`${name} must be more than 0 ms, got ${ms}`);
    }
    if (!Number.isSafeInteger(maxTicketsPerKey) || maxTicketsPerKey < 1)
      throw new ApiMisuseError(`maxTicketsPerKey must be an integer of at least 1, got ${maxTicketsPerKey}`);
    this.#maxTicketsPerKey = maxTicketsPerKey;
    this.#provider = provider;
    this.#random = options.random ?? ((length) => provider.random(length));
    this.#sealForMs = sealForMs;
    this.#openForMs = openForMs;
    this.replaceKeys(options.keys ?? []);
  }

  /** True until keys come from elsewhere. */
  get opensOnlyOwn(): boolean {
    return !this.#hasGivenKeys;
  }

  /** Copies of the keys, newest first, for another process. They are secrets. */
  get keys(): readonly TicketKey[] {
    return this.#keys.map(copyOfKey);
  }

  /** Uses these keys from now on: the newest of those whose time has come seals, all open. Others are wiped. */
  replaceKeys(keys: readonly TicketKey[]): void {
    if (keys.length > 0) this.#hasGivenKeys = true;
    const before = this.#keys;
    const sealed = (key: TicketKey) => before.find(({ name }) => sameBytes(name, key.name))?.sealed ?? 0;
    this.#keys = ordered(keys).map((key) => ({ ...key, sealed: sealed(key) }));
    for (const { secret } of before) secret.fill(0);
  }

  /** Forgets every key: no ticket of before opens any more. */
  clear(): void {
    this.replaceKeys([]);
  }

  /** Refuses a session that does not fit: a verdict that is no plain data, certificates beyond 64 KiB. */
  sealTicket({ session, random, nowMs }: SealTicketAsk): SealTicketReply {
    if (random.length !== saltBytes)
      throw new ApiMisuseError(`sealTicket expects ${saltBytes} random bytes, got ${random.length}`);
    const plain = this.#encoded(session);
    if (typeof plain === 'string') return { ok: false, message: plain };
    const key = this.#sealingKey(nowMs);
    const header = concat([key.name, random]);
    key.sealed += 1;
    const aead = this.#ticketKey(key, random);
    const ticket = concat([header, ...aead.seal(zeroNonce, header, [plain])]);
    aead.wipe();
    plain.fill(0);
    if (ticket.length > maxTicketBytes) {
      return { ok: false, message: `a ticket of ${ticket.length} bytes, of which ${maxTicketBytes} fit` };
    }
    return { ok: true, ticket };
  }

  openTicket({ identities, nowMs }: Pick<OpenTicketAsk, 'identities' | 'nowMs'>): OpenTicketReply {
    this.#forget(nowMs);
    for (const [index, identity] of identities.entries()) {
      const key = this.#keyOf(identity);
      const session = key === undefined ? undefined : this.#open(key, identity);
      // What still opens, and seals no longer: the client had better get another before its time is over.
      if (session !== undefined)
        return { ok: true, found: { index, session, renew: key !== this.#sealing(nowMs) } };
    }
    return { ok: true };
  }

  /** The session's bytes, or why it has none: the application's verdict is no reason to end a connection. */
  #encoded(session: Session): Uint8Array | string {
    try {
      return encodeSession(session);
    } catch (error) {
      if (error instanceof ApiMisuseError) return error.message;
      throw error;
    }
  }

  /** Names are public; all are looked at, nevertheless, so that the time tells nothing of which keys there are. */
  #keyOf(ticket: Uint8Array): OwnKey | undefined {
    const name = ticket.subarray(0, nameBytes);
    let found: OwnKey | undefined;
    for (const key of this.#keys) if (equalSecrets(key.name, name)) found = key;
    return found;
  }

  #open(key: OwnKey, ticket: Uint8Array): Session | undefined {
    const header = ticket.subarray(0, nameBytes + saltBytes);
    const aead = this.#ticketKey(key, header.subarray(nameBytes));
    const plain = aead.open(zeroNonce, header, ticket.subarray(header.length));
    aead.wipe();
    const session = plain === undefined ? undefined : decodeSession(plain);
    plain?.fill(0);
    return session;
  }

  #sealing(nowMs: number): OwnKey | undefined {
    const newest = this.#keys.find(({ createdAtMs }) => createdAtMs <= nowMs);
    if (newest === undefined || nowMs >= newest.createdAtMs + this.#sealForMs) return undefined;
    return newest.sealed < this.#maxTicketsPerKey ? newest : undefined;
  }

  /** The newest key whose time has come, or a new one where that has sealed long enough. */
  #sealingKey(nowMs: number): OwnKey {
    this.#forget(nowMs);
    const newest = this.#sealing(nowMs);
    if (newest !== undefined) return newest;
    const drawn = this.#random(nameBytes + secretBytes);
    const [name, secret] = [drawn.subarray(0, nameBytes), drawn.subarray(nameBytes)];
    const key = { ...copyOfKey({ name, secret, createdAtMs: nowMs }), sealed: 0 };
    drawn.fill(0);
    // Stable: of the same time, what was drawn last comes first.
    this.#keys = [key, ...this.#keys].sort((a, b) => b.createdAtMs - a.createdAtMs);
    return key;
  }

  /** Keys that open nothing any more. */
  #forget(nowMs: number): void {
    const isOver = ({ createdAtMs }: OwnKey) => nowMs >= createdAtMs + this.#sealForMs + this.#openForMs;
    if (!this.#keys.some(isOver)) return;
    for (const key of this.#keys) if (isOver(key)) key.secret.fill(0);
    this.#keys = this.#keys.filter((key) => !isOver(key));
  }

  #ticketKey({ secret }: TicketKey, salt: Uint8Array) {
    const derived = this.#provider.hashes.sha256!.hmac(secret, [salt]);
    const aead = this.#provider.aeads['aes-256-gcm']!.key(derived);
    derived.fill(0);
    return aead;
  }
}

/** In memory of its own, and how many tickets it has sealed here. */
interface OwnKey extends TicketKey {
  sealed: number;
}

function ordered(keys: readonly TicketKey[]): readonly OwnKey[] {
  for (const key of keys) {
    if (key?.name?.length !== nameBytes || key.secret?.length !== secretBytes || !(key.createdAtMs >= 0)) {
      throw new ApiMisuseError(
        `a ticket key is { name: ${nameBytes} bytes, secret: ${secretBytes} bytes, createdAtMs }`,
      );
    }
  }
  return keys.map((key) => ({ ...copyOfKey(key), sealed: 0 })).sort((a, b) => b.createdAtMs - a.createdAtMs);
}

function copyOfKey({ name, secret, createdAtMs }: TicketKey): TicketKey {
  return { name: copyOf(name), secret: copyOf(secret), createdAtMs };
}

const hourMs = 3_600_000;
const nameBytes = 16;
const secretBytes = 32;
const saltBytes = 32;
/** `opaque ticket<1..2^16-1>` (RFC 9846 §4.7.1). */
const maxTicketBytes = 65_535;
/** Each key seals once. */
const zeroNonce = /* @__PURE__ */ new Uint8Array(12);
