/**
 * Compares secrets without leaving early. JavaScript gives no promise about time; this at least does the
 * same work whatever the content. Lengths are public.
 */
export function equalSecrets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}
