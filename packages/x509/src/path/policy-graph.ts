import type { Certificate } from '../certificate/certificate.ts';
import { type PolicyMapping, anyPolicy } from '../extensions/policies.ts';

/**
 * The valid_policy_graph of RFC 9618: which policies of a certificate stand for which of those above it. Unlike the
 * tree of RFC 5280 it has one node for a policy and a certificate, so that its size and the work are linear in
 * the policies and mappings that the certificates list.
 */

interface PolicyNode {
  readonly parents: readonly PolicyNode[];
  /** Names that certificates below may give to it; not the policy itself where it was mapped. */
  expected: readonly string[];
}

/** Nodes of one depth by their policy; empty: the graph is NULL. */
type Level = Map<string, PolicyNode>;

export class PolicyGraph {
  // §6.1.2 (a): one node with anyPolicy.
  readonly #levels: Level[] = [new Map([[anyPolicy, { parents: [], expected: [anyPolicy] }]])];

  get isNull(): boolean {
    return this.#last.size === 0;
  }

  /** §6.1.3 (d) and (e), for the next certificate. */
  descend(policies: Certificate['certificatePolicies'], allowsAnyPolicy: boolean): void {
    const above = this.#last;
    const level: Level = new Map();
    this.#levels.push(level);
    if (policies === undefined || above.size === 0) return;
    const byExpected = expectedIn(above);
    const any = above.get(anyPolicy);
    const add = (policy: string, parents: readonly PolicyNode[]) =>
      level.set(policy, { parents, expected: [policy] });
    for (const { policy } of policies) {
      if (policy === anyPolicy) continue;
      const parents = byExpected.get(policy) ?? (any === undefined ? [] : [any]);
      if (parents.length > 0) add(policy, parents);
    }
    if (!allowsAnyPolicy || !policies.some(({ policy }) => policy === anyPolicy)) return;
    for (const [policy, parents] of byExpected) if (!level.has(policy)) add(policy, parents);
  }

  /** §6.1.4 (b): what the last certificate says that policies are called below it. */
  map(mappings: readonly PolicyMapping[], areAllowed: boolean): void {
    const level = this.#last;
    const subjects = new Map<string, Set<string>>();
    for (const { issuerDomainPolicy, subjectDomainPolicy } of mappings) {
      const known = subjects.get(issuerDomainPolicy);
      if (known === undefined) subjects.set(issuerDomainPolicy, new Set([subjectDomainPolicy]));
      else known.add(subjectDomainPolicy);
    }
    const any = level.get(anyPolicy);
    for (const [policy, names] of subjects) {
      const node = level.get(policy);
      if (!areAllowed) level.delete(policy);
      else if (node !== undefined) node.expected = [...names];
      // Its parent is that of anyPolicy: the anyPolicy above.
      else if (any !== undefined) level.set(policy, { parents: any.parents, expected: [...names] });
    }
  }

  /**
   * §6.1.5 (g): the authority-constrained-policy-set, in the words of the trust anchor: policies that begin right
   * below anyPolicy and lead to the last certificate, and anyPolicy where that reaches it.
   */
  authorityConstrained(): Set<string> {
    const policies = new Set<string>();
    let reached: ReadonlySet<PolicyNode> = new Set(this.#last.values());
    if (this.#last.has(anyPolicy)) policies.add(anyPolicy);
    for (let depth = this.#levels.length - 1; depth > 0; depth--) {
      const any = this.#levels[depth - 1]!.get(anyPolicy);
      const parents = new Set<PolicyNode>();
      for (const [policy, node] of this.#levels[depth]!) {
        if (!reached.has(node)) continue;
        for (const parent of node.parents) parents.add(parent);
        if (policy !== anyPolicy && any !== undefined && node.parents.includes(any)) policies.add(policy);
      }
      reached = parents;
    }
    return policies;
  }

  get #last(): Level {
    return this.#levels[this.#levels.length - 1]!;
  }
}

/** Nodes by each name that may be given to them. */
function expectedIn(level: Level): Map<string, PolicyNode[]> {
  const byExpected = new Map<string, PolicyNode[]>();
  for (const node of level.values()) {
    for (const policy of node.expected) {
      const known = byExpected.get(policy);
      if (known === undefined) byExpected.set(policy, [node]);
      else known.push(node);
    }
  }
  return byExpected;
}
