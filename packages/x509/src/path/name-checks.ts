import type { Certificate } from '../certificate/certificate.ts';
import { DerReader, contextTag, tags } from '../der/reader.ts';
import { decodeUtf8 } from '../der/strings.ts';
import { readObjectIdentifier } from '../der/values.ts';
import { isX509Error } from '../errors.ts';
import type { NameConstraints } from '../extensions/name-constraints.ts';
import { attributeTypes } from '../names/distinguished-name.ts';
import type { GeneralName } from '../names/general-name.ts';
import { isDnsName } from '../names/host-name.ts';
import { parseIpAddress } from '../names/ip-address.ts';
import { uriAuthority } from '../names/uri-authority.ts';
import { type Problem, problem } from './outcome.ts';

/** What may be spent on one peer; shared by all of its chains. */
export interface NameBudget {
  /** How many more comparisons may be made. A long name counts for several, and so does one that is parsed each time. */
  comparisons: number;
  /** DNS names and constraints taken apart, by their text: each once, however often it is compared. */
  readonly dns: Map<string, DnsForm>;
  /** The names of each certificate that constraints act on. */
  readonly names: Map<Certificate, readonly ConstrainedName[]>;
  /** Subtrees by the form that they are about: thousands of names pass thousands of another form without a look at each. */
  readonly subtrees: Map<readonly GeneralName[], ReadonlyMap<string, readonly GeneralName[]>>;
}

interface DnsForm {
  readonly isWildcard: boolean;
  readonly isDotted: boolean;
  /** In lower case, without wildcard and leading dot. */
  readonly domain: string;
  readonly isWellFormed: boolean;
}

export function nameBudget(comparisons: number): NameBudget {
  return { comparisons, dns: new Map(), names: new Map(), subtrees: new Map() };
}

/**
 * Name constraints (RFC 5280 §4.2.1.10, §6.1.3 (b), (c)): every name of `subject`, which stands below whoever
 * set them, must lie in a permitted subtree of its form, if the issuer lists any, and in no excluded one.
 *
 * What cannot be decided is refused: a name of a form that is constrained but that we cannot compare, a
 * malformed name, a malformed constraint.
 */
export function checkNameConstraints(
  subject: Certificate,
  depth: number,
  constraints: NameConstraints,
  budget: NameBudget,
  commonNamesToo = false,
): Problem | undefined {
  for (const name of namesOf(subject, commonNamesToo, budget)) {
    for (const excluded of sameForm(constraints.excluded, name, budget)) {
      if (!spend(budget, name, excluded)) return overBudget(depth);
      const relation = relate(name, excluded, 'excluded', budget);
      if (relation === 'undecidable') return undecidable(name, depth);
      if (relation === 'inside')
        return problem(
          'EXCLUDED_VIOLATION',
          depth,
          `expected no name in an excluded subtree, got ${text(name)}`,
        );
    }
    const permittedTrees = sameForm(constraints.permitted, name, budget);
    let isPermitted = permittedTrees.length === 0;
    for (const permitted of permittedTrees) {
      if (!spend(budget, name, permitted)) return overBudget(depth);
      const relation = relate(name, permitted, 'permitted', budget);
      if (relation === 'undecidable') return undecidable(name, depth);
      if (relation !== 'inside') continue;
      isPermitted = true;
      break;
    }
    if (!isPermitted) {
      return problem(
        'PERMITTED_VIOLATION',
        depth,
        `expected names in a permitted subtree, got ${text(name)}`,
      );
    }
  }
  return undefined;
}

type ConstrainedName = GeneralName & { readonly isAttribute?: true };

/**
 * The names that constraints act on: subjectAltName; a subject that is not empty, as a directory name; and its
 * emailAddress attributes (§4.2.1.10 asks for that where there is no subjectAltName; where there is one, somebody may
 * still read them). Mailboxes beyond ASCII are under the constraints of the others (RFC 9598 §6). Common names only for
 * whoever takes them for DNS names, which is where there are none.
 */
function namesOf(
  certificate: Certificate,
  commonNamesToo: boolean,
  { names: known }: NameBudget,
): readonly ConstrainedName[] {
  const before = known.get(certificate);
  if (before !== undefined) return before;
  const { subject } = certificate;
  const alternative = (certificate.subjectAltName ?? []).flatMap(withMailbox);
  const names: ConstrainedName[] = [...alternative];
  if (!subject.isEmpty) names.push({ type: 'directory', value: subject });
  const takesCommonNames = commonNamesToo && !alternative.some((name) => name.type === 'dns');
  for (const { type, text = '' } of subject.relativeNames.flat()) {
    if (type === attributeTypes.emailAddress) names.push({ type: 'email', value: text, isAttribute: true });
    if (takesCommonNames && type === attributeTypes.CN && mayBeDnsName.test(text))
      names.push({ type: 'dns', value: text });
  }
  known.set(certificate, names);
  return names;
}

/**
 * RFC 9598 §6: constraints of mailboxes hold for those beyond ASCII (SmtpUTF8Mailbox, a UTF8String) as well; their domains are
 * ASCII. One that cannot be read is no mailbox, and fits no constraint.
 */
function withMailbox(name: GeneralName): readonly GeneralName[] {
  if (name.type !== 'other' || name.form !== 'otherName') return [name];
  try {
    const otherName = new DerReader(name.value, 'OtherName');
    if (readObjectIdentifier(otherName, 'type-id') !== smtpUtf8MailboxId) return [name];
    const explicit = otherName.enter(contextTag.constructed(0), 'value');
    otherName.finish();
    const value = decodeUtf8(explicit.content(tags.utf8String, 'SmtpUTF8Mailbox')) ?? '';
    explicit.finish();
    return [name, { type: 'email', value }];
  } catch (error) {
    if (isX509Error(error)) return [name, { type: 'email', value: '' }];
    throw error;
  }
}

/**
 * What OpenSSL takes for a DNS name with two labels or more, and what `tls.checkServerIdentity` would compare with a host beside
 * that: a final dot, a wildcard anywhere, labels of any length. What is no DNS name then is under no constraint that we could tell.
 */
const mayBeDnsName = /^[\w*\0-]+(\.[\w*\0-]+)+\.?$/;

/** "Restrictions apply only when the specified name form is present." */
function sameForm(
  trees: readonly GeneralName[],
  name: GeneralName,
  { subtrees }: NameBudget,
): readonly GeneralName[] {
  let byForm = subtrees.get(trees);
  if (byForm === undefined) subtrees.set(trees, (byForm = treesByForm(trees)));
  return byForm.get(formOf(name)) ?? none;
}

function treesByForm(trees: readonly GeneralName[]): ReadonlyMap<string, readonly GeneralName[]> {
  const byForm = new Map<string, GeneralName[]>();
  for (const tree of trees) {
    const form = formOf(tree);
    const same = byForm.get(form);
    if (same === undefined) byForm.set(form, [tree]);
    else same.push(tree);
  }
  return byForm;
}

function formOf(name: GeneralName): string {
  return name.type === 'other' ? name.form : name.type;
}

const none: readonly GeneralName[] = [];

function spend(budget: NameBudget, name: GeneralName, base: GeneralName): boolean {
  const parsing = name.type === 'email' || name.type === 'uri' ? 8 + ((size(name) + size(base)) >> 4) : 1;
  budget.comparisons -= parsing + ((size(name) + size(base)) >> 8);
  return budget.comparisons >= 0;
}

function size(name: GeneralName): number {
  return name.type === 'directory' ? name.value.der.length : name.value.length;
}

type Relation = 'inside' | 'outside' | 'undecidable';

function relate(
  name: ConstrainedName,
  base: GeneralName,
  side: 'permitted' | 'excluded',
  budget: NameBudget,
): Relation {
  if (name.type === 'dns' && base.type === 'dns') {
    return relateDns(dnsForm(name.value, budget), dnsForm(base.value, budget), side);
  }
  if (name.type === 'ip' && base.type === 'ip') return relateIp(name.value, base.value);
  if (name.type === 'email' && base.type === 'email') {
    // "emailAddress attribute values are not case-sensitive" (RFC 5280 §4.1.2.6): none escapes by its case. To be permitted, which
    // is to be trusted, it has to be written like the constraint.
    const ignoresCase = name.isAttribute === true && side === 'excluded';
    return ignoresCase
      ? relateEmail(name.value.toLowerCase(), base.value.toLowerCase())
      : relateEmail(name.value, base.value);
  }
  if (name.type === 'uri' && base.type === 'uri') return relateUri(name.value, base.value);
  if (name.type === 'directory' && base.type === 'directory')
    return name.value.isWithin(base.value) ? 'inside' : 'outside';
  return 'undecidable';
}

/**
 * "Any DNS name that can be constructed by simply adding zero or more labels to the left-hand side of the name
 * satisfies the name constraint." A base that starts with a dot is not in the profile; CAs that write it mean
 * subdomains alone. It permits those, and excludes the domain itself with them.
 *
 * A wildcard stands for many names, each with one label in its place (RFC 9525 §6.3): it is permitted only if all are,
 * excluded if any may be.
 */
function relateDns(name: DnsForm, base: DnsForm, side: 'permitted' | 'excluded'): Relation {
  // A wildcard is no constraint, nor is a dot alone, and a leading dot no name: they are malformed there.
  const isAll = base.domain === '' && !base.isDotted;
  if (base.isWildcard || !(isAll || base.isWellFormed)) return 'undecidable';
  if (name.isDotted || !name.isWellFormed) return 'undecidable';
  if (base.isDotted && side === 'permitted' && !name.isWildcard && name.domain === base.domain)
    return 'outside';
  if (isInDomain(name.domain, base.domain)) return 'inside';
  return name.isWildcard && side === 'excluded' && isParent(name.domain, base.domain) ? 'inside' : 'outside';
}

function dnsForm(text: string, { dns }: NameBudget): DnsForm {
  const known = dns.get(text);
  if (known !== undefined) return known;
  const isWildcard = text.startsWith('*.');
  const isDotted = text.startsWith('.');
  const domain = (isWildcard ? text.slice(2) : isDotted ? text.slice(1) : text).toLowerCase();
  const form = { isWildcard, isDotted, domain, isWellFormed: isDnsName(domain) };
  dns.set(text, form);
  return form;
}

function isInDomain(host: string, domain: string): boolean {
  return domain === '' || host === domain || host.endsWith(`.${domain}`);
}

function isParent(domain: string, child: string): boolean {
  return child.slice(child.indexOf('.') + 1) === domain;
}

/** Address and mask (§4.2.1.10, RFC 4632); IPv4 says nothing about IPv6. A mask with holes is malformed. */
function relateIp(address: Uint8Array, base: Uint8Array): Relation {
  const size = base.length / 2;
  const mask = base.subarray(size);
  if (!isPrefixMask(mask)) return 'undecidable';
  if (address.length !== size) return 'outside';
  return address.every((octet, i) => (octet & mask[i]!) === (base[i]! & mask[i]!)) ? 'inside' : 'outside';
}

function isPrefixMask(mask: Uint8Array): boolean {
  let ended = false;
  for (const octet of mask) {
    if (ended ? octet !== 0 : (~octet & 0xff & ((~octet & 0xff) + 1)) !== 0) return false;
    if (octet !== 0xff) ended = true;
  }
  return true;
}

/**
 * A base is a mailbox, a host (all mailboxes on it) or a domain with a dot in front (all hosts in it). Local
 * parts are compared exactly, hosts without regard to case (§7.5). One in quotes can be written in several ways (RFC 5321
 * §4.1.2): only where nothing depends on it does it lead to an answer.
 */
function relateEmail(mailbox: string, base: string): Relation {
  const at = mailbox.indexOf('@');
  const [local, domain] = [mailbox.slice(0, at), mailbox.slice(at + 1)];
  if (at < 1 || !isDnsName(domain)) return 'undecidable';
  const host = domain.toLowerCase();
  const baseAt = base.indexOf('@');
  if (baseAt >= 0) {
    const baseHost = base.slice(baseAt + 1).toLowerCase();
    if (baseAt === 0 || !isDnsName(baseHost)) return 'undecidable';
    const baseLocal = base.slice(0, baseAt);
    if (host !== baseHost) return 'outside';
    if (local === baseLocal) return 'inside';
    return local.includes('"') || baseLocal.includes('"') ? 'undecidable' : 'outside';
  }
  return relateHost(host, base.toLowerCase());
}

/** The host of a URI: "The constraint MUST be specified as a fully qualified domain name and MAY specify a host or a domain." */
function relateUri(uri: string, base: string): Relation {
  const host = uriAuthority(uri)?.host.toLowerCase();
  // "… MUST be rejected" when the authority is missing or is an IP address.
  if (host === undefined || !isDnsName(host) || parseIpAddress(host) !== undefined) return 'undecidable';
  return relateHost(host, base.toLowerCase());
}

function relateHost(host: string, base: string): Relation {
  if (base.startsWith('.')) return isDnsName(base.slice(1)) ? within(host.endsWith(base)) : 'undecidable';
  if (base === '') return 'inside';
  return isDnsName(base) ? within(host === base) : 'undecidable';
}

function within(yes: boolean): Relation {
  return yes ? 'inside' : 'outside';
}

function undecidable(name: GeneralName, depth: number): Problem {
  return problem(
    'UNSUPPORTED_CONSTRAINT_TYPE',
    depth,
    `expected a name that constraints can be checked for, got ${text(name)}`,
  );
}

function overBudget(depth: number): Problem {
  return problem('WORK_LIMIT_EXCEEDED', depth, 'expected fewer names and name constraints');
}

function text(name: GeneralName): string {
  if (name.type === 'other') return name.form;
  return `${name.type} ${name.value instanceof Uint8Array ? name.value.join('.') : JSON.stringify(String(name.value))}`;
}

const smtpUtf8MailboxId = '1.3.6.1.5.5.7.8.9';
