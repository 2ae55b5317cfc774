import { DerReader, tags } from './reader.ts';

/** Something signed: a SEQUENCE of what is signed, how, and the signature. */
export interface SignedReader {
  /** Behind what is signed; the caller reads the rest and calls `finish`. */
  readonly whole: DerReader;
  /** Inside what is signed. */
  readonly tbs: DerReader;
  /** What the signature is over: a view of `der`. */
  readonly tbsBytes: Uint8Array;
}

/** Enters the only element of `der` and the first one in that; both are SEQUENCEs, by the names of their types or fields. */
export function enterSigned(der: Uint8Array, name: string, tbsName: string): SignedReader {
  const outer = new DerReader(der, name);
  const whole = outer.enter(tags.sequence, name);
  outer.finish();
  const start = whole.at;
  const tbs = whole.enter(tags.sequence, tbsName);
  return { whole, tbs, tbsBytes: der.subarray(start, whole.at) };
}
