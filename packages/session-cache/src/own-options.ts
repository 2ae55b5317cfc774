import { ownOnly, refuseUnknownOptions } from '@sealwire/core';

/** Own options alone, all of them known; `ApiMisuseError` says which is not. */
export function ownOptions<O extends object>(
  what: string,
  options: O,
  names: Readonly<Record<keyof O, true>>,
): O {
  refuseUnknownOptions(what, options, Object.keys(names));
  return ownOnly(options);
}
