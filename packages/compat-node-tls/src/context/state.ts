import type {
  CipherSuite,
  Credential,
  DhParameters,
  NamedGroup,
  SignatureScheme,
  VersionModule,
} from '@sealwire/core';
import type { CrlInput, SecurityLevel, TrustAnchors } from '@sealwire/x509';

/**
 * What a `SecureContext` has been told, in the terms of our own packages. It may still change: `addCACert` and `setTicketKeys` are
 * called on contexts that are in use. `revision` counts the changes, for what is made of it and kept.
 */
export interface ContextState {
  revision: number;
  versions: readonly VersionModule[];
  /** Those of all versions, most wanted first; `undefined`: the defaults of core. */
  cipherSuites: readonly CipherSuite[] | undefined;
  groups: readonly NamedGroup[] | undefined;
  signatureSchemes: readonly SignatureScheme[] | undefined;
  honorCipherOrder: boolean;
  securityLevel: SecurityLevel;
  dhParameters: DhParameters | 'auto' | undefined;
  credentials: Credential[];
  /** Our first certificate and its issuer in DER, for whoever fetches an OCSP response. */
  ownChain?: () => readonly Uint8Array[];
  /** DER of all that `cert` named, for `getCertificate` of the OCSPRequest event. */
  trust: () => TrustAnchors;
  allowPartialTrustChain: boolean;
  crls: CrlInput[];
  sessionIdContext: Uint8Array;
  sessionTimeoutSeconds: number;
  /** 48 bytes. */
  ticketKeys: Uint8Array;
  /** Whether tickets may be sent at all (SSL_OP_NO_TICKET). */
  sendsTickets: boolean;
}
