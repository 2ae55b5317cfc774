import { ApiMisuseError, type Decision, type DecisionKind, type DecisionMap, wordsOf } from '@sealwire/core';

/**
 * The application's part in a handshake: one function for each question that it wants to answer itself, at once
 * or by a promise. What is left out has a default: certificates and keys of the options answer
 * `selectCertificate`, `sign` and `fetchStatus`; `roots` answers `verifyPeer`.
 *
 * `signal` is aborted when the answer is no longer wanted. A function that throws or rejects could not answer: the
 * handshake fails (of `verifyPeer` with the reason `unavailable`), and the error is the `cause`.
 */
export type Decide = {
  readonly [K in DecisionKind]?: (
    ask: DecisionMap[K]['ask'],
    context: { readonly signal: AbortSignal },
  ) => Reply<K> | Promise<Reply<K>>;
};

type Reply<K extends DecisionKind> = DecisionMap[K]['reply'];

/** The questions of one connection that the application has not answered yet. */
export class Questions {
  readonly #decide: Decide;
  /** Made for the first question: most connections have none. */
  #open: Map<number, AbortController> | undefined;

  constructor(decide: Decide) {
    this.#decide = decide;
  }

  /** Gives the application's answer to `tell`; rejects for a mistake of ours alone. */
  async ask(decision: Decision, tell: (reply: Reply<DecisionKind>) => void): Promise<void> {
    const reply = await this.#replyTo(decision);
    try {
      tell(reply);
    } catch (error) {
      // The application's answer has the wrong shape.
      if (!(error instanceof ApiMisuseError)) throw error;
      tell(refusal(decision.kind, error));
    }
  }

  async #replyTo({ kind, id, ask }: Decision): Promise<Reply<DecisionKind>> {
    const answer = this.#decide[kind] as
      | ((ask: Decision['ask'], context: { signal: AbortSignal }) => unknown)
      | undefined;
    if (answer === undefined) {
      return refusal(kind, new Error(`the options say nothing that answers ${kind}`));
    }
    const controller = new AbortController();
    this.#open ??= new Map();
    this.#open.set(id, controller);
    try {
      return (await answer(ask, { signal: controller.signal })) as Reply<DecisionKind>;
    } catch (error) {
      return refusal(kind, error);
    } finally {
      this.#open?.delete(id);
    }
  }

  /** Tells the application that an answer is no longer wanted. */
  withdraw({ id }: Decision): void {
    this.#open?.get(id)?.abort();
  }

  withdrawAll(reason: Error | undefined): void {
    for (const controller of this.#open?.values() ?? []) controller.abort(reason);
  }
}

/** The reply that says: `error` kept us from answering. */
function refusal(kind: DecisionKind, error: unknown): Reply<DecisionKind> {
  const message = `${kind} failed: ${wordsOf(error)}`;
  if (kind === 'verifyPeer') return { ok: false, reason: 'unavailable', message, cause: error };
  if (kind === 'chooseConfig') return { ok: false, reason: 'refused', message, cause: error };
  return { ok: false, message, cause: error };
}
