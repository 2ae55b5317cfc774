/**
 * The field of options, which may have inherited it from others, but not from `Object.prototype`, where somebody may have put it by
 * mistake or on purpose: it would turn checks off for all.
 */
export function said<T extends object, K extends keyof T>(options: T, name: K): T[K] | undefined {
  for (
    let each: unknown = options;
    each !== null && each !== Object.prototype;
    each = Object.getPrototypeOf(each)
  )
    if (Object.hasOwn(each as object, name)) return options[name];
  return undefined;
}
