/** A ClientHello as an application sees it when it chooses a configuration. All lists are in the client's order. */
export interface ClientHelloView {
  /** SNI host name, as sent. */
  readonly serverName: string | undefined;
  readonly alpnProtocols: readonly string[];
  /** From supported_versions, or legacy_version alone where that extension is absent. */
  readonly versions: readonly number[];
  readonly cipherSuites: readonly number[];
  readonly groups: readonly number[];
  readonly signatureSchemes: readonly number[];
  readonly certificateSignatureSchemes: readonly number[];
  readonly certificateAuthorities: readonly Uint8Array[];
  readonly sessionId: Uint8Array;
  readonly hasTicket: boolean;
  readonly hasPreSharedKey: boolean;
  /** Types of all extensions, in the order of the wire. */
  readonly extensionTypes: readonly number[];
  /** All extensions, known and unknown, in the order of the wire; `data` is a view of `raw`. */
  readonly extensions: readonly { readonly type: number; readonly data: Uint8Array }[];
  /** The whole handshake message, header included. */
  readonly raw: Uint8Array;
}
