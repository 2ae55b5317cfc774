import type { ServerConfig } from '../config/server.ts';
import type { AlertName } from '../errors/alerts.ts';
import type { SignatureAlgorithm } from '../crypto/provider.ts';
import type { ClientHelloView } from './client-hello-view.ts';
import type { CertificateTypeName, Credential, Delegation } from './credential.ts';
import type { LookupPskAsk, LookupPskReply } from './external-psk.ts';
import type { VerifyPeerAsk, VerifyPeerReply } from './peer-evidence.ts';
import type {
  LookupSessionAsk,
  LookupSessionReply,
  OpenTicketAsk,
  OpenTicketReply,
  SealTicketAsk,
  SealTicketReply,
  Session,
  StoreSessionAsk,
  StoreSessionReply,
  UseTicketAsk,
  UseTicketReply,
} from './session.ts';

/**
 * Every question that a connection may ask of its application, with what it says and what it wants back.
 * Failure is a reply, never an exception.
 */
export interface DecisionMap {
  /** Server: which configuration serves this ClientHello. Asked for every ClientHello that begins a handshake. */
  readonly chooseConfig: { readonly ask: ChooseConfigAsk; readonly reply: ChooseConfigReply };
  /** Both: which certificate to present. */
  readonly selectCertificate: { readonly ask: SelectCertificateAsk; readonly reply: SelectCertificateReply };
  /** Both: the signature of CertificateVerify. */
  readonly sign: { readonly ask: SignAsk; readonly reply: SignReply };
  /** Server, TLS 1.2 and older: the premaster secret that a client has encrypted to the key of our certificate. */
  readonly decryptPremaster: { readonly ask: DecryptPremasterAsk; readonly reply: DecryptPremasterReply };
  /** Both: whether the peer is who it should be, and its public key. */
  readonly verifyPeer: { readonly ask: VerifyPeerAsk; readonly reply: VerifyPeerReply };
  /** Server: the OCSP response to staple, where the client asked for one. */
  readonly fetchStatus: { readonly ask: FetchStatusAsk; readonly reply: FetchStatusReply };
  /** Client: which sessions to offer. Asked before the ClientHello. */
  readonly chooseSession: { readonly ask: ChooseSessionAsk; readonly reply: ChooseSessionReply };
  /**
   * Both: external pre-shared keys. Asked before the ClientHello (client), when it shows identities that are no tickets,
   * or a ticket that comes of an external key (server): then for that key alone, to hear whether it is still known. In TLS
   * 1.2 and older also in the handshake: when the server's hint is there (client), and for the identity that the
   * client has chosen (server).
   */
  readonly lookupPsk: { readonly ask: LookupPskAsk; readonly reply: LookupPskReply };
  /** Server: the session behind one of the client's tickets. */
  readonly openTicket: { readonly ask: OpenTicketAsk; readonly reply: OpenTicketReply };
  /** Server, TLS 1.3: whether the session behind a ticket may be resumed now, once the client has proved that it knows its secret. */
  readonly useTicket: { readonly ask: UseTicketAsk; readonly reply: UseTicketReply };
  /** Server, TLS 1.2 and older: the session of an id. */
  readonly lookupSession: { readonly ask: LookupSessionAsk; readonly reply: LookupSessionReply };
  /** Server, TLS 1.2 and older: keep a session under its id; the end of the handshake waits for it. */
  readonly storeSession: { readonly ask: StoreSessionAsk; readonly reply: StoreSessionReply };
  /** Server: the ticket for a session. A task in TLS 1.3; in older versions the end of the handshake waits for it. */
  readonly sealTicket: { readonly ask: SealTicketAsk; readonly reply: SealTicketReply };
  /** Server: whether to take 0-RTT data, which may be a replay. */
  readonly acceptEarlyData: { readonly ask: AcceptEarlyDataAsk; readonly reply: AcceptEarlyDataReply };
}

export type DecisionKind = keyof DecisionMap;

/**
 * One question. Byte arrays in `ask` are for reading, and stay as they are: the connection may go on using them, as it
 * does with the peer's evidence. Those in a reply may be kept, not copied: do not change them later.
 *
 * Pass this very object to `Connection.answer` of the connection that asked, exactly once. */
export type Decision = {
  readonly [K in DecisionKind]: {
    readonly kind: K;
    /** Unique within the connection. */
    readonly id: number;
    /** `input`: nothing is read until this is answered. `nothing`: the connection goes on meanwhile. */
    readonly holds: 'input' | 'nothing';
    readonly ask: DecisionMap[K]['ask'];
  };
}[DecisionKind];

export type DecisionOf<K extends DecisionKind> = Extract<Decision, { readonly kind: K }>;

export interface ChooseConfigAsk {
  readonly hello: ClientHelloView;
  /** The version that the present configuration would pick, for example 0x0304. */
  readonly version: number;
  /** 0 for the first handshake of a connection. */
  readonly renegotiation: number;
}

export type ChooseConfigReply =
  | {
      readonly ok: true;
      /**
       * Absent: go on with the present configuration. Its credentials and `answers` take the place of the present
       * ones, as does all that is negotiated; `provider`, `entropy`, `limits`, `keyLog`, `trace` and what concerns
       * the protection of records (`recordPadding`, `requestKeyUpdates`) stay.
       */
      readonly config?: ServerConfig;
    }
  | {
      readonly ok: false;
      /** `noRenegotiation`: only this handshake is refused, by a warning, and the connection goes on as it is; in the first one as `refused`. */
      readonly reason: 'unrecognizedName' | 'refused' | 'accessDenied' | 'noRenegotiation';
      readonly message: string;
      /** The alert in place of the one that `reason` stands for. */
      readonly alert?: AlertName | undefined;
      readonly cause?: unknown;
    };

export interface SelectCertificateAsk {
  readonly role: 'client' | 'server';
  /** The version of TLS agreed on, for example 0x0304. */
  readonly version: number;
  /** What the peer takes as a certificate, as far as we know it too; one of them is to be the credential's type. */
  readonly certificateTypes: readonly CertificateTypeName[];
  /** SignatureSchemes that the peer verifies, in its order of preference. */
  readonly signatureSchemes: readonly number[];
  /** SignatureSchemes that the peer accepts in certificates; equal to the above when it did not say. */
  readonly certificateSignatureSchemes: readonly number[];
  /** SignatureSchemes that the peer takes of the keys of delegated credentials (RFC 9345); empty: it takes none. */
  readonly delegatedSignatureSchemes: readonly number[];
  /**
   * Server, TLS 1.2 and older: the NamedGroups that the client lists, one of which the curve of an ECDSA key must be (RFC 8422
   * §5.3). `undefined`: any may.
   */
  readonly groups: readonly number[] | undefined;
  /** DER distinguished names of the authorities that the peer named; empty when it named none. */
  readonly certificateAuthorities: readonly Uint8Array[];
  /** Server: the client's SNI. */
  readonly serverName: string | undefined;
  /** The connection's clock, ms since the epoch. */
  readonly nowMs: number;
}

export type SelectCertificateReply =
  | {
      readonly ok: true;
      /** `undefined`: none fits. A client then sends an empty Certificate, a server gives up. */
      readonly credential: Credential | undefined;
    }
  | {
      readonly ok: false;
      /**
       * `unavailable` (default): nobody could be asked, internal_error. `noneFits`: the connection ends with
       * handshake_failure, also where a client might go on without a certificate.
       */
      readonly reason?: 'unavailable' | 'noneFits';
      readonly message: string;
      readonly cause?: unknown;
    };

export interface SignAsk {
  readonly credential: Credential;
  /** The delegation of `credential` whose key is to sign; absent: its own key is. */
  readonly delegation?: Delegation;
  /** The SignatureScheme to sign with. */
  readonly scheme: number;
  /** What it means in this version of TLS, for the key of `credential` or `delegation`. */
  readonly algorithm: SignatureAlgorithm;
  /** The bytes to sign, whole; not a digest. */
  readonly input: Uint8Array;
}

export type SignReply =
  | { readonly ok: true; readonly signature: Uint8Array }
  | { readonly ok: false; readonly message: string; readonly cause?: unknown };

/**
 * What is wrong with a ciphertext must not be seen from outside, or whoever sees it can decrypt others with our key (RFC
 * 5246 §7.4.7.1). The core goes on in the same way whatever the reply is; that it comes after the same time is up to whoever
 * gives it. `fallback` is for them: `PrivateKey.decryptPkcs1` takes it.
 */
export interface DecryptPremasterAsk {
  readonly credential: Credential;
  /** EncryptedPreMasterSecret as the client sent it, RSAES-PKCS1-v1_5 (RFC 8017 §7.2); of any length. */
  readonly ciphertext: Uint8Array;
  /** 48 random bytes, the same that count where the reply is none or not as long. */
  readonly fallback: Uint8Array;
}

export type DecryptPremasterReply =
  | {
      readonly ok: true;
      /** 48 bytes; with any other length it counts as not decrypted. */
      readonly premaster: Uint8Array;
    }
  | { readonly ok: false; readonly message: string; readonly cause?: unknown };

export interface FetchStatusAsk {
  readonly credential: Credential;
}

export type FetchStatusReply =
  | {
      readonly ok: true;
      /** DER OCSPResponse; absent: staple none. */
      readonly ocspResponse?: Uint8Array;
    }
  | { readonly ok: false; readonly message: string; readonly cause?: unknown };

export interface ChooseSessionAsk {
  /** The SNI that will be sent. */
  readonly serverName: string | undefined;
  /** The name that the server's certificate must carry. */
  readonly expectedName: string | undefined;
  readonly alpnProtocols: readonly string[];
  /** Fingerprint of the configuration; sessions with another `context` are not offered. */
  readonly context: Uint8Array;
  /** 0 for the first handshake of a connection. By default nothing is resumed in another one. */
  readonly renegotiation: number;
  readonly nowMs: number;
}

export type ChooseSessionReply =
  | {
      readonly ok: true;
      /** Most wanted first; the first one's key protects 0-RTT data. Those that cannot be used are left out. */
      readonly sessions: readonly Session[];
    }
  /** As if there were none. */
  | { readonly ok: false; readonly message: string; readonly cause?: unknown };

export interface AcceptEarlyDataAsk {
  /** The session that is resumed; absent with an external key. */
  readonly session: Session | undefined;
  /** Identity of the external key; absent with a session. */
  readonly externalIdentity: Uint8Array | undefined;
  /** By how much the age of the ticket that the client claims differs from ours, in ms; 0 with an external key. */
  readonly ageSkewMs: number;
  /** The same for every replay of this ClientHello, and for no other one: its binder. */
  readonly replayKey: Uint8Array;
  /** Before this time it would have been refused for its age, ms since the epoch; `-Infinity` with an external key. */
  readonly notBeforeMs: number;
  /** From this time on a replay is refused by its age alone, ms since the epoch (`Infinity` with an external key); until then somebody must remember `replayKey`. */
  readonly expiresAtMs: number;
  /** When the ClientHello arrived, ms since the epoch. */
  readonly nowMs: number;
}

export type AcceptEarlyDataReply =
  | { readonly ok: true; readonly accept: boolean }
  /** As if the answer were not to accept. */
  | { readonly ok: false; readonly message: string; readonly cause?: unknown };
