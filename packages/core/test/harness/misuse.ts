import { expect } from 'vitest';

/** What a mistake of the caller throws, with these words in its message. */
export function misuse(message: string) {
  return expect.objectContaining({ name: 'ApiMisuseError', message: expect.stringContaining(message) });
}
