/**
 * The public surface of `node:tls`, piece by piece: all that the documentation of io.js 1 to Node 26 names, and what libraries use
 * beside it. Each piece with the scenarios that play it (a name that ends with `*`: all that begin so), or with the test that does
 * where no builtin of today can be played against: its file, and what it says. `boxes.test.ts` holds the names to what there is.
 */
export interface Box {
  readonly piece: string;
  readonly scenarios?: readonly string[];
  readonly tests?: readonly (readonly [file: string, says: string])[];
}

/** By section. */
export type Boxes = Readonly<Record<string, readonly Box[]>>;
