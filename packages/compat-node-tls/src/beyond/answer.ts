import { wordsOf } from '@sealwire/core';

/** Whether a function of the application's has answered by a promise, of whatever make. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

/** How an answer of the application's becomes a reply; what `of` throws, as the answer is wrong, is a refusal as well. */
export interface Replies<T, R> {
  readonly of: (answer: T) => R;
  readonly refusal: (error: Error) => R;
}

/**
 * Calls a function of the application's, and tells the reply that its answer makes, now or later; exactly once. What comes of
 * telling is not the function's business: what listeners throw there goes where it always goes.
 */
export function answered<T, R>(
  call: () => T | PromiseLike<T>,
  { of, refusal }: Replies<T, R>,
  tell: (reply: R) => void,
): void {
  const replyTo = (answer: T): R => {
    try {
      return of(answer);
    } catch (error) {
      return refusal(asError(error));
    }
  };
  let answer: T | PromiseLike<T>;
  try {
    answer = call();
  } catch (error) {
    tell(refusal(asError(error)));
    return;
  }
  if (!isThenable(answer)) {
    tell(replyTo(answer));
    return;
  }
  const later = (reply: R): void => queueMicrotask(() => tell(reply));
  void Promise.resolve(answer as PromiseLike<T>).then(
    (value) => later(replyTo(value)),
    (error: unknown) => later(refusal(asError(error))),
  );
}

function asError(error: unknown): Error {
  // The message goes into a reply, and must be one.
  const isError = error instanceof Error && typeof error.message === 'string';
  return isError ? error : new Error(wordsOf(error), { cause: error });
}
