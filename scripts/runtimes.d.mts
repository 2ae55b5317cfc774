/** Types of runtimes.mjs, for what is compiled. */
export type RuntimeName =
  | 'bun'
  | 'deno'
  | 'workerd'
  | 'node20.19'
  | 'node20.20'
  | 'node22'
  | 'node24'
  | 'node26';
export const runtimeNames: readonly RuntimeName[];
export function findRuntime(
  name: RuntimeName,
): { readonly path: string; readonly version: string } | { readonly reason: string };
export function runtime(name: RuntimeName): string | undefined;
