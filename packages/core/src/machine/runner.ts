import type { Entropy } from '../crypto/entropy.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { ApiMisuseError, InternalError, TlsError } from '../errors/tls-error.ts';
import { wordsOf } from '../errors/words.ts';
import type { Limits } from '../limits.ts';
import type { HandshakeEnvelope } from '../messages/envelope.ts';
import type { KeyChangeBoundary } from '../record/handshake-joiner.ts';
import { Transcript } from '../transcript/transcript.ts';
import type { Decision, DecisionMap, DecisionKind } from '../values/decisions.ts';
import type { Carrier } from './carrier.ts';
import { checkReply, PendingDecisions } from './decisions.ts';
import type {
  AnyState,
  Ask,
  Command,
  Context,
  Effect,
  Machine,
  Row,
  Step,
  TaskAsk,
  TaskReply,
} from './step.ts';

/** What an interpreter offers to the runner. */
export interface RunnerHost {
  /** Carries out one effect, except those that concern the transcript. */
  apply(effect: Effect): void;
  /** Puts a question to the application. */
  ask(decision: Decision): void;
  /** Answers a question on the spot, or leaves it to the application. */
  answerInline(decision: Decision): DecisionMap[DecisionKind]['reply'] | undefined;
  boundary(): KeyChangeBoundary;
  endFlight(section: string): void;
}

export interface RunnerSetup {
  readonly provider: CryptoProvider;
  readonly entropy: Entropy;
  readonly limits: Limits;
  /** What the messages travel in. */
  readonly carrier: Carrier;
  /** Where it begins. */
  readonly first: Step;
  /** What messages are appended to; default `Transcript.empty`. */
  readonly transcript?: Transcript;
}

/**
 * The loop: looks a message, a reply or a command up in the table of the current state, calls the one handler,
 * carries out what it returns. "Unexpected message" is written here and nowhere else.
 */
export class Runner {
  readonly #host: RunnerHost;
  readonly #setup: Omit<RunnerSetup, 'first' | 'transcript'>;
  readonly #decisions = new PendingDecisions();
  #machine: Machine;
  #state: AnyState;
  #transcript: Transcript;
  #nowMs = 0;
  #receivedAtMs = 0;
  #isAdvancing = false;
  #isOver = false;

  constructor(host: RunnerHost, { first, transcript = Transcript.empty, ...setup }: RunnerSetup) {
    this.#host = host;
    this.#setup = setup;
    this.#transcript = transcript;
    this.#machine = first.machine;
    this.#state = first.state;
  }

  /** What may happen now. */
  get row(): Row {
    const row = this.#machine.rows[this.#state.at];
    if (row === undefined) throw new InternalError(`${this.#machine.name} has no row for ${this.#state.at}`);
    return row;
  }

  /** For messages and traces: `tls13 client: awaitFinished`. */
  get position(): string {
    return `${this.#machine.name}: ${this.#state.at}`;
  }

  /** Whether questions of tasks are open. */
  get hasOpenTasks(): boolean {
    return this.#decisions.openTasks > 0;
  }

  /** True while a decision keeps the input waiting. */
  get isHeld(): boolean {
    return this.#decisions.holding !== undefined;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Moves the connection's clock; it never runs backwards. */
  tick(nowMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
  }

  /** Takes one handshake message that arrived whole at `receivedAtMs`. */
  message(envelope: HandshakeEnvelope, receivedAtMs: number): void {
    const { row } = this;
    const decoder = this.#machine.messages.get(envelope.type);
    if (decoder === undefined) {
      throw new TlsError('peer.unknownMessageType', `handshake type ${envelope.type} is not defined`, {
        section: 'RFC 9846 §4',
      });
    }
    if (!decoder.names.some((name) => row.reads.includes(name)))
      throw this.#unexpected(decoder.names[0]!, row);
    const message = decoder.decode(envelope.body);
    if (!row.reads.includes(message.type)) throw this.#unexpected(message.type, row);
    this.#receivedAtMs = receivedAtMs;
    const before = this.#transcript;
    const after = row.transcribed === false ? before : before.append(envelope.raw);
    this.#transcript = after;
    this.#advance(this.#machine.onMessage(this.#state, message, this.#context(envelope.raw, before, after)));
  }

  /** Whether a change_cipher_spec is a step of the handshake now. */
  get readsChangeCipherSpec(): boolean {
    return this.row.reads.includes('change_cipher_spec');
  }

  /** Takes the peer's change_cipher_spec (RFC 5246 §7.1), which `readsChangeCipherSpec`; it is in no transcript. */
  changeCipherSpec(receivedAtMs: number): void {
    this.#receivedAtMs = receivedAtMs;
    const context = this.#contextWithoutMessage();
    this.#advance(this.#machine.onMessage(this.#state, { type: 'change_cipher_spec' }, context));
  }

  /** Obeys a command if the current state allows it; false if it does not. */
  command(command: Command): boolean {
    if (!this.row.commands.includes(command.name)) return false;
    const step = this.#machine.onCommand(this.#state, command, this.#contextWithoutMessage());
    this.#advance(step);
    return step.obeyed !== false;
  }

  /**
   * Applies the application's answer; false when the decision was cancelled. `ApiMisuseError` for a wrong
   * kind, shape or id, before anything has happened.
   */
  acceptsAnswer(decision: Decision, reply: DecisionMap[DecisionKind]['reply']): boolean {
    if (!this.#decisions.accepts(decision)) return false;
    checkReply(decision.kind, reply);
    return true;
  }

  /** Goes on with an answer that `acceptsAnswer` accepted. */
  reply(decision: Decision, reply: DecisionMap[DecisionKind]['reply']): void {
    const task = this.#decisions.settle(decision);
    this.#advance(
      task === undefined
        ? this.#machine.onReply(this.#state, reply, this.#contextWithoutMessage())
        : this.#onTaskReply({ kind: decision.kind, task, reply } as TaskReply),
    );
  }

  /** Withdraws all pending decisions. */
  cancel(): readonly Decision[] {
    return this.#decisions.cancel();
  }

  /** Lets go of the handshake, which may be large: nothing is read, asked or commanded any more. */
  end(): void {
    this.#isOver = true;
    if (this.#isAdvancing) return;
    const { name } = this.#machine;
    const { at } = this.#state;
    this.#machine = { ...over, name, rows: { [at]: overRow } };
    this.#state = { at };
    this.#transcript = Transcript.empty;
  }

  #advance(first: Step): void {
    this.#isAdvancing = true;
    try {
      this.#take(first);
    } finally {
      this.#isAdvancing = false;
      if (this.#isOver) this.end();
    }
  }

  #take(first: Step): void {
    const inline: TaskReply[] = [];
    let step: Step | undefined = first;
    while (step !== undefined) {
      this.#machine = step.machine;
      this.#state = step.state;
      for (const effect of step.effects) {
        if (effect.do === 'setTranscript') this.#transcript = effect.transcript;
        else this.#host.apply(effect);
      }
      for (const ask of step.taskAsks ?? []) {
        const reply = this.#answerTaskNow(ask);
        if (reply !== undefined) inline.push(reply);
      }
      const reply = this.#answerNow(step.ask);
      if (reply !== undefined) {
        step = this.#machine.onReply(this.#state, reply, this.#contextWithoutMessage());
      } else {
        const next = inline.shift();
        step = next === undefined ? undefined : this.#onTaskReply(next);
      }
    }
    // An idle connection should not carry its handshake; what still needs the transcript has it in its state.
    if (this.row.transcribed === false) this.#transcript = Transcript.empty;
  }

  #onTaskReply(reply: TaskReply): Step {
    if (this.row.tasks?.includes(reply.kind) !== true) {
      throw new InternalError(`${this.position} takes no answer to ${reply.kind} of a task`);
    }
    return this.#machine.onTaskReply(this.#state, reply, this.#contextWithoutMessage());
  }

  /** Asks what the step asks; returns the inline answer, if there is one. */
  #answerNow(ask: Ask | undefined): DecisionMap[DecisionKind]['reply'] | undefined {
    const { asks } = this.row;
    // What happens beside an open question, such as a change of our keys, leaves it open.
    if (ask === undefined && asks !== undefined && this.#decisions.holding?.kind === asks) return undefined;
    if (asks !== ask?.kind) {
      throw new InternalError(
        `${this.position} asks ${ask?.kind ?? 'nothing'}, its row says ${asks ?? 'nothing'}`,
      );
    }
    return ask === undefined ? undefined : this.#put(this.#decisions.issue(ask));
  }

  #answerTaskNow(ask: TaskAsk): TaskReply | undefined {
    if (this.row.tasks?.includes(ask.kind) !== true) {
      throw new InternalError(`${this.position} has no tasks that ask ${ask.kind}`);
    }
    const reply = this.#put(this.#decisions.issueOfTask(ask));
    return reply === undefined ? undefined : ({ kind: ask.kind, task: ask.task, reply } as TaskReply);
  }

  /** Puts a question to the inline policies, and to the application where they do not answer. */
  #put(decision: Decision): DecisionMap[DecisionKind]['reply'] | undefined {
    const reply = this.#host.answerInline(decision);
    if (reply === undefined) {
      this.#host.ask(decision);
      return undefined;
    }
    this.#decisions.settle(decision);
    checkInline(decision.kind, reply);
    return reply;
  }

  #contextWithoutMessage(): Context {
    return this.#context(noBytes, this.#transcript, this.#transcript);
  }

  #context(raw: Uint8Array, before: Transcript, after: Transcript): Context {
    return {
      provider: this.#setup.provider,
      entropy: this.#setup.entropy,
      limits: this.#setup.limits,
      carrier: this.#setup.carrier,
      nowMs: this.#nowMs,
      receivedAtMs: this.#receivedAtMs,
      raw,
      before,
      after,
      boundary: () => this.#host.boundary(),
      endFlight: (section) => this.#host.endFlight(section),
    };
  }

  #unexpected(name: string, row: Row): TlsError {
    const expected = row.reads.length > 0 ? row.reads.join(' or ') : 'nothing';
    return new TlsError('peer.unexpectedMessage', `${this.position} expected ${expected}, got ${name}`, {
      section: 'RFC 9846 §4',
      handshakeMessage: name,
    });
  }
}

/** An inline policy runs inside `receive`, where nothing may be thrown at the caller; its mistakes end the connection. */
function checkInline(kind: DecisionKind, reply: DecisionMap[DecisionKind]['reply']): void {
  try {
    checkReply(kind, reply);
  } catch (error) {
    if (!(error instanceof ApiMisuseError)) throw error;
    throw new TlsError('local.policyFailed', `inline answer: ${error.message}`, { cause: error });
  }
}

/** Turns whatever was thrown while the peer's input was handled into the reason for the connection's end. */
export function asTlsError(thrown: unknown): TlsError {
  if (thrown instanceof TlsError) return thrown;
  return new TlsError('internal.error', `internal error: ${wordsOf(thrown)}`, { cause: thrown });
}

/** Of a connection that is over: its place remains, for messages. */
const overRow: Row = { reads: [], ccs: 'refuse', data: 'refuse', commands: [] };

const nothing = (): never => {
  throw new InternalError('the connection is over');
};

const over: Omit<Machine, 'name' | 'rows'> = {
  messages: /* @__PURE__ */ new Map(),
  onMessage: nothing,
  onReply: nothing,
  onTaskReply: nothing,
  onCommand: nothing,
};

const noBytes = /* @__PURE__ */ new Uint8Array(0);
