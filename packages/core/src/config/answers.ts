import type { DecisionKind, DecisionMap } from '../values/decisions.ts';

/**
 * Policies that answer decisions on the spot, synchronously. A decision without a policy, or whose policy
 * returns `undefined`, becomes an output of the connection and waits for `answer`.
 */
export type Answers = {
  readonly [K in DecisionKind]?: (ask: DecisionMap[K]['ask']) => DecisionMap[K]['reply'] | undefined;
};
