/**
 * Looks at what Node makes its own TLS connections with: counts them, or forbids them when SEALWIRE_FORBID_BUILTIN is set. Imported before
 * any library is.
 */
export const builtin = { wraps: 0 };

interface Binding {
  wrap: (...args: readonly unknown[]) => unknown;
}

const binding = (process as unknown as { binding(name: string): Binding }).binding('tls_wrap');
const { wrap } = binding;
binding.wrap = (...args) => {
  builtin.wraps += 1;
  if (process.env['SEALWIRE_FORBID_BUILTIN'] !== undefined) throw new Error("Node's own TLS was asked for");
  return wrap(...args);
};
