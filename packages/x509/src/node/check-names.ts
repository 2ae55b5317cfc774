import { ApiMisuseError } from '@sealwire/core';
import type { Certificate } from '../certificate/certificate.ts';
import { DerReader, contextTag, tags } from '../der/reader.ts';
import { encodeUtf8, latin1 } from '../der/strings.ts';
import { readObjectIdentifier } from '../der/values.ts';
import { isX509Error } from '../errors.ts';
import { extensionIds } from '../extensions/registry.ts';
import { attributeTypes } from '../names/distinguished-name.ts';
import { opensslIpOctets } from './openssl-ip.ts';
import { skipGeneralName } from './general-names.ts';
import { type HostMatching, matchesHost, matchesMailbox } from './name-match.ts';
import type { NodeRelease } from './object-names.ts';
import { charactersOf } from './strings.ts';

/** Options of `checkHost`, `checkEmail` and `checkIP`; each with Node's default. */
export interface CheckOptions extends Partial<HostMatching> {
  /** Whether the subject's common name or e-mail address counts: where no alternative name of the form is there (`default`), or always, or never. */
  readonly subject?: 'default' | 'always' | 'never';
}

/** The name of the certificate that stands for `host`; `undefined` when none does. Common names are shown as their UTF-8, a character each. */
export function checkHost(
  certificate: Certificate,
  host: string,
  options?: CheckOptions,
): string | undefined {
  const { matching, subject } = checkOptions(options);
  const wanted = asBytes(host, 'host');
  const found = findName(certificate, 'dns', subject, (name) => matchesHost(name, wanted, matching));
  return found === undefined ? undefined : cString(found);
}

/** `email` when the certificate is for it; `undefined` otherwise. */
export function checkEmail(
  certificate: Certificate,
  email: string,
  options?: CheckOptions,
): string | undefined {
  const { subject } = checkOptions(options);
  const wanted = asBytes(email, 'e-mail address');
  return findName(certificate, 'email', subject, (name) => matchesMailbox(name, wanted)) === undefined
    ? undefined
    : email;
}

/** `ip` when the certificate is for it; `undefined` otherwise. No option makes a difference. */
export function checkIP(
  certificate: Certificate,
  ip: string,
  release: NodeRelease,
  options?: CheckOptions,
): string | undefined {
  checkOptions(options);
  const octets = opensslIpOctets(ip, release);
  if (octets === undefined) throw new ApiMisuseError(`expected an IP address, got ${JSON.stringify(ip)}`);
  const wanted = latin1(octets);
  return findName(certificate, 'ip', 'never', (name) => name === wanted) === undefined ? undefined : ip;
}

type Form = 'dns' | 'email' | 'ip';

/** Alternative names of a form; the subject's attributes as the option says. An extension that is malformed is as none. */
function findName(
  certificate: Certificate,
  form: Form,
  subject: 'default' | 'always' | 'never',
  matches: (name: string) => boolean,
): string | undefined {
  const alternative = alternativeNames(certificate, form);
  const found = alternative.find((name) => name !== '' && matches(name));
  if (found !== undefined) return found;
  if (subject === 'never' || (subject === 'default' && alternative.length > 0)) return undefined;
  const type = form === 'dns' ? attributeTypes.CN : attributeTypes.emailAddress;
  return certificate.subject.relativeNames
    .flat()
    .filter((attribute) => attribute.type === type)
    .map(({ tag, value }) => latin1(encodeUtf8(charactersOf(tag, value) ?? '')))
    .find((name) => name !== '' && matches(name));
}

function alternativeNames(certificate: Certificate, form: Form): string[] {
  const extension = certificate.extensions.get(extensionIds.subjectAltName);
  if (extension === undefined) return [];
  const names: string[] = [];
  let isAfterUtf8 = false;
  try {
    const list = new DerReader(extension.value, 'SubjectAltName').enter(tags.sequence, 'SubjectAltName');
    while (!list.done) {
      const tag = list.nextTag;
      if (tag === formTags[form]) {
        const name = latin1(list.content(tag, 'GeneralName'));
        names.push(isAfterUtf8 ? latin1(encodeUtf8(name)) : name);
      } else if (form === 'email' && tag === contextTag.constructed(0)) {
        const mailbox = smtpUtf8Mailbox(list.enter(tag, 'otherName'));
        // OpenSSL takes the names that follow for text as well, and turns their octets into UTF-8.
        isAfterUtf8 ||= mailbox.length > 0;
        names.push(...mailbox);
      } else skipGeneralName(list);
    }
  } catch (error) {
    if (isX509Error(error)) return [];
    throw error;
  }
  return names;
}

/** RFC 9598 §3: a mailbox beyond ASCII, as UTF-8. */
function smtpUtf8Mailbox(otherName: DerReader): string[] {
  const type = readObjectIdentifier(otherName, 'type-id');
  const explicit = otherName.enter(contextTag.constructed(0), 'value');
  if (type !== '1.3.6.1.5.5.7.8.9' || explicit.nextTag !== tags.utf8String) return [];
  return [latin1(explicit.content(tags.utf8String, 'SmtpUTF8Mailbox'))];
}

function checkOptions(options: CheckOptions = {}): {
  matching: HostMatching;
  subject: 'default' | 'always' | 'never';
} {
  const { subject = 'default' } = options;
  if (subject !== 'default' && subject !== 'always' && subject !== 'never') {
    throw new ApiMisuseError(`expected the subject default, always or never, got ${JSON.stringify(subject)}`);
  }
  const { wildcards = true, partialWildcards = true } = options;
  const { multiLabelWildcards = false, singleLabelSubdomains = false } = options;
  return { subject, matching: { wildcards, partialWildcards, multiLabelWildcards, singleLabelSubdomains } };
}

/** UTF-8, a character for each byte. A NUL at the end is passed over, as it is in C; others are a mistake. */
function asBytes(text: string, what: string): string {
  if (typeof text !== 'string') throw new ApiMisuseError(`expected a text, got ${typeof text}`);
  const bytes = latin1(encodeUtf8(text));
  const ended = bytes.length > 1 && bytes.endsWith('\0') ? bytes.slice(0, -1) : bytes;
  if (ended.includes('\0'))
    throw new ApiMisuseError(`expected a ${what} without NUL, got ${JSON.stringify(text)}`);
  return ended;
}

function cString(text: string): string {
  const nul = text.indexOf('\0');
  return nul < 0 ? text : text.slice(0, nul);
}

const formTags = {
  dns: contextTag.primitive(2),
  email: contextTag.primitive(1),
  ip: contextTag.primitive(7),
} as const;
