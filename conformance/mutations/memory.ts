/**
 * Results of pure functions by their arguments. Bounded: two generations of `most` entries, of which the older
 * is forgotten whole, so that what all conversations share stays and what one mutant added goes.
 */
export class Memory<T> {
  readonly #most: number;
  #young = new Map<string, { readonly value: T }>();
  #old = new Map<string, { readonly value: T }>();

  constructor(most: number) {
    this.#most = most;
  }

  recall(name: string, compute: () => T): T {
    const young = this.#young.get(name);
    if (young !== undefined) return young.value;
    const known = this.#old.get(name) ?? { value: compute() };
    if (this.#young.size >= this.#most) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(name, known);
    return known.value;
  }
}

/** Bytes as part of a name, with their length, so that names of several parts are never ambiguous. */
export function nameOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return `${text.length} ${text}`;
}
