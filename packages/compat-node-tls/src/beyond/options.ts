import type { AcceptEarlyDataAsk, ClientHelloView } from '@sealwire/core';
import type { SecureContext } from 'node:tls';
import type { CertificateRequest, PeerToVerify, SigningRequest } from './asks.ts';

/**
 * What this package can do that `node:tls` cannot: the option `sealwire` of `tls.connect`, `tls.createServer`, `new tls.TLSSocket`,
 * `tls.createSecureContext` and `server.addContext`. The builtin ignores an option of this name, and whatever it gets in future
 * releases will not collide with what stands inside. Unlike outside of it, a name in here that means nothing throws
 * `ApiMisuseError`: misspelt, it would leave out a check in silence.
 *
 * Functions may answer at once or by a promise. While a connection waits for an answer it reads nothing and the handshake stands
 * still, under the time limit of the handshake (`handshakeTimeoutMs`; on servers also Node's `handshakeTimeout`). A function that
 * throws or whose promise rejects ends the handshake: the peer gets an alert, and the socket ends by that very error. When an
 * answer is no longer wanted, the `signal` that was passed is aborted, and what comes then is ignored.
 */
export interface SealwireContextOptions {
  /**
   * Certificates that are trusted as well, PEM: added to those of `ca`, or where that is absent to the default ones, which `ca` in
   * Node can only replace. On a server their names also stand in its CertificateRequest, as those of `ca` do. What is no PEM of
   * certificates is refused.
   */
  readonly additionalCa?: string | Uint8Array | readonly (string | Uint8Array)[];
  /**
   * Signs for those of `cert` that have no `key` here, as a key in an HSM or of a KMS does; `cert` must then be given without its
   * `key`. Returns the signature: of RSA and EdDSA the bare bytes, of ECDSA the DER of ECDSA-Sig-Value. Key exchange by RSA
   * (`kRSA`, before TLS 1.3) does not work with such a key, since that decrypts.
   */
  readonly sign?: (request: SigningRequest) => Uint8Array | PromiseLike<Uint8Array>;
  /**
   * What `sign` can do, by names of SignatureScheme (RFC 9846 §4.3.3), for example `['rsa_pss_rsae_sha256']`, most wanted first.
   * Default: all that fit the key and `sigalgs` allows. Before TLS 1.3 RSA keys sign by PKCS #1 where the client knows nothing else.
   */
  readonly signatureSchemes?: readonly string[];
  /** The option `certificateCompression` of Node 26, on every Node: `zlib`, `brotli`, `zstd` (RFC 8879), most wanted first. */
  readonly certificateCompression?: readonly string[];
  /**
   * Server: whether clients that this context serves, by its name in `addContext`, by `SNICallback` or `onClientHello`, are asked for a
   * certificate. In place of the server's own `requestCert`; one that says nothing leaves that as it is. Where it is true, sessions are
   * resumed only with who trusts the same authorities.
   */
  readonly requestCert?: boolean;
  /** Server: the same for `rejectUnauthorized`. */
  readonly rejectUnauthorized?: boolean;
  /**
   * Warn, by `process.emitWarning` with the code `SEALWIRE_UNKNOWN_OPTION`, of options beside `sealwire` that mean nothing to `tls`,
   * `net` or `http`, once for each name, with the name that was perhaps meant. Default: only with `SEALWIRE_WARN_UNKNOWN=1` in
   * the environment. Libraries pass objects through to `tls` that hold what is theirs: a drop-in that warned of it
   * unasked would be noise on the stderr of applications that work.
   */
  readonly warnUnknown?: boolean;
}

interface SealwireSocketOptions extends SealwireContextOptions {
  /**
   * Judges the peer beside the built-in verification, whose finding is `peer.problem`; called for each certificate that is presented,
   * and again when its session is resumed. `undefined`: that finding stands. `true`: the peer is all right, whatever was found (on
   * a client the name is still compared, by `checkServerIdentity`). `false` or an Error: it is not. Then, unless
   * `rejectUnauthorized` is false, the handshake ends with an alert, before anything is sent to such a peer; else
   * `authorizationError` tells. An error whose `code` is one of Node's for certificates (`CERT_REVOKED`, …) has its alert; one that is
   * thrown without that says that nobody could judge (internal_error).
   */
  readonly verify?: (peer: PeerToVerify) => Judgement | PromiseLike<Judgement>;
  /** The handshake must be complete so many ms after its beginning, or the socket ends with `ERR_TLS_HANDSHAKE_TIMEOUT`. Default: no limit on clients; Node's `handshakeTimeout` on servers, which counts silence alone. */
  readonly handshakeTimeoutMs?: number;
}

/** What `verify` returns; see there. */
export type Judgement = boolean | Error | undefined | null;

export interface SealwireClientOptions extends SealwireSocketOptions {
  /**
   * The server has asked for a certificate: with which context to answer, of which its certificates and `sign` count alone. `undefined`:
   * with the connection's own; `null`: with none.
   */
  readonly selectCertificate?: (request: CertificateRequest) => ContextAnswer | PromiseLike<ContextAnswer>;
  /** Let the server ask for our certificate later, too (RFC 9846 §4.7.2; `socket.sealwire.requestCertificate` there). Default false. */
  readonly postHandshakeAuth?: boolean;
  /**
   * 0-RTT data (RFC 9846 §2.3): sent with the first flight, where the option `session` allows it. **Whoever sees it can send it again**,
   * and it has no forward secrecy: it must be something that may happen twice. `socket.sealwire.earlyDataTaken` says after
   * `secureConnect` how many bytes the server took; the rest is the application's to write, if that is safe.
   */
  readonly earlyData?: Uint8Array;
}

type ContextAnswer = SecureContext | undefined | null;

export interface SealwireServerOptions extends SealwireSocketOptions {
  /**
   * Sees a ClientHello before anybody else is asked, each one, and may decide what the connection becomes; what it leaves out is
   * decided as in Node. Throwing refuses the client (handshake_failure).
   */
  readonly onClientHello?: (hello: SeenHello) => HelloDecisions | PromiseLike<HelloDecisions>;
  /**
   * Keep the sessions of TLS 1.3 outside: tickets are names of 32 bytes, `newSession` is told name and session, and `resumeSession`
   * is asked for the session of a name, where the builtin has it only asked before TLS 1.3. Needs listeners of both. A name can
   * be read off the wire by onlookers: who asks for it has not yet proved to know the session's secret, so that a
   * store should not forget it for having been asked. Default false.
   */
  readonly storeSessions?: boolean;
  /**
   * Take 0-RTT data (RFC 9846 §2.3, §8) of up to so many bytes a connection, 1 to 2^32-1. It comes as the first bytes that are read
   * (`socket.sealwire.earlyDataReceived` of them), once the handshake is complete. A ClientHello that was seen before, or is older
   * than 10 s, is refused **by this process** (which takes none in its first 10 s where `ticketKeys` are given); who shares `ticketKeys` with others shares its tickets with them, and a copy of the
   * hello sent there is taken there. There `acceptEarlyData` must ask a memory that all share. In workers of `cluster`, which share
   * their keys by themselves, none is taken without it. Default: none.
   */
  readonly maxEarlyData?: number;
  /**
   * Has the last word on 0-RTT data that this process has not seen before: `true` takes it. `replayKey` is the same for every copy of a
   * ClientHello, and must be remembered until `expiresAtMs`. Failing refuses the 0-RTT data alone, which the client then sends anew.
   */
  readonly acceptEarlyData?: (
    ask: AcceptEarlyDataAsk & { readonly signal: AbortSignal },
  ) => boolean | PromiseLike<boolean>;
}

/** A ClientHello. Lists are in the client's order, numbers those of IANA's registries. */
export interface SeenHello extends ClientHelloView {
  /** 0 for the first handshake of a connection. */
  readonly renegotiation: number;
  /** The version that will be spoken unless the context changes it, for example 0x0304. */
  readonly version: number;
  readonly signal: AbortSignal;
}

export type HelloDecisions = HelloDecision | undefined | null;

export interface HelloDecision {
  /** Serves the client; `SNICallback` and `addContext` are not asked then. */
  readonly context?: SecureContext | undefined;
  /** In place of what the context and the server say. */
  readonly requestCert?: boolean | undefined;
  readonly rejectUnauthorized?: boolean | undefined;
  /** What is negotiated from, most wanted first; `ALPNCallback` is not asked then. Empty: ALPN is not spoken. */
  readonly ALPNProtocols?: readonly string[] | undefined;
}

/** What any of them may say, as functions see it that serve both sides. */
export type SealwireOptions = SealwireClientOptions & SealwireServerOptions;
