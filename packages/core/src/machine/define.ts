import type { DecisionMap } from '../values/decisions.ts';
import type {
  AnyMessage,
  AnyState,
  Ask,
  Command,
  Context,
  Effect,
  Machine,
  MessageTable,
  Row,
  Step,
  TaskAsk,
  TaskReply,
} from './step.ts';

/** Rows for every state of a union, as a literal table: the machine's whole grammar. */
export type Rows<S extends AnyState> = Readonly<Record<S['at'], Row>>;

/** What a handler returns: a state of its own machine, or a whole step that hands over to another one. */
export type Move<S extends AnyState> =
  | {
      readonly state: S;
      readonly effects?: readonly Effect[];
      readonly ask?: Ask;
      readonly taskAsks?: readonly TaskAsk[];
      readonly obeyed?: false;
      readonly machine?: never;
    }
  | Step;

type ReadingState<R> = { [A in keyof R]: R[A] extends { reads: readonly [] } ? never : A }[keyof R];
type DecidingState<R> = { [A in keyof R]: R[A] extends { asks: string } ? A : never }[keyof R];
type TaskedState<R> = { [A in keyof R]: R[A] extends { tasks: readonly string[] } ? A : never }[keyof R];
type CommandedState<R> = { [A in keyof R]: R[A] extends { commands: readonly [] } ? never : A }[keyof R];

/**
 * The handlers that a table of rows asks for. A handler receives only the messages, replies and commands
 * that its row allows; a missing handler or one too many does not compile.
 */
export interface Handlers<S extends AnyState, M extends AnyMessage, R extends Rows<S>> {
  readonly onMessage: {
    readonly [A in ReadingState<R>]: (
      state: Extract<S, { readonly at: A }>,
      message: Extract<M, { readonly type: R[A] extends { reads: readonly (infer T)[] } ? T : never }>,
      context: Context,
    ) => Move<S>;
  };
  readonly onReply: {
    readonly [A in DecidingState<R>]: (
      state: Extract<S, { readonly at: A }>,
      reply: R[A] extends { asks: infer K extends keyof DecisionMap } ? DecisionMap[K]['reply'] : never,
      context: Context,
    ) => Move<S>;
  };
  readonly onTaskReply: {
    readonly [A in TaskedState<R>]: (
      state: Extract<S, { readonly at: A }>,
      reply: R[A] extends { tasks: readonly (infer K extends keyof DecisionMap)[] } ? TaskReply<K> : never,
      context: Context,
    ) => Move<S>;
  };
  readonly onCommand: {
    readonly [A in CommandedState<R>]: (
      state: Extract<S, { readonly at: A }>,
      command: Extract<
        Command,
        { readonly name: R[A] extends { commands: readonly (infer N)[] } ? N : never }
      >,
      context: Context,
    ) => Move<S>;
  };
}

/** A machine that can be entered from another room. */
export interface DefinedMachine<S extends AnyState> extends Machine {
  enter(move: Move<S>): Step;
}

/** Binds a table of rows to its handlers; a mistake in either does not compile. */
export function defineMachine<S extends AnyState, M extends AnyMessage>() {
  return <const R extends Rows<S>>(
    name: string,
    rows: R,
    messages: MessageTable,
    handlers: Handlers<S, M, R>,
  ): DefinedMachine<S> => {
    // The types above have checked every pair of state and handler; here they are erased once.
    type Erased = Readonly<Record<string, (state: AnyState, input: unknown, context: Context) => Move<S>>>;
    const { onMessage, onReply, onTaskReply, onCommand } = handlers as unknown as Readonly<
      Record<keyof typeof handlers, Erased>
    >;
    const machine: DefinedMachine<S> = {
      name,
      rows,
      messages,
      onMessage: (state, message, context) => machine.enter(onMessage[state.at]!(state, message, context)),
      onReply: (state, reply, context) => machine.enter(onReply[state.at]!(state, reply, context)),
      onTaskReply: (state, reply, context) => machine.enter(onTaskReply[state.at]!(state, reply, context)),
      onCommand: (state, command, context) => machine.enter(onCommand[state.at]!(state, command, context)),
      enter(move) {
        if (move.machine !== undefined) return move;
        const { state, effects = noEffects, ask, taskAsks, obeyed } = move;
        if (ask === undefined && taskAsks === undefined && obeyed === undefined)
          return { machine, state, effects };
        return {
          machine,
          state,
          effects,
          ...(ask === undefined ? {} : { ask }),
          ...(taskAsks === undefined ? {} : { taskAsks }),
          ...(obeyed === undefined ? {} : { obeyed }),
        };
      },
    };
    return machine;
  };
}

const noEffects: readonly Effect[] = [];

/** The move with these effects before its own. */
export function preceded<S extends AnyState>(effects: readonly Effect[], move: Move<S>): Move<S> {
  return effects.length === 0 ? move : { ...move, effects: [...effects, ...(move.effects ?? [])] };
}
