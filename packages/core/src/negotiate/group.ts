/** The group to use, and whether the client must be asked for a share of it. */
export type GroupChoice = { readonly group: number; readonly needsRetry: boolean };

/**
 * The server's choice of a group (RFC 9846 §4.2.1): the most wanted of ours for which the client sent a share;
 * if it sent none that we take, the most wanted that it lists, after a HelloRetryRequest.
 */
export function selectGroup(
  ours: readonly number[],
  listed: readonly number[],
  shared: readonly number[],
): GroupChoice | undefined {
  const withShare = ours.find((group) => shared.includes(group) && listed.includes(group));
  if (withShare !== undefined) return { group: withShare, needsRetry: false };
  const afterRetry = ours.find((group) => listed.includes(group));
  return afterRetry === undefined ? undefined : { group: afterRetry, needsRetry: true };
}
