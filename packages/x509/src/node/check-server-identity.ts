import { canonicalIpText, isIpText } from './ip-text.ts';
import { AltNameFormatError, ServerIdentityError } from './server-identity-error.ts';

/** What `checkServerIdentity` looks at in a legacy certificate object. */
export interface ServerIdentity {
  readonly subject?: { readonly CN?: string | readonly string[] | undefined } | null | undefined;
  readonly subjectaltname?: string | null | undefined;
}

export interface ServerIdentityOptions {
  /**
   * What a host name is turned into before it is compared, for example `url.domainToASCII`: so do Node 24 and 26. Absent: a host is
   * compared as it is given, as Node 20 does.
   */
  readonly toAscii?: (host: string) => string;
}

/**
 * `tls.checkServerIdentity` of Node, bit for bit: `undefined` when the certificate is for `host`, an error otherwise.
 *
 * For programs that are used to that function, and no more lenient than it has to be for them. It differs from RFC 9525, by
 * which `verifyChain` matches names: the subject's common name counts where there is no DNS name, a wildcard may be a part of
 * a label, and host names are not checked to be any.
 *
 * Throws `AltNameFormatError` when `subjectaltname` is none that Node or `legacyCertificate` makes.
 */
export function checkServerIdentity<C extends ServerIdentity>(
  host: string,
  cert: C,
  options: ServerIdentityOptions = {},
): ServerIdentityError<C> | undefined {
  const { subject, subjectaltname } = cert;
  const given = `${host}`;
  const names = subjectaltname ? splitAltNames(subjectaltname) : [];
  const dnsNames = namesWithPrefix(names, 'DNS:');
  const wanted = withoutFinalDot(given);
  const mismatch = (reason: string): ServerIdentityError<C> => new ServerIdentityError(reason, wanted, cert);

  if (isIpText(wanted)) {
    const addresses = namesWithPrefix(names, 'IP Address:').map(canonicalIpText);
    return addresses.includes(canonicalIpText(wanted))
      ? undefined
      : mismatch(`IP: ${wanted} is not in the cert's list: ${addresses.join(', ')}`);
  }
  const { toAscii } = options;
  const labels = labelsOf(toAscii === undefined ? wanted : withoutFinalDot(toAscii(given)));
  if (dnsNames.length > 0) {
    return dnsNames.some((name) => matches(labels, name))
      ? undefined
      : mismatch(`Host: ${wanted}. is not in the cert's altnames: ${subjectaltname}`);
  }
  const commonName = subject?.CN;
  if (!commonName) return mismatch('Cert does not contain a DNS name');
  const commonNames: readonly string[] = typeof commonName === 'string' ? [commonName] : commonName;
  return commonNames.some((name) => matches(labels, name))
    ? undefined
    : mismatch(`Host: ${wanted}. is not cert's CN: ${commonName}`);
}

/**
 * The entries of `DNS:a, IP Address:1.2.3.4, "URI:a,b"`. An entry with characters that could be taken for others is a JSON
 * string, whole or from its prefix on, since CVE-2021-44532; where no quote is in sight, entries are what stands between `, `.
 */
function splitAltNames(text: string): string[] {
  if (!text.includes('"')) return text.split(', ');
  const entries: string[] = [];
  let entry = '';
  for (let at = 0; at < text.length; ) {
    const plain = match(/[^",]*/y, text, at)!;
    entry += plain;
    at += plain.length;
    if (text[at] === ',') {
      entries.push(entry);
      entry = '';
      // The character after a comma is a blank, and is not looked at.
      at += 2;
    } else if (text[at] === '"') {
      const quoted = match(jsonString, text, at);
      if (quoted === undefined) throw new AltNameFormatError();
      entry += JSON.parse(quoted) as string;
      at += quoted.length;
    }
  }
  return [...entries, entry];
}

function match(sticky: RegExp, text: string, at: number): string | undefined {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0];
}

function namesWithPrefix(entries: readonly string[], prefix: string): string[] {
  return entries.filter((entry) => entry.startsWith(prefix)).map((entry) => entry.slice(prefix.length));
}

function withoutFinalDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

/** In lower case as far as ASCII goes, for a letter beyond it must not become one of ASCII. */
function labelsOf(name: string): string[] {
  return withoutFinalDot(name)
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    .split('.');
}

/** The labels of a host and a name with at most one wildcard, which is in the first label and never is all but a top level. */
function matches(host: readonly string[], name: string): boolean {
  if (!name) return false;
  const pattern = labelsOf(name);
  if (pattern.length !== host.length) return false;
  // Neither empty labels, nor blanks, control characters and what is not ASCII.
  if (!pattern.every((label) => /^[\u0021-\u007f]+$/.test(label))) return false;
  if (!pattern.every((label, i) => i === 0 || label === host[i])) return false;
  const [own, first] = [host[0]!, pattern[0]!];
  const star = first.indexOf('*');
  // RFC 6125 §6.4.3: no wildcard in an A-label.
  if (star < 0 || first.includes('xn--')) return own === first;
  if (first.includes('*', star + 1) || pattern.length < 3) return false;
  return (
    own.length >= first.length - 1 &&
    own.startsWith(first.slice(0, star)) &&
    own.endsWith(first.slice(star + 1))
  );
}

/** A string of JSON (RFC 8259 §7). */
const jsonString = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
