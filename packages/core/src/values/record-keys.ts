/** Keys of one direction, for whoever protects records in our place; copies, which belong to the receiver. */
export interface RecordKeys {
  /** 0x0304: records as RFC 9846 §5.2 has them. */
  readonly version: number;
  readonly cipherSuite: number;
  /** The sequence number of the next record under these keys. */
  readonly sequence: number;
  /** The traffic secret that `key` and `iv` come from (RFC 9846 §7.3). */
  readonly secret: Uint8Array;
  readonly key: Uint8Array;
  /** The static IV: what sequence numbers are XORed with (RFC 9846 §5.3). */
  readonly iv: Uint8Array;
  /** Records after which the key should be changed, the KeyUpdate included (RFC 9846 §5.5); `updateKeys` does it. */
  readonly updateAfterRecords: number;
  /** The largest TLSInnerPlaintext (content, type and padding) of a record in this direction, in bytes. */
  readonly maxInnerBytes: number;
}
