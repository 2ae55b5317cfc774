import type { ClientConfig } from '../config/client.ts';
import type { ServerConfig } from '../config/server.ts';
import type { Flight } from '../machine/flight.ts';
import type { CertificateRequest } from '../messages/certificate-request.ts';
import type { SignatureScheme } from '../registry/signature-schemes.ts';
import type { Transcript } from '../transcript/transcript.ts';
import type { CertificateTypeName } from '../values/credential.ts';

/**
 * What both sides keep after the handshake for authenticating the client later (RFC 9846 §4.7.2), where the client has
 * offered it.
 */
interface Authentication {
  /** ClientHello to the client's Finished: what every request is appended to (RFC 9846 §4.5). */
  readonly transcript: Transcript;
}

export interface ClientAuthentication extends Authentication {
  readonly config: ClientConfig;
  readonly certificateTypes: readonly CertificateTypeName[];
  /** Contexts of requests, in Latin-1: each may come once. The latest only, so that a peer cannot fill memory. */
  readonly seen: readonly string[];
  /** The number of the next task. */
  readonly next: number;
  readonly open: ReadonlyMap<number, OpenAuthentication>;
}

/** A request that waits for the application: which certificate, then its signature. */
export type OpenAuthentication = { readonly request: CertificateRequest } & (
  | { readonly awaits: 'certificate'; readonly transcript: Transcript }
  | { readonly awaits: 'signature'; readonly flight: Flight; readonly scheme: SignatureScheme }
);

export interface ServerAuthentication extends Authentication {
  readonly config: ServerConfig;
  readonly certificateType: CertificateTypeName;
  /** Unanswered requests, by their context in hexadecimal. */
  readonly open: ReadonlyMap<string, SentRequest>;
}

export interface SentRequest {
  /** What `requestClientAuth` returned. */
  readonly id: number;
  /** Whether a client without a certificate is refused. */
  readonly isRequired: boolean;
  readonly request: CertificateRequest;
  readonly raw: Uint8Array;
}
