import { type DerReader, tags } from '../der/reader.ts';
import { readObjectIdentifier } from '../der/values.ts';
import { maxGeneralNames } from '../limits.ts';
import { type GeneralName, readGeneralName } from '../names/general-name.ts';
import { accessMethodIds } from './registry.ts';

/** Where to ask about a certificate. What stands there is whatever its issuer wrote: whoever fetches it looks first where it leads. */
export interface AuthorityInfoAccess {
  /** URIs of OCSP responders (RFC 6960 §3.1), in order. */
  readonly ocsp: readonly string[];
  /** URIs of the issuer's certificate. */
  readonly caIssuers: readonly string[];
  /** All of it, with other methods and names that are no URIs. */
  readonly descriptions: readonly AccessDescription[];
}

export interface AccessDescription {
  /** Object identifier. */
  readonly method: string;
  readonly location: GeneralName;
}

/**
 * RFC 5280 §4.2.2.1:
 *
 *     AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF AccessDescription
 *     AccessDescription ::= SEQUENCE { accessMethod OBJECT IDENTIFIER, accessLocation GeneralName }
 */
export function readAuthorityInfoAccess(value: DerReader): AuthorityInfoAccess {
  const list = value.enter(tags.sequence, 'AuthorityInfoAccessSyntax');
  value.finish();
  const descriptions: AccessDescription[] = [];
  while (!list.done) {
    if (descriptions.length === maxGeneralNames)
      throw list.error('certificate.tooManyNames', `expected at most ${maxGeneralNames} descriptions`);
    const description = list.enter(tags.sequence, 'AccessDescription');
    const method = readObjectIdentifier(description, 'accessMethod');
    const location = readGeneralName(description, 'accessLocation', 'address');
    description.finish();
    descriptions.push({ method, location });
  }
  if (descriptions.length === 0)
    throw list.error('certificate.badExtension', 'expected at least one description');
  const uris = (id: string): string[] =>
    descriptions.flatMap(({ method, location }) =>
      method === id && location.type === 'uri' ? [location.value] : [],
    );
  return { ocsp: uris(accessMethodIds.ocsp), caIssuers: uris(accessMethodIds.caIssuers), descriptions };
}
