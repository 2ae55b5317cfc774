import type { RawExtension } from '../extensions/definition.ts';
import { extensionTypes, type ExtensionType } from '../registry/extension-types.ts';
import { isGrease } from '../registry/grease.ts';
import { ownCustomExtensions, type AskedBlock } from './custom-extensions.ts';
import type { OwnMessage, SharedConfig } from './shared.ts';

/** Our extensions and the caller's own, `request` being the message that is answered, in the wanted order: those that `order` names first, then the rest as they come. */
export function arrangeExtensions(
  own: readonly RawExtension[],
  config: SharedConfig,
  place: OwnMessage,
  order: readonly number[],
  request?: AskedBlock,
): RawExtension[] {
  return rankExtensions(withExtraExtensions(own, config, place, request), order);
}

/** Our extensions and the caller's own, which replace ours of the same type. */
export function withExtraExtensions(
  own: readonly RawExtension[],
  config: SharedConfig,
  place: OwnMessage,
  request?: AskedBlock,
): RawExtension[] {
  const custom = place === 'HRR' ? [] : ownCustomExtensions(config.customExtensions, place, request);
  return withExtra([...own, ...custom], config, place);
}

function withExtra(own: readonly RawExtension[], config: SharedConfig, place: OwnMessage): RawExtension[] {
  const extra = config.extraExtensions.filter((each) => each.in === place);
  const replaced = own.map((each) => extra.find((other) => other.type === each.type) ?? each);
  const added = extra.filter((each) => !own.some((other) => other.type === each.type));
  return [...replaced, ...added].map(({ type, data }) => ({ type: type as ExtensionType, data }));
}

/**
 * The extensions that `order` names first, in that order; the others as they come. Of those, GREASE stays around
 * the rest, padding follows it, and pre_shared_key comes last of all (RFC 9846 §4.3.11).
 */
export function rankExtensions(list: readonly RawExtension[], order: readonly number[]): RawExtension[] {
  const first = list[0];
  const rank = (entry: RawExtension) => {
    const { type } = entry;
    if (type === extensionTypes.pre_shared_key) return order.length + 3;
    if (order.includes(type)) return order.indexOf(type);
    if (type === extensionTypes.padding) return order.length + 2;
    if (!isGrease(type)) return order.length;
    return entry === first ? -1 : order.length + 1;
  };
  return [...list].sort((a, b) => rank(a) - rank(b));
}
