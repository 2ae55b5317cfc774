/**
 * What is declared (src/types) is there: each member that the declarations of Node have of our classes exists in the classes that do
 * the work, and takes what is declared. Nothing of this runs; `check:types` compiles it.
 */
import type { Server as NetServer, Socket } from 'node:net';
import type { InnerContext } from '../src/context/inner-context.ts';
import type { ServerMethods } from '../src/server/server.ts';
import type { TLSSocketMethods } from '../src/socket/methods.ts';
import type * as types from '../src/types/index.ts';

/** The names of members that are missing, or take less. */
type Unfit<Made, Declared> = {
  [Name in keyof Declared]: Name extends keyof Made
    ? Declared[Name] extends (...args: infer Asked) => unknown
      ? Made[Name] extends (...args: infer Taken) => unknown
        ? Plain<Asked> extends Plain<Taken>
          ? never
          : Name
        : Name
      : never
    : Name;
}[keyof Declared];

/** The functions that do the work look at objects themselves. */
type Plain<Args> = {
  [Index in keyof Args]: Args[Index] extends object | undefined ? object | undefined : Args[Index];
};

type Own<Declared, Base> = Omit<Declared, Exclude<keyof Base, 'connect'>>;
type None<T> = [T] extends [never] ? true : T;

export const fits: readonly [
  None<Unfit<TLSSocketMethods, Own<types.TLSSocket, Socket>>>,
  None<Unfit<ServerMethods, Own<types.Server, NetServer>>>,
  None<Unfit<InnerContext, types.NativeContext>>,
] = [true, true, true];

// @ts-expect-error the search finds what is missing
export const control: None<Unfit<{ a(x: string): void }, { a(x: string): void; b(): void }>> = true;
// @ts-expect-error … and what takes less
export const control2: None<Unfit<{ a(x: string): void }, { a(x: string | number): void }>> = true;
