/**
 * Comparing a name of a certificate with one that is looked for, as OpenSSL's `X509_check_host` does: both are bytes, here one
 * character each.
 */
export interface HostMatching {
  readonly wildcards: boolean;
  readonly partialWildcards: boolean;
  readonly multiLabelWildcards: boolean;
  readonly singleLabelSubdomains: boolean;
}

/**
 * Whether `pattern`, a name of the certificate, stands for `host`. A host that begins with a dot stands for the domains below it,
 * of one label with `singleLabelSubdomains`.
 */
export function matchesHost(pattern: string, host: string, options: HostMatching): boolean {
  const isDomain = host.length > 1 && host.startsWith('.');
  const star = options.wildcards && !isDomain ? starOf(pattern, options.partialWildcards) : -1;
  if (star < 0) return sameName(isDomain ? tailOf(pattern, host.length, options) : pattern, host);
  return matchesWildcard(pattern.slice(0, star), pattern.slice(star + 1), host, options);
}

/** Mailboxes: the domain without regard to the case of ASCII letters, what stands before it exactly (RFC 5280 §7.5). */
export function matchesMailbox(pattern: string, mailbox: string): boolean {
  if (pattern.length !== mailbox.length) return false;
  // The last `@` of either: both have it at the same place, or they differ there.
  const at = Math.max(pattern.lastIndexOf('@'), mailbox.lastIndexOf('@'));
  // One at the very start is compared as a domain, and all of it exactly as well.
  const local = at <= 0 ? pattern.length : at;
  if (at >= 0 && !sameName(pattern.slice(at), mailbox.slice(at))) return false;
  return pattern.slice(0, local) === mailbox.slice(0, local);
}

/** No regard to the case of ASCII letters; a name with a NUL is like no other. */
function sameName(pattern: string, name: string): boolean {
  return !pattern.includes('\0') && lowerCase(pattern) === lowerCase(name);
}

/** The last `length` characters, unless what stands before has a NUL or, where it may not, a dot. */
function tailOf(pattern: string, length: number, { singleLabelSubdomains }: HostMatching): string {
  const start = pattern.length - length;
  if (start <= 0) return pattern;
  const before = pattern.slice(0, start);
  return before.includes('\0') || (singleLabelSubdomains && before.includes('.'))
    ? pattern
    : pattern.slice(start);
}

function matchesWildcard(prefix: string, suffix: string, host: string, options: HostMatching): boolean {
  if (host.length < prefix.length + suffix.length) return false;
  if (!sameName(prefix, host.slice(0, prefix.length))) return false;
  const end = host.length - suffix.length;
  if (!sameName(host.slice(end), suffix)) return false;
  const covered = host.slice(prefix.length, end);
  const isWholeLabel = prefix === '' && suffix.startsWith('.');
  if (isWholeLabel && covered === '') return false;
  if (!isWholeLabel && /^xn--/i.test(host)) return false;
  if (covered === '*') return true;
  return isWholeLabel && options.multiLabelWildcards
    ? /^[0-9A-Za-z.-]*$/.test(covered)
    : /^[0-9A-Za-z-]*$/.test(covered);
}

/**
 * Where the wildcard of a pattern is; -1 when it has none that may be one: a single star at the start or end of the first label,
 * which is no A-label, of a name of at least three labels of letters, digits and inner hyphens.
 */
function starOf(pattern: string, partialWildcards: boolean): number {
  const labels = pattern.split('.');
  const first = labels[0]!;
  const star = first.indexOf('*');
  if (star < 0 || labels.length < 3) return -1;
  const atStart = star === 0;
  const atEnd = star === first.length - 1;
  if (!atStart && !atEnd) return -1;
  if (!partialWildcards && !(atStart && atEnd)) return -1;
  const rest = first.slice(0, star) + first.slice(star + 1);
  // A label may begin with its star, and then with anything; else neither begins nor ends with a hyphen.
  if (!/^[0-9A-Za-z-]*$/.test(rest) || /^xn--/i.test(atStart ? '' : rest)) return -1;
  if (!atStart && (first.startsWith('-') || first.endsWith('-*'))) return -1;
  if (!atEnd && first.endsWith('-')) return -1;
  return labels.slice(1).every((label) => /^[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?$/.test(label)) ? star : -1;
}

function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
