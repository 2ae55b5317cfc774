import { type Issued, type PathPolicy, type VerifyChainOptions, verifyChain } from '../src/index.ts';
import { authority, type Contents, issue, nowMs, provider } from './authority.ts';

/** `ok`, or the code, the reason and the depth of the refusal, in one line. */
export function outcomeOf(
  chain: readonly Issued[],
  root: Issued,
  options: Partial<VerifyChainOptions> = {},
): string {
  const outcome = verifyChain({
    provider,
    chain: chain.map(({ certificate }) => certificate),
    roots: root.certificate,
    timeMs: nowMs,
    ...options,
  });
  return outcome.ok ? 'ok' : `${outcome.code} (${outcome.reason}) at ${outcome.depth}`;
}

/** root → middle → leaf, with something changed in each. */
export function chain(
  change: {
    root?: Contents;
    middle?: Contents;
    leaf?: Contents;
    options?: Partial<VerifyChainOptions>;
    policy?: Partial<PathPolicy>;
  } = {},
): string {
  const root = authority('root', change.root);
  const middle = authority('middle', { issuer: root, ...change.middle });
  const leaf = issue('leaf', { issuer: middle, dnsNames: ['a.example'], ...change.leaf });
  return outcomeOf([leaf, middle], root, {
    ...change.options,
    ...(change.policy === undefined ? {} : { policy: change.policy }),
  });
}
