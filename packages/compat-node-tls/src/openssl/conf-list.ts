/**
 * How OpenSSL takes lists of its options apart: at a separator, white space around an item does not count, and there is no
 * item without characters. `undefined`: there is one.
 */
export function splitList(text: string, separator: string): string[] | undefined {
  const items = text.split(separator).map(trimmed);
  return items.includes('') ? undefined : items;
}

/** What isspace(3) counts as white space, which is less than JavaScript does. */
export function trimmed(text: string): string {
  return text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '');
}

/** A string of C ends at the first zero. */
export function cString(text: string): string {
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}
