import { ApiMisuseError } from '@sealwire/core';
import { contextTag, tags } from '../der/reader.ts';
import { encodeUtf8 } from '../der/strings.ts';
import { derElement, derInteger, derObjectIdentifier, derSequence, derSequenceOf } from '../der/write.ts';
import { anyPolicy } from '../extensions/policies.ts';
import { accessMethodIds, extensionIds, policyQualifierIds } from '../extensions/registry.ts';
import type { ExtensionInput } from './extensions.ts';
import { asciiBytes, requireObjectIdentifier } from './text.ts';

/** A policy that a certificate is issued under (RFC 5280 §4.2.1.4). */
export interface PolicyInput {
  /** Object identifier; `2.5.29.32.0` is any policy. */
  readonly id: string;
  /** Address of the certification practice statement. */
  readonly cps?: string;
  /** What a program may show to people. */
  readonly notice?: string;
}

/** Certificates that may still follow before policies must be explicit, or may not be mapped; one of the two at least. */
export interface PolicyConstraintsInput {
  readonly requireExplicitPolicy?: number;
  readonly inhibitPolicyMapping?: number;
}

/** Addresses: of OCSP responders, and of the issuer's certificate; one at least. */
export interface AccessPlaces {
  readonly ocsp?: readonly string[];
  readonly caIssuers?: readonly string[];
}

/** RFC 5280 §4.2.1.4; not critical by default. */
export function certificatePolicies(
  policies: readonly (string | PolicyInput)[],
  critical = false,
): ExtensionInput {
  const ids = new Set(policies.map((policy) => (typeof policy === 'string' ? policy : policy.id)));
  if (ids.size < policies.length) throw new ApiMisuseError('expected each policy once, got one twice');
  const written = policies.map((policy) => {
    const { id, cps, notice }: PolicyInput = typeof policy === 'string' ? { id: policy } : policy;
    const qualifiers = [
      ...(cps === undefined ? [] : [derSequence(derObjectIdentifier(policyQualifierIds.cps), ia5(cps))]),
      ...(notice === undefined
        ? []
        : [
            derSequence(
              derObjectIdentifier(policyQualifierIds.unotice),
              derSequence(derElement(tags.utf8String, encodeUtf8(notice))),
            ),
          ]),
    ];
    return derSequence(identifier(id), ...(qualifiers.length === 0 ? [] : [derSequenceOf(qualifiers)]));
  });
  return { id: extensionIds.certificatePolicies, critical, value: derSequenceOf(some(written, 'policy')) };
}

/** §4.2.1.5: pairs of the issuer's policy and the subject's that equals it; critical, as it should be. */
export function policyMappings(
  pairs: readonly (readonly [issuerDomainPolicy: string, subjectDomainPolicy: string])[],
): ExtensionInput {
  if (pairs.flat().includes(anyPolicy)) throw new ApiMisuseError('expected no mapping of anyPolicy');
  const written = pairs.map(([issuer, subject]) => derSequence(identifier(issuer), identifier(subject)));
  return { id: extensionIds.policyMappings, critical: true, value: derSequenceOf(some(written, 'pair')) };
}

/** §4.2.1.11: certificates that may still follow before policies must be explicit, or may not be mapped. */
export function policyConstraints(constraints: PolicyConstraintsInput): ExtensionInput {
  const { requireExplicitPolicy, inhibitPolicyMapping } = constraints;
  const skip = (number: number, certificates: number | undefined): Uint8Array[] =>
    certificates === undefined
      ? []
      : [derElement(contextTag.primitive(number), count(certificates).subarray(2))];
  const fields = [...skip(0, requireExplicitPolicy), ...skip(1, inhibitPolicyMapping)];
  return { id: extensionIds.policyConstraints, critical: true, value: derSequenceOf(some(fields, 'field')) };
}

/** §4.2.1.14: certificates that may still follow under any policy. */
export function inhibitAnyPolicy(certificates: number): ExtensionInput {
  return { id: extensionIds.inhibitAnyPolicy, critical: true, value: count(certificates) };
}

/** §4.2.2.1: where to ask about revocation, and where the issuer's certificate is; addresses. */
export function authorityInfoAccess(places: AccessPlaces): ExtensionInput {
  const descriptions = (id: string, addresses: readonly string[] = []): Uint8Array[] =>
    addresses.map((address) =>
      derSequence(derObjectIdentifier(id), derElement(contextTag.primitive(6), asciiBytes(address, 1))),
    );
  const { ocsp, caIssuers } = accessMethodIds;
  const written = [...descriptions(ocsp, places.ocsp), ...descriptions(caIssuers, places.caIssuers)];
  return { id: extensionIds.authorityInfoAccess, value: derSequenceOf(some(written, 'address')) };
}

function identifier(id: string): Uint8Array {
  return derObjectIdentifier(requireObjectIdentifier(id));
}

function count(certificates: number): Uint8Array {
  if (!Number.isInteger(certificates) || certificates < 0 || certificates > 0xffff)
    throw new ApiMisuseError(`expected a number of certificates, got ${certificates}`);
  return derInteger(certificates);
}

function ia5(text: string): Uint8Array {
  return derElement(tags.ia5String, asciiBytes(text, 1));
}

/** `SEQUENCE SIZE (1..MAX)`. */
function some(elements: readonly Uint8Array[], what: string): readonly Uint8Array[] {
  if (elements.length === 0) throw new ApiMisuseError(`expected at least one ${what}, got none`);
  return elements;
}
