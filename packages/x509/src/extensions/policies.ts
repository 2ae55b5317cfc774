import { type DerReader, contextTag, tags } from '../der/reader.ts';
import { readObjectIdentifier, readSmallInteger } from '../der/values.ts';
import { maxPolicies, maxPolicyQualifiers } from '../limits.ts';
import { policyQualifierIds } from './registry.ts';

/** The extensions that RFC 5280 §6.1 decides policies by. */

/** RFC 5280 §4.2.1.4: in a certificate "any policy", in an initial set "whatever policy". */
export const anyPolicy = '2.5.29.32.0';

export interface PolicyInformation {
  /** Object identifier. */
  readonly policy: string;
  /** Object identifiers of the kinds of qualifiers; what they say is for people and decides nothing. */
  readonly qualifiers: readonly string[];
}

/**
 * RFC 5280 §4.2.1.4:
 *
 *     certificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation
 *     PolicyInformation ::= SEQUENCE { policyIdentifier CertPolicyId,
 *          policyQualifiers SEQUENCE SIZE (1..MAX) OF PolicyQualifierInfo OPTIONAL }
 *     PolicyQualifierInfo ::= SEQUENCE { policyQualifierId PolicyQualifierId, qualifier ANY DEFINED BY policyQualifierId }
 *
 * "A certificate policy OID MUST NOT appear more than once in a certificate policies extension."
 */
export function readCertificatePolicies(value: DerReader): readonly PolicyInformation[] {
  const list = value.enter(tags.sequence, 'certificatePolicies');
  value.finish();
  const policies: PolicyInformation[] = [];
  const seen = new Set<string>();
  while (!list.done) {
    const start = list.at;
    if (seen.size === maxPolicies)
      throw list.error('certificate.badExtension', `expected at most ${maxPolicies} policies`);
    const information = list.enter(tags.sequence, 'PolicyInformation');
    const policy = readObjectIdentifier(information, 'policyIdentifier');
    const qualifiers = information.done ? [] : readQualifiers(information);
    information.finish();
    // "When qualifiers are used with the special policy anyPolicy, they MUST be limited to the qualifiers identified in this section."
    if (policy === anyPolicy && !qualifiers.every(isKnownQualifier))
      throw list.error('certificate.badExtension', 'expected known qualifiers of anyPolicy', policy, start);
    if (seen.has(policy))
      throw list.error(
        'certificate.badExtension',
        `expected policy ${policy} once, got it twice`,
        policy,
        start,
      );
    seen.add(policy);
    policies.push({ policy, qualifiers });
  }
  if (policies.length === 0) throw list.error('certificate.badExtension', 'expected at least one policy');
  return policies;
}

export interface PolicyMapping {
  readonly issuerDomainPolicy: string;
  readonly subjectDomainPolicy: string;
}

/**
 * RFC 5280 §4.2.1.5:
 *
 *     PolicyMappings ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { issuerDomainPolicy CertPolicyId, subjectDomainPolicy CertPolicyId }
 */
export function readPolicyMappings(value: DerReader): readonly PolicyMapping[] {
  const list = value.enter(tags.sequence, 'PolicyMappings');
  value.finish();
  const mappings: PolicyMapping[] = [];
  while (!list.done) {
    if (mappings.length === maxPolicies)
      throw list.error('certificate.badExtension', `expected at most ${maxPolicies} mappings`);
    const pair = list.enter(tags.sequence, 'mapping');
    const issuerDomainPolicy = readObjectIdentifier(pair, 'issuerDomainPolicy');
    const subjectDomainPolicy = readObjectIdentifier(pair, 'subjectDomainPolicy');
    pair.finish();
    mappings.push({ issuerDomainPolicy, subjectDomainPolicy });
  }
  if (mappings.length === 0) throw list.error('certificate.badExtension', 'expected at least one mapping');
  return mappings;
}

/**
 * RFC 5280 §4.2.1.11, in certificates further down:
 *
 *     PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0] SkipCerts OPTIONAL, inhibitPolicyMapping [1] SkipCerts OPTIONAL }
 *     SkipCerts ::= INTEGER (0..MAX)
 */
export interface PolicyConstraints {
  readonly requireExplicitPolicy: number | undefined;
  readonly inhibitPolicyMapping: number | undefined;
}

export function readPolicyConstraints(value: DerReader): PolicyConstraints {
  const sequence = value.enter(tags.sequence, 'PolicyConstraints');
  value.finish();
  const field = (number: number, name: string): number | undefined => {
    const tag = contextTag.primitive(number);
    return sequence.nextTag === tag ? readSmallInteger(sequence, name, tag) : undefined;
  };
  const requireExplicitPolicy = field(0, 'requireExplicitPolicy');
  const inhibitPolicyMapping = field(1, 'inhibitPolicyMapping');
  sequence.finish();
  // "Conforming CAs MUST NOT issue certificates where policy constraints is an empty sequence."
  if (requireExplicitPolicy === undefined && inhibitPolicyMapping === undefined)
    throw sequence.error('certificate.badExtension', 'expected at least one of the two fields');
  return { requireExplicitPolicy, inhibitPolicyMapping };
}

/** `InhibitAnyPolicy ::= SkipCerts` (RFC 5280 §4.2.1.14): certificates further down. */
export function readInhibitAnyPolicy(value: DerReader): number {
  const skip = readSmallInteger(value, 'InhibitAnyPolicy');
  value.finish();
  return skip;
}

export function isKnownQualifier(kind: string): boolean {
  return kind === policyQualifierIds.cps || kind === policyQualifierIds.unotice;
}

function readQualifiers(information: DerReader): readonly string[] {
  const list = information.enter(tags.sequence, 'policyQualifiers');
  const kinds: string[] = [];
  while (!list.done) {
    if (kinds.length === maxPolicyQualifiers)
      throw list.error('certificate.badExtension', `expected at most ${maxPolicyQualifiers} qualifiers`);
    const qualifier = list.enter(tags.sequence, 'PolicyQualifierInfo');
    kinds.push(readObjectIdentifier(qualifier, 'policyQualifierId'));
    qualifier.element('qualifier');
    qualifier.finish();
  }
  if (kinds.length === 0) throw list.error('certificate.badExtension', 'expected at least one qualifier');
  return kinds;
}
