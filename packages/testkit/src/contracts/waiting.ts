import { ContractFailure } from './contract-case.ts';

/**
 * Time, for contracts of what runs in real time. All runtimes have this one function of the host; its type comes
 * from here because no library of any of them is part of this package.
 */
declare function setTimeout(run: () => void, delayMs: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare const AbortController: new () => { readonly signal: HostAbortSignal; abort(reason?: unknown): void };

/** The `AbortSignal` of the runtime that uses this package, by the types that it has for it. */
export type HostAbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } }
  ? Signal
  : { readonly aborted: boolean };

export function abortController(): { readonly signal: HostAbortSignal; abort(reason?: unknown): void } {
  return new AbortController();
}

export function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, delayMs));
}

/** What `promise` gives; a failure when it takes longer than `withinMs`: nothing may hang. */
export async function settled<T>(promise: Promise<T>, what: string, withinMs = longEnoughMs): Promise<T> {
  let timer: unknown;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new ContractFailure(`${what}: not settled after ${withinMs} ms`)),
      withinMs,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The error that `promise` ends in; a failure if it has none, or hangs. */
export async function rejection(promise: Promise<unknown>, what: string): Promise<Error & ErrorFields> {
  const outcome = await settled(
    promise.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    ),
    what,
  );
  if ('value' in outcome) throw new ContractFailure(`${what}: expected a rejection, got ${outcome.value}`);
  if (outcome.error instanceof Error) return outcome.error;
  throw new ContractFailure(`${what}: rejected with ${String(outcome.error)}, which is no Error`);
}

/** A function that says whether the promise is still open. */
export function pendingOf(promise: Promise<unknown>): () => boolean {
  let isOpen = true;
  const over = () => {
    isOpen = false;
  };
  promise.then(over, over);
  return () => isOpen;
}

/** Waits until `condition` holds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let waitedMs = 0; !condition(); waitedMs += 5) {
    if (waitedMs > longEnoughMs) throw new ContractFailure(`${what}: never came true`);
    await pause(5);
  }
}

/** What takes longer hangs, however busy the machine is. */
const longEnoughMs = 120_000;

interface ErrorFields {
  readonly code?: unknown;
  readonly receivedAlert?: unknown;
}
