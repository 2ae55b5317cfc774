import type { ServerConfig } from '../config/server.ts';
import type { ClientHelloView } from './client-hello-view.ts';
import type { CertificateTypeName, Credential } from './credential.ts';
import type { VerifyPeerAsk, VerifyPeerReply } from './peer-evidence.ts';

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
  /** Both: whether the peer is who it should be, and its public key. */
  readonly verifyPeer: { readonly ask: VerifyPeerAsk; readonly reply: VerifyPeerReply };
  /** Server: the OCSP response to staple, where the client asked for one. */
  readonly fetchStatus: { readonly ask: FetchStatusAsk; readonly reply: FetchStatusReply };
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
      readonly reason: 'unrecognizedName' | 'refused' | 'accessDenied';
      readonly message: string;
      readonly cause?: unknown;
    };

export interface SelectCertificateAsk {
  readonly role: 'client' | 'server';
  /** What the peer takes as a certificate, as far as we know it too; one of them is to be the credential's type. */
  readonly certificateTypes: readonly CertificateTypeName[];
  /** SignatureSchemes that the peer verifies, in its order of preference. */
  readonly signatureSchemes: readonly number[];
  /** SignatureSchemes that the peer accepts in certificates; equal to the above when it did not say. */
  readonly certificateSignatureSchemes: readonly number[];
  /** DER distinguished names of the authorities that the peer named; empty when it named none. */
  readonly certificateAuthorities: readonly Uint8Array[];
  /** Server: the client's SNI. */
  readonly serverName: string | undefined;
}

export type SelectCertificateReply =
  | {
      readonly ok: true;
      /** `undefined`: none fits. A client then sends an empty Certificate, a server gives up. */
      readonly credential: Credential | undefined;
    }
  | { readonly ok: false; readonly message: string; readonly cause?: unknown };

export interface SignAsk {
  readonly credential: Credential;
  /** The SignatureScheme to sign with. */
  readonly scheme: number;
  /** The bytes to sign, whole; not a digest. */
  readonly input: Uint8Array;
}

export type SignReply =
  | { readonly ok: true; readonly signature: Uint8Array }
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
