import {
  ApiMisuseError,
  type ChooseSessionAsk,
  type ChooseSessionReply,
  decodeSession,
  encodeSession,
  type Session,
} from '@sealwire/core';
import { bytesToHex } from '@noble/hashes/utils.js';
import { sameBytes } from './bytes.ts';
import { fingerprintOf } from './fingerprint.ts';
import { MemoryStore } from './memory-store.ts';
import { type Awaitable, listener, orElse, type SessionStore, whenThere } from './store.ts';
import { ownOptions } from './own-options.ts';

export interface ClientSessionsOptions {
  /** Default a `MemoryStore` of this object alone. */
  readonly store?: SessionStore;
  /** How many tickets of TLS 1.3 are kept for one host; the oldest make room. 1 to 64, default 8. */
  readonly perHost?: number;
  /** Told of what a store could not do; the connection goes on without resuming. */
  readonly onFailure?: (error: unknown) => void;
}

export interface ForClientOptions {
  /**
   * Stands for all functions and objects with a class among the options (`decide.verifyPeer`, `TrustAnchors`, keys, …), which
   * otherwise count as the same only if they are the same object. Say it where you make them anew for each connection, or share
   * a store with other processes, and change it whenever they would judge otherwise.
   */
  readonly label?: string;
  /** Where the connection goes, for options that do not say it by `host`, `port` or `path`, as those of `secure`. */
  readonly endpoint?: string;
}

/** What of a client's options is read. */
interface ResumingClient {
  readonly sessions?: unknown;
  readonly sessionContext?: Uint8Array;
  readonly decide?: object;
  readonly onSession?: (session: Session, ...more: never[]) => void;
  readonly onSessionInvalid?: (name: InvalidName, ...more: never[]) => void;
}

/** `ticket` or `sessionId` of a session that must not be resumed any more, whichever it has. */
export type InvalidName = Pick<Session, 'sessionId'> & Partial<Pick<Session, 'ticket'>>;

/** What a client is told and asked about sessions with one host. */
export interface HostSessions {
  /** An answer to the decision `chooseSession`. */
  chooseSession(ask: Pick<ChooseSessionAsk, 'renegotiation' | 'nowMs'>): Awaitable<ChooseSessionReply>;
  onSession(session: Session): void;
  onSessionInvalid(name: InvalidName): void;
}

/**
 * Sessions of a client, found again for the next connection to the same host. A ticket of TLS 1.3 is given out once (RFC 9846
 * §C.4); the session of TLS 1.2 or older as often as it is good for. None outlives its lifetime, and none crosses to a
 * connection that is told another server, or to trust, offer or present anything else.
 */
export class ClientSessions {
  readonly #store: SessionStore;
  readonly #perHost: number;
  readonly #onFailure: (error: unknown) => void;

  constructor(options: ClientSessionsOptions = {}) {
    const {
      store = new MemoryStore(),
      perHost = 8,
      onFailure,
    } = ownOptions('ClientSessions', options, {
      store: true,
      perHost: true,
      onFailure: true,
    });
    if (!Number.isSafeInteger(perHost) || perHost < 1 || perHost > 64)
      throw new ApiMisuseError(`perHost must be an integer from 1 to 64, got ${String(perHost)}`);
    if (typeof store?.get !== 'function') throw new ApiMisuseError('store must be a SessionStore');
    this.#store = store;
    this.#perHost = perHost;
    this.#onFailure = listener(onFailure);
  }

  /**
   * These options of `connect` or `secure`, with sessions: `connect(cache.for({ host, port, roots }))`. They are resumed by
   * connections of the same options alone; what has nothing to do with whom we talk to and trust, such as timeouts and `onTrace`, does
   * not count. `ApiMisuseError` for options that have `sessions` or `decide.chooseSession` already.
   */
  for<const O extends object>(options: O, { label, endpoint }: ForClientOptions = {}): O {
    const { sessions, decide = {}, onSession, onSessionInvalid } = options as ResumingClient;
    if (sessions !== undefined || 'chooseSession' in decide)
      throw new ApiMisuseError('sessions and decide.chooseSession exclude a cache of sessions');
    const sessionContext = fingerprintOf(options, { ignored, label, endpoint });
    const host = this.at(bytesToHex(sessionContext));
    return {
      ...options,
      sessionContext,
      decide: { ...decide, chooseSession: (ask: ChooseSessionAsk) => host.chooseSession(ask) },
      onSession: (session: Session, ...more: never[]) => {
        host.onSession(session);
        onSession?.(session, ...more);
      },
      onSessionInvalid: (name: InvalidName, ...more: never[]) => {
        host.onSessionInvalid(name);
        onSessionInvalid?.(name, ...more);
      },
    };
  }

  /**
   * The sessions that are kept under a name of yours, which stands for the server and for everything that is trusted, offered and
   * presented there; up to 100 characters. For those who use `@sealwire/core` itself: `answers: { chooseSession }`.
   */
  at(name: string): HostSessions {
    if (typeof name !== 'string' || !/^[!-~]{1,100}$/.test(name))
      throw new ApiMisuseError('expected a name of 1 to 100 characters of ASCII, without spaces');
    return {
      chooseSession: (ask) => this.#choose(name, ask),
      onSession: (session) => this.#keep(name, session),
      onSessionInvalid: (invalid) => this.#drop(name, invalid),
    };
  }

  #choose(
    host: string,
    { renegotiation, nowMs }: Pick<ChooseSessionAsk, 'renegotiation' | 'nowMs'>,
  ): Awaitable<ChooseSessionReply> {
    // Who renegotiates wants to prove something anew.
    if (renegotiation > 0) return { ok: true, sessions: [] };
    return whenThere(this.#take(host, nowMs, this.#perHost), (ticket) =>
      whenThere(this.#older(host, nowMs), (older) => ({
        ok: true,
        sessions: [ticket, older].filter((session) => session !== undefined),
      })),
    );
  }

  /** The newest ticket of TLS 1.3 that is still good; those before it on the list are gone for good. */
  #take(host: string, nowMs: number, tries: number): Awaitable<Session | undefined> {
    return whenThere(
      this.#attempt(() => this.#store.pop(tickets(host))),
      (bytes) => {
        if (bytes === undefined) return undefined;
        const session = freshSession(bytes, nowMs);
        return session !== undefined || tries <= 1 ? session : this.#take(host, nowMs, tries - 1);
      },
    );
  }

  #older(host: string, nowMs: number): Awaitable<Session | undefined> {
    return whenThere(
      this.#attempt(() => this.#store.get(older(host))),
      (bytes) => (bytes === undefined ? undefined : freshSession(bytes, nowMs)),
    );
  }

  #keep(host: string, session: Session): void {
    const ttlMs = leftMs(session, session.issuedAtMs);
    if (ttlMs <= 0) return;
    void this.#attempt(() => {
      const bytes = encodeSession(session);
      const done = () => void bytes.fill(0);
      const kept =
        session.version === tls13
          ? this.#store.push(tickets(host), bytes, ttlMs, this.#perHost)
          : this.#store.set(older(host), bytes, ttlMs);
      return whenThere(kept, done);
    });
  }

  /** Another session may have taken its place meanwhile, which stays. */
  #drop(host: string, { sessionId, ticket }: InvalidName): void {
    void this.#attempt(() =>
      whenThere(this.#store.get(older(host)), (bytes) => {
        const kept = bytes === undefined ? undefined : decodeSession(bytes);
        if (kept === undefined || !(isSame(kept.sessionId, sessionId) || isSame(kept.ticket, ticket))) return;
        return whenThere(this.#store.delete(older(host)), () => undefined);
      }),
    );
  }

  #attempt<T>(run: () => Awaitable<T>): Awaitable<T | undefined> {
    return orElse<T | undefined>(run, (error) => {
      this.#onFailure(error);
      return undefined;
    });
  }
}

/** For how long a session may still be offered, in ms (RFC 9846 §4.7.1). */
export function leftMs({ issuedAtMs, startedAtMs, lifetimeSeconds }: Session, nowMs: number): number {
  const lifetimeMs = Math.min(lifetimeSeconds * 1000, weekMs);
  return Math.min(issuedAtMs + lifetimeMs, startedAtMs + weekMs) - nowMs;
}

function freshSession(bytes: Uint8Array, nowMs: number): Session | undefined {
  const session = decodeSession(bytes);
  bytes.fill(0);
  return session !== undefined && leftMs(session, nowMs) > 0 ? session : undefined;
}

function isSame(kept: Uint8Array | undefined, named: Uint8Array | undefined): boolean {
  return kept !== undefined && named !== undefined && kept.length > 0 && sameBytes(kept, named);
}

/** The list of tickets that are good for one connection each. */
const tickets = (host: string) => `client-tickets:${host}`;
const older = (host: string) => `client-session:${host}`;

/** Options that say nothing of whom we talk to, whom we trust, and who we are. The key is that of `certificate`. */
const ignored: ReadonlySet<string> = new Set([
  'entropy',
  'externalPsks',
  'handshakeTimeoutMs',
  'idleTimeoutMs',
  'keyLog',
  'limits',
  'onKeyLog',
  'onSession',
  'onSessionInvalid',
  'onTrace',
  'privateKey',
  'provider',
  'sendEarlyData',
  'signal',
  'socket',
  'trace',
  'truncation',
  'versions',
]);

const tls13 = 0x0304;
const weekMs = 604_800_000;
