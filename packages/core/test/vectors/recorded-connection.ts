/** A connection of others, recorded. */
export interface RecordedConnection {
  readonly name: string;
  readonly encryptThenMac: boolean;
  readonly extendedMainSecret: boolean;
  readonly mainSecret: string;
  readonly keyingMaterial: string;
  /** Whole records in the order of the wire, each with its header. */
  readonly client: readonly string[];
  readonly server: readonly string[];
}
