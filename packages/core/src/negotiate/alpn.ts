/** `none`: the peers go on without ALPN. `noOverlap`: they may not. */
export type AlpnChoice =
  | { readonly kind: 'selected'; readonly protocol: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'noOverlap' };

/**
 * The server's choice (RFC 7301 §3.2): its own most wanted protocol that the client offers. Without overlap the
 * connection must end; if either side has no list, ALPN is not used.
 */
export function selectAlpn(ours: readonly string[], offered: readonly string[] | undefined): AlpnChoice {
  if (ours.length === 0 || offered === undefined) return { kind: 'none' };
  const protocol = ours.find((name) => offered.includes(name));
  return protocol === undefined ? { kind: 'noOverlap' } : { kind: 'selected', protocol };
}
