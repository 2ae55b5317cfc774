import type { Entropy } from '../crypto/entropy.ts';

/** A list in an order drawn from `entropy`, four bytes an item: every order is equally likely (Fisher and Yates). */
export function permuted<T>(list: readonly T[], entropy: Entropy): T[] {
  const result = [...list];
  const drawn = entropy.random(4 * list.length);
  const { buffer, byteOffset } = drawn;
  const view = new DataView(buffer, byteOffset, drawn.length);
  for (let i = result.length - 1; i > 0; i--) {
    // 32 bits for a few dozen items: no order is preferred by more than one in a hundred million.
    const j = view.getUint32(4 * i) % (i + 1);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
