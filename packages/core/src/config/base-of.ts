/** The configuration that `withSessions` has made this one of, or itself: what is made of anything else is the same for both. */
export function baseOf<Config extends object>(config: Config): Config {
  return (config as { readonly [madeOf]?: Config })[madeOf] ?? config;
}

/** Not enumerable: who copies it once more, and changes more, has made another. */
export function markDerived<Config extends object>(copy: Config, config: Config): void {
  Object.defineProperty(copy, madeOf, { value: baseOf(config) });
}

const madeOf = /* @__PURE__ */ Symbol('made of');
