import type { Answers, Connection, Decision, DecisionKind, DecisionMap, Facts, Output } from '@sealwire/core';
import { concatenated } from '../bytes.ts';

/** How far a side has come: `waiting` before the handshake is complete, or for ever. */
export type Ending = 'waiting' | 'connected' | 'closed' | 'failed';

export type Failure = Extract<Output, { readonly type: 'failed' }>;

/** What one side of a pair has said and done. */
export interface SideResult {
  /** Every output in order, as polled. */
  readonly outputs: readonly Output[];
  /** All bytes that it sent, before anybody in the middle touched them. */
  readonly transmitted: Uint8Array;
  /** All application data that it delivered. */
  readonly data: Uint8Array;
  readonly facts: Facts;
  readonly ending: Ending;
  /** The output `failed`, if there was one. */
  readonly failure: Failure | undefined;
  /** The question that nobody answers, if one is left; the oldest of several. */
  readonly unanswered: Decision | undefined;
}

/** How long questions wait: rounds of the link, and time. */
export interface AnswerDelay {
  readonly rounds: number;
  readonly ms: number;
}

/** A question that waits for its answer. */
interface Question {
  readonly decision: Decision;
  /** Rounds of the pair until it is answered. */
  roundsLeft: number;
  /** Not before, in ms of the pair's clock. */
  readonly dueAtMs: number;
  /** Its policy has returned `undefined`. */
  isLeftOpen: boolean;
}

/** One connection of a pair with its records. */
export class PairSide {
  readonly connection: Connection;
  readonly #answers: Answers;
  readonly #outputs: Output[] = [];
  readonly #transmitted: Uint8Array[] = [];
  readonly #data: Uint8Array[] = [];
  /** In the order asked; more than one only where they hold nothing up. */
  #questions: Question[] = [];
  #ending: Ending = 'waiting';

  constructor(connection: Connection, answers: Answers) {
    this.connection = connection;
    this.#answers = answers;
  }

  /** Whether a question waits that somebody will answer. */
  get owesAnswer(): boolean {
    return this.#questions.some(
      (question) => this.#willBeAnswered(question) && question.dueAtMs === Number.NEGATIVE_INFINITY,
    );
  }

  /** When the next question is answered that waits for a time; infinity if none does. */
  get nextAnswerMs(): number {
    return Math.min(
      ...this.#questions
        .filter((question) => this.#willBeAnswered(question) && question.dueAtMs !== Number.NEGATIVE_INFINITY)
        .map(({ dueAtMs }) => dueAtMs),
    );
  }

  /** Keeps an output; returns the bytes to send, in memory of their own. */
  note(output: Output, delay: AnswerDelay, nowMs: number): Uint8Array | undefined {
    this.#outputs.push(output);
    switch (output.type) {
      case 'transmit': {
        const bytes = concatenated(output.pieces);
        this.#transmitted.push(bytes);
        return bytes.slice();
      }
      case 'data':
        this.#data.push(output.bytes.slice());
        return undefined;
      case 'decision':
        this.#questions.push({
          decision: output.decision,
          roundsLeft: delay.rounds,
          dueAtMs: delay.ms === 0 ? Number.NEGATIVE_INFINITY : nowMs + delay.ms,
          isLeftOpen: false,
        });
        return undefined;
      case 'decisionCancelled':
        this.#questions = this.#questions.filter(({ decision }) => decision.id !== output.decision.id);
        return undefined;
      case 'connected':
      case 'closed':
      case 'failed':
        this.#ending = output.type;
        return undefined;
      default:
        return undefined;
    }
  }

  passRound(): void {
    for (const question of this.#questions) question.roundsLeft--;
  }

  /** Answers a question that is due; false if there is none. */
  answerDue(nowMs: number, linkIsQuiet: boolean): boolean {
    const question = this.#questions.find(
      ({ isLeftOpen, roundsLeft, dueAtMs }) =>
        !isLeftOpen &&
        dueAtMs <= nowMs &&
        (roundsLeft <= 0 || (linkIsQuiet && roundsLeft === Number.POSITIVE_INFINITY)),
    );
    if (question === undefined) return false;
    const { decision } = question;
    const policy = this.#answers[decision.kind] as
      | ((ask: Decision['ask']) => DecisionMap[DecisionKind]['reply'] | undefined)
      | undefined;
    const reply = policy?.(decision.ask);
    if (reply === undefined) {
      question.isLeftOpen = true;
      return false;
    }
    this.#questions = this.#questions.filter((each) => each !== question);
    this.connection.answer(decision, reply, nowMs);
    return true;
  }

  result(): SideResult {
    const failure = this.#outputs.find((output) => output.type === 'failed');
    return {
      outputs: [...this.#outputs],
      transmitted: concatenated(this.#transmitted),
      data: concatenated(this.#data),
      facts: this.connection.facts,
      ending: this.#ending,
      failure,
      unanswered: this.#questions[0]?.decision,
    };
  }

  #willBeAnswered({ isLeftOpen, decision }: Question): boolean {
    return !isLeftOpen && this.#answers[decision.kind] !== undefined;
  }
}
