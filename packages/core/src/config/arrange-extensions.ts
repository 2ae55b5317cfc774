import type { RawExtension } from '../extensions/definition.ts';
import type { ExtensionType } from '../registry/extension-types.ts';
import type { OwnMessage, SharedConfig } from './shared.ts';

/**
 * Our extensions and the caller's own, in the wanted order: those that `order` names first, then the rest as
 * they come. The caller's replace ours of the same type.
 */
export function arrangeExtensions(
  own: readonly RawExtension[],
  config: SharedConfig,
  place: OwnMessage,
  order: readonly number[],
): RawExtension[] {
  const extra = config.extraExtensions.filter((each) => each.in === place);
  const replaced = own.map((each) => extra.find((other) => other.type === each.type) ?? each);
  const added = extra.filter((each) => !own.some((other) => other.type === each.type));
  const all = [...replaced, ...added].map(({ type, data }) => ({ type: type as ExtensionType, data }));
  return rankExtensions(all, order);
}

/** The extensions that `order` names first, in that order; the others as they come. */
export function rankExtensions(list: readonly RawExtension[], order: readonly number[]): RawExtension[] {
  const rank = (type: number) => (order.includes(type) ? order.indexOf(type) : order.length);
  return [...list].sort((a, b) => rank(a.type) - rank(b.type));
}
