import type { Answers } from '../config/answers.ts';
import { TlsError } from '../errors/tls-error.ts';
import { wordsOf } from '../errors/words.ts';
import type { Decision, DecisionKind, DecisionMap } from '../values/decisions.ts';

type Reply = DecisionMap[DecisionKind]['reply'];

/** The policies of the configuration, which answer decisions on the spot. */
export class InlineAnswers {
  #answers: Answers;

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  /** Another configuration serves the connection from now on. */
  replace(answers: Answers): void {
    this.#answers = answers;
  }

  /** `undefined`: the application answers later. What a policy throws is its own failure, not one of ours. */
  answer({ kind, ask }: Decision): Reply | undefined {
    const policy = this.#answers[kind] as ((ask: Decision['ask']) => Reply | undefined) | undefined;
    try {
      return policy?.(ask);
    } catch (cause) {
      throw new TlsError('local.policyFailed', `the policy for ${kind} threw: ${wordsOf(cause)}`, { cause });
    }
  }
}
