import { ApiMisuseError } from '@sealwire/core';
import type { KeyUsage } from '../extensions/key-usage.ts';
import type { KeyPurpose } from '../extensions/registry.ts';
import { type DistributionPointInput, crlDistributionPoints } from './distribution-points.ts';
import {
  type AlternativeNames,
  type ExtensionInput,
  type Subtrees,
  basicConstraints,
  delegationUsage,
  extendedKeyUsage,
  keyUsage,
  nameConstraints,
  subjectAltName,
} from './extensions.ts';
import {
  type AccessPlaces,
  type PolicyConstraintsInput,
  type PolicyInput,
  authorityInfoAccess,
  certificatePolicies,
  inhibitAnyPolicy,
  policyConstraints,
  policyMappings,
} from './policy-extensions.ts';
import { ocspNoCheck, tlsFeature } from './revocation-extensions.ts';

/** What a certificate says by its extensions, and a request asks for. What is absent is not said. */
export interface ExtensionContents extends AlternativeNames {
  /** True or a path length makes a CA. */
  readonly ca?: boolean | { readonly pathLength: number };
  /** An empty list is the same as none. */
  readonly keyUsage?: readonly KeyUsage[];
  /** Names such as `serverAuth`, or object identifiers. */
  readonly extendedKeyUsage?: readonly (KeyPurpose | (string & {}))[];
  /** For CAs (RFC 5280 §4.2.1.10). */
  readonly nameConstraints?: { readonly permitted?: Subtrees; readonly excluded?: Subtrees };
  /** Object identifiers of policies, or policies with qualifiers; not critical (§4.2.1.4). */
  readonly certificatePolicies?: readonly (string | PolicyInput)[];
  /** For CAs: pairs of a policy of the issuer's and one of the subject's that equals it (§4.2.1.5). */
  readonly policyMappings?: readonly (readonly [issuerDomainPolicy: string, subjectDomainPolicy: string])[];
  /** For CAs: certificates that may still follow before policies must be explicit, or may not be mapped (§4.2.1.11). */
  readonly policyConstraints?: PolicyConstraintsInput;
  /** For CAs: certificates that may still follow under any policy (§4.2.1.14). */
  readonly inhibitAnyPolicy?: number;
  /** Addresses of OCSP responders and of the issuer's certificate (§4.2.2.1). */
  readonly authorityInfoAccess?: AccessPlaces;
  /** Where CRLs about the certificate are: an address each, or more (§4.2.1.13). */
  readonly crlDistributionPoints?: readonly (string | DistributionPointInput)[];
  /** RFC 7633: TLS extensions that the server promises to answer, by number; `true`: status_request, "must staple". */
  readonly tlsFeature?: true | readonly number[];
  /** For OCSP responders: nobody is to ask whether the certificate is revoked (RFC 6960 §4.2.2.2.1). Default false. */
  readonly ocspNoCheck?: boolean;
  /** Lets the key sign delegated credentials (RFC 9345 §4.2). Default false. */
  readonly delegationUsage?: boolean;
  /** Added at the end as they are, in the place of ours with the same identifier; nothing checks that they make sense. */
  readonly extensions?: readonly ExtensionInput[];
}

/** Those that the fields above ask for, without `extensions`. */
export function writtenExtensions(contents: ExtensionContents, subjectIsEmpty: boolean): ExtensionInput[] {
  const { ca, keyUsage: usages = [], tlsFeature: features } = contents;
  for (const name of listNames) {
    const list = contents[name];
    if (list !== undefined && !Array.isArray(list))
      throw new ApiMisuseError(`expected ${name} to be a list, got ${typeof list}`);
  }
  const ifGiven = <T>(value: T | undefined, write: (value: T) => ExtensionInput): ExtensionInput[] =>
    value === undefined ? [] : [write(value)];
  const names = subjectAltName(contents, subjectIsEmpty);
  return [
    ...ifGiven(ca, (is) =>
      basicConstraints(is !== false, typeof is === 'object' ? is.pathLength : undefined),
    ),
    ...(usages.length === 0 ? [] : [keyUsage(usages)]),
    ...ifGiven(contents.extendedKeyUsage, extendedKeyUsage),
    ...(names === undefined ? [] : [names]),
    ...ifGiven(contents.nameConstraints, nameConstraints),
    ...ifGiven(contents.certificatePolicies, (policies) => certificatePolicies(policies)),
    ...ifGiven(contents.policyMappings, policyMappings),
    ...ifGiven(contents.policyConstraints, policyConstraints),
    ...ifGiven(contents.inhibitAnyPolicy, inhibitAnyPolicy),
    ...ifGiven(contents.authorityInfoAccess, authorityInfoAccess),
    ...ifGiven(contents.crlDistributionPoints, crlDistributionPoints),
    ...ifGiven(features, (list) => (list === true ? tlsFeature() : tlsFeature(list))),
    ...(contents.ocspNoCheck === true ? [ocspNoCheck()] : []),
    ...(contents.delegationUsage === true ? [delegationUsage()] : []),
  ];
}

/** What the caller brings takes the place of ours; RFC 5280 §4.2: "MUST NOT include more than one instance". */
export function withOwn(
  ours: readonly ExtensionInput[],
  own: readonly ExtensionInput[] = [],
): ExtensionInput[] {
  const ids = new Set(own.map(({ id }) => id));
  if (ids.size !== own.length) throw new ApiMisuseError('expected each extension once, got one twice');
  return [...ours.filter(({ id }) => !ids.has(id)), ...own];
}

const listNames = [
  'keyUsage',
  'extendedKeyUsage',
  'dnsNames',
  'ipAddresses',
  'emails',
  'uris',
  'srvNames',
  'directoryNames',
  'certificatePolicies',
  'policyMappings',
  'crlDistributionPoints',
  'extensions',
] as const satisfies readonly (keyof ExtensionContents)[];

/** The names of the fields, for those who refuse others. */
export const extensionContentNames: Readonly<Record<keyof ExtensionContents, true>> = {
  ca: true,
  keyUsage: true,
  extendedKeyUsage: true,
  dnsNames: true,
  ipAddresses: true,
  emails: true,
  uris: true,
  srvNames: true,
  directoryNames: true,
  nameConstraints: true,
  certificatePolicies: true,
  policyMappings: true,
  policyConstraints: true,
  inhibitAnyPolicy: true,
  authorityInfoAccess: true,
  crlDistributionPoints: true,
  tlsFeature: true,
  ocspNoCheck: true,
  delegationUsage: true,
  extensions: true,
};
