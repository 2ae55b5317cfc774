/**
 * The client's choice (draft-agl-tls-nextprotoneg-04 §4): "the first protocol advertised by the server that it also supports",
 * and where there is none, "the first protocol that it supports". `ours` is not empty.
 */
export function selectNextProtocol(ours: readonly string[], listed: readonly string[]): string {
  return listed.find((name) => ours.includes(name)) ?? ours[0]!;
}
