/**
 * Constructors as they were before there were classes: called without `new`, or on an object that somebody else makes, as
 * Node's own `https.Server` does with `tls.Server`. The methods are those of a class that is itself never constructed.
 */
export function callable<Instance extends object, Args extends unknown[]>(
  methods: abstract new (...args: never[]) => Instance,
  parent: object | null,
  initialise: (self: Instance, ...args: Args) => void,
): Callable<Instance, Args> {
  const { name } = methods;
  const { prototype } = methods;
  const made = {
    [name]: function (this: unknown, ...args: Args): unknown {
      if (!(this instanceof made)) return Reflect.construct(made, args);
      initialise(this as Instance, ...args);
      return undefined;
    },
  }[name] as unknown as Callable<Instance, Args>;
  // As methods are that were assigned.
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (name !== 'constructor') Object.defineProperty(prototype, name, { enumerable: true });
  }
  // As many parameters as are named, less the object itself.
  Object.defineProperty(made, 'length', { value: Math.max(initialise.length - 1, 0) });
  Object.defineProperty(made, 'prototype', { value: prototype, writable: false });
  Object.defineProperty(prototype, 'constructor', { value: made, writable: true, configurable: true });
  if (parent !== null) Object.setPrototypeOf(made, parent);
  return made;
}

export interface Callable<Instance extends object, Args extends unknown[]> {
  new (...args: Args): Instance;
  (...args: Args): Instance;
  readonly prototype: Instance;
}

/** Makes the parent's part of an object that exists already. */
export function construct(parent: unknown, self: object, ...args: unknown[]): void {
  (parent as (...args: unknown[]) => void).call(self, ...args);
}
