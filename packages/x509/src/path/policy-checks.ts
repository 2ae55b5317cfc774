import type { Certificate } from '../certificate/certificate.ts';
import { anyPolicy } from '../extensions/policies.ts';
import { type Problem, problem } from './outcome.ts';
import { PolicyGraph } from './policy-graph.ts';
import type { PathPolicy } from './policy.ts';

/** What policies make of a chain: the user-constrained-policy-set of RFC 5280 §6.1.6, or why there is none. */
export type PolicyResult =
  | { readonly ok: true; readonly policies: readonly string[] }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Certificate policies (RFC 5280 §6.1.2 to §6.1.5 with the graph of RFC 9618), for a whole chain, the end entity's certificate
 * first. A trust anchor that is a certificate stands at its end: what it says of policies holds as what other CAs
 * say, except that none listed means any (RFC 5937 §3.2).
 */
export function checkPolicies(
  chain: readonly Certificate[],
  anchorIsLast: boolean,
  policy: PathPolicy,
): PolicyResult {
  const graph = new PolicyGraph();
  const begin = (isInhibited: boolean): number => (isInhibited ? 0 : chain.length + 1);
  let explicitPolicy = begin(policy.initialExplicitPolicy);
  let inhibitAnyPolicy = begin(policy.initialAnyPolicyInhibit);
  let policyMapping = begin(policy.initialPolicyMappingInhibit);
  for (let depth = chain.length - 1; depth >= 0; depth--) {
    const certificate = chain[depth]!;
    const isAnchor = anchorIsLast && depth === chain.length - 1;
    const { isSelfIssued, policyConstraints: constraints } = certificate;
    const policies = certificate.certificatePolicies ?? (isAnchor ? everything : undefined);
    graph.descend(policies, isAnchor || inhibitAnyPolicy > 0 || (depth > 0 && isSelfIssued));
    if (explicitPolicy === 0 && graph.isNull) return refused(depth);
    if (depth === 0) {
      // §6.1.5 (a), (b).
      if (explicitPolicy > 0) explicitPolicy--;
      if (constraints?.requireExplicitPolicy === 0) explicitPolicy = 0;
      break;
    }
    const mappings = certificate.policyMappings;
    if (mappings !== undefined) {
      const wrong = mappings.find((mapping) => Object.values(mapping).includes(anyPolicy));
      if (wrong !== undefined)
        return {
          ok: false,
          problem: problem('INVALID_POLICY_EXTENSION', depth, 'expected no mapping of anyPolicy'),
        };
      graph.map(mappings, policyMapping > 0);
    }
    if (!isSelfIssued) {
      if (explicitPolicy > 0) explicitPolicy--;
      if (policyMapping > 0) policyMapping--;
      if (inhibitAnyPolicy > 0) inhibitAnyPolicy--;
    }
    explicitPolicy = Math.min(explicitPolicy, constraints?.requireExplicitPolicy ?? explicitPolicy);
    policyMapping = Math.min(policyMapping, constraints?.inhibitPolicyMapping ?? policyMapping);
    inhibitAnyPolicy = Math.min(inhibitAnyPolicy, certificate.inhibitAnyPolicy ?? inhibitAnyPolicy);
  }
  const policies = userConstrained(graph.authorityConstrained(), policy.initialPolicySet).toSorted();
  return explicitPolicy === 0 && policies.length === 0 ? refused(0) : { ok: true, policies };
}

/** RFC 9618 §5.6: what both the authorities and the user take. */
function userConstrained(authority: ReadonlySet<string>, initial: readonly string[]): readonly string[] {
  if (initial.includes(anyPolicy)) return [...authority];
  return authority.has(anyPolicy) ? initial : initial.filter((policy) => authority.has(policy));
}

const everything = [{ policy: anyPolicy, qualifiers: [] }];

function refused(depth: number): PolicyResult {
  const message = 'expected a policy that is valid in all certificates of the chain, and accepted';
  return { ok: false, problem: problem('NO_EXPLICIT_POLICY', depth, message) };
}
