/** `true` where each is assignable to the other, otherwise which is not. */
export type Mutual<Ours, Theirs> = [Ours] extends [Theirs]
  ? [Theirs] extends [Ours]
    ? true
    : 'theirs is not assignable to ours'
  : 'ours is not assignable to theirs';

export type IsAny<T> = 0 extends 1 & T ? true : false;

/** The names of those members that are `any`, or functions that take or give it. */
export type AnyMembers<T> = {
  [K in keyof T]-?: IsAny<T[K]> extends true ? K : SaysAny<T[K]> extends true ? K : never;
}[keyof T];

type SaysAny<F> = F extends (...args: infer Args) => infer Result
  ? IsAny<Args> extends true
    ? true
    : IsAny<Result> extends true
      ? true
      : true extends { [I in keyof Args]: IsAny<Args[I]> }[number]
        ? true
        : false
  : false;

export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
