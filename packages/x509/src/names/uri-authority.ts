/**
 * Scheme and host of a URI with an authority (RFC 3986 §3.2), where the host may be a name; `undefined` for anything else. User
 * and port are not looked at, but must be made of what may stand there: programs disagree where the host is in
 * `https://a.example\@b.example`, and then nobody can say whom the URI is about.
 */
export function uriAuthority(uri: string): { readonly scheme: string; readonly host: string } | undefined {
  const [, scheme, host] = pattern.exec(uri) ?? [];
  return scheme === undefined || host === undefined ? undefined : { scheme, host };
}

const pattern = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(?:[\w.~!$&'()*+,;=:%-]*@)?([\w.-]+)(?::[0-9]*)?(?:[/?#]|$)/;
