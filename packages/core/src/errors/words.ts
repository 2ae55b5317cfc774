/** What was thrown, in words. A program can throw anything, also what no string can be made of, and nothing may be thrown for that. */
export function wordsOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? String(thrown.message) : String(thrown);
  } catch {
    return `something that has no words, ${typeof thrown}`;
  }
}
