/** Keys of one direction, for whoever protects records in our place; copies, which belong to the receiver. */
export interface RecordKeys {
  /** 0x0304: records as RFC 9846 §5.2 has them; 0x0303 and less: as RFC 5246 §6.2.3, and the versions before it. */
  readonly version: number;
  readonly cipherSuite: number;
  /** The sequence number of the next record under these keys. */
  readonly sequence: number;
  /** TLS 1.3: the traffic secret that `key` and `iv` come from (RFC 9846 §7.3). Before it keys have no secret of their own. */
  readonly secret?: Uint8Array;
  /** Empty with a NULL suite. */
  readonly key: Uint8Array;
  /**
   * What sequence numbers are XORed with (RFC 9846 §5.3, RFC 7905 §2); before TLS 1.3 with GCM and CCM the 4 bytes in front
   * of the nonce that each record carries (RFC 5288 §3). Empty in other suites.
   */
  readonly iv: Uint8Array;
  /** Before TLS 1.3, in suites that are no AEAD: the key of the HMAC (RFC 5246 §6.2.3.1). */
  readonly macKey?: Uint8Array;
  /** With `macKey`: whether the MAC covers the ciphertext (RFC 7366). */
  readonly encryptThenMac?: boolean;
  /** TLS 1.0 with a block cipher: the IV of the next record, which is the last block of the one before (RFC 2246 §6.2.3.2). */
  readonly lastCbcBlock?: Uint8Array;
  /**
   * Records after which the key should be changed, the KeyUpdate included (RFC 9846 §5.5); `updateKeys` does it. Before
   * TLS 1.3 nothing does: the connection has to end.
   */
  readonly updateAfterRecords: number;
  /** The most bytes inside a record of this direction: content, and in TLS 1.3 type and padding. */
  readonly maxInnerBytes: number;
}
