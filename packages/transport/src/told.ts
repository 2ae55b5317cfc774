/**
 * Tells the program something, by a function of its own. What that throws is not ours to handle and not the connection's to die of: it
 * leaves as an uncaught exception does, and the connection goes on. `undefined` then.
 */
export function told<T>(tell: () => T): T | undefined {
  try {
    return tell();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
    return undefined;
  }
}
