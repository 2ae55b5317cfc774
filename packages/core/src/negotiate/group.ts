/** The group to use, and whether the client must be asked for a share of it. */
export type GroupChoice = { readonly group: number; readonly needsRetry: boolean };

/**
 * The server's choice of a group (RFC 9846 §4.2.1): the most wanted of ours for which the client sent a share;
 * if it sent none that we take, the most wanted that it lists, after a HelloRetryRequest. With `mayRetry` always that.
 */
export function selectGroup(
  ours: readonly number[],
  listed: readonly number[],
  shared: readonly number[],
  mayRetry = false,
): GroupChoice | undefined {
  const withShare = ours.find((group) => shared.includes(group) && listed.includes(group));
  const wanted = ours.find((group) => listed.includes(group));
  if (withShare !== undefined && (!mayRetry || withShare === wanted))
    return { group: withShare, needsRetry: false };
  return wanted === undefined ? undefined : { group: wanted, needsRetry: true };
}
