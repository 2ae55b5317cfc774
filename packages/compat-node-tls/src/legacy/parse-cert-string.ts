import { deprecated } from './deprecations.ts';

/**
 * Reads names as OpenSSL once printed them, `key=value` in lines. A key that comes again makes its value a list; lines without a key
 * count for nothing.
 */
function parse(text: string): Record<string, string | string[]> {
  const parsed = Object.create(null) as Record<string, string | string[]>;
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at <= 0) continue;
    const [key, value] = [line.slice(0, at), line.slice(at + 1)];
    const before = parsed[key];
    if (before === undefined) parsed[key] = value;
    else if (Array.isArray(before)) before.push(value);
    else parsed[key] = [before, value];
  }
  return parsed;
}

/** `tls.parseCertString`, which Node 18 has no more. */
export const parseCertString = deprecated('parseCertString', parse);
