/** The modules of Node that are changed, in so far as they are needed. */
interface Builtins {
  tls: Record<string, unknown>;
  https: { readonly Server: NodeClass };
  http2: { createSecureServer(): { readonly constructor: NodeClass } };
  _tls_wrap: Record<string, unknown>;
  _tls_common: Record<string, unknown>;
}

type NodeClass = (abstract new () => object) & { readonly prototype: object };

/**
 * Makes the members of Node's own `tls` those of `api`: whoever has that object, as Node's https, http2 and fetch have, or asks
 * for it later, reads and writes ours. Classes that have been derived from Node's before derive from ours.
 */
export function graft(api: Record<string, unknown>): void {
  const loaded = new Set((process as { moduleLoadList?: readonly string[] }).moduleLoadList);
  const isLoaded = (name: string): boolean => loaded.has(`NativeModule ${name}`);
  link(builtin('tls'), api, Object.keys(api));
  for (const name of ['_tls_wrap', '_tls_common'] as const) {
    // Newer Nodes warn when these are loaded, and do not load them for themselves.
    const own = api[name] as Record<string, unknown>;
    if (isLoaded(name)) link(builtin(name), own, Object.keys(own));
  }
  const server = api['Server'] as NodeClass;
  if (isLoaded('https')) derive(builtin('https').Server, server);
  if (isLoaded('http2')) derive(builtin('http2').createSecureServer().constructor, server);
}

function builtin<Name extends keyof Builtins>(name: Name): Builtins[Name] {
  const { getBuiltinModule } = process as unknown as { getBuiltinModule(name: string): unknown };
  return getBuiltinModule(name) as Builtins[Name];
}

/** By accessors, so that what is written on either side is seen on both. */
function link(
  target: Record<string, unknown>,
  source: Record<string, unknown>,
  names: readonly string[],
): void {
  for (const name of names) {
    // `rootCertificates` of Node stays: it cannot be redefined.
    if (Object.getOwnPropertyDescriptor(target, name)?.configurable === false) continue;
    Object.defineProperty(target, name, {
      configurable: true,
      enumerable: true,
      get: () => source[name],
      set: (value: unknown) => {
        source[name] = value;
      },
    });
  }
}

function derive(derived: NodeClass, parent: NodeClass): void {
  Object.setPrototypeOf(derived, parent);
  Object.setPrototypeOf(derived.prototype, parent.prototype);
}
