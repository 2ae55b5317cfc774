/**
 * What is fuzzed: a kind of input, good samples of it, and what is done with a damaged one. More of them are added to `subjects` in the file of that name;
 * both `fuzz.test.ts` and `scripts/fuzz-x509.mjs` take them from there.
 */
export interface FuzzSubject {
  readonly name: string;
  readonly samples: readonly Uint8Array[];
  /** Reads as deep as a caller can. Throws nothing but what `isExpected` knows. */
  readonly read: (input: Uint8Array) => void;
  /** Default: an `X509Error`. */
  readonly isExpected?: (error: unknown) => boolean;
}
