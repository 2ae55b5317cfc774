/** What stands inside a protected record. */
export interface OpenedRecord {
  readonly type: number;
  readonly content: Uint8Array;
  /** What size limits count: bytes of content, type and padding where the type is hidden, else the content alone. */
  readonly innerBytes: number;
}

/**
 * Protects and unprotects records under one key and direction. The sequence number comes from the caller and
 * means nothing to it; every number is used once. Some protections chain each record to the one before: records
 * go through in the order of the wire, and none after one that did not open.
 */
export interface RecordProtection {
  /** The most records that may be sealed under this key (RFC 9846 §5.5). */
  readonly recordLimit: number;
  /** Records after which the key should be changed; the KeyUpdate counts as one of them. */
  readonly updateAfter: number;
  /**
   * True where every header says application_data, and type and padding are inside (RFC 9846 §5.2). False where
   * the header has the type (RFC 5246 §6.2.3): all records are protected then, and none takes `paddingBytes`.
   */
  readonly hidesType: boolean;
  /** The most bytes that may follow the header of a record: 2^14 + 256 (RFC 9846 §5.2) or 2^14 + 2,048 (RFC 5246 §6.2.3). */
  readonly maxFragmentBytes: number;
  /**
   * True where whoever sees a record knows the IV of the next (TLS 1.0 with CBC): application data of more than one byte
   * should then leave as a record of one byte and a record of the rest, so that the IV of the data cannot be foreseen.
   */
  readonly splitsFirstByte: boolean;
  /** The IV of the next record, where records are chained; a copy. */
  readonly chainedIv?: Uint8Array | undefined;
  /** Header, ciphertext and tag, as pieces to send one after the other. */
  seal(type: number, content: readonly Uint8Array[], paddingBytes: number, sequence: number): Uint8Array[];
  /**
   * Takes the whole record with its header; `undefined` when it does not verify. One that does and has no type
   * throws `TlsError`.
   */
  tryOpen(record: Uint8Array, sequence: number): OpenedRecord | undefined;
  wipe(): void;
}
