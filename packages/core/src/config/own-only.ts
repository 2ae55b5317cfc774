/**
 * What the object itself has, and nothing that others have put on `Object.prototype`: there `verify: false` would turn off for a whole
 * process what nobody has turned off.
 */
export function ownOnly<O extends object>(options: O): O {
  return Object.assign(Object.create(null) as O, options);
}
