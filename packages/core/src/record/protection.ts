/** What stands inside a protected record. */
export interface OpenedRecord {
  readonly type: number;
  readonly content: Uint8Array;
  /** Bytes of content, type and padding together, which is what size limits count. */
  readonly innerBytes: number;
}

/**
 * Protects and unprotects records under one key and direction. The sequence number comes from the caller and
 * means nothing to it; every number is used once.
 */
export interface RecordProtection {
  /** The most records that may be sealed under this key (RFC 9846 §5.5). */
  readonly recordLimit: number;
  /** Records after which the key should be changed; the KeyUpdate counts as one of them. */
  readonly updateAfter: number;
  /** Header, ciphertext and tag, as pieces to send one after the other. */
  seal(type: number, content: readonly Uint8Array[], paddingBytes: number, sequence: number): Uint8Array[];
  /**
   * Takes the whole record with its header; `undefined` when it does not verify. One that does and has no type
   * throws `TlsError`.
   */
  tryOpen(record: Uint8Array, sequence: number): OpenedRecord | undefined;
  wipe(): void;
}
