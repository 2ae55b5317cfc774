import type { DecisionMap } from '../values/decisions.ts';
import type { AnyMessage, AnyState, Ask, Command, Context, Effect, Machine, MessageTable, Row, Step } from './step.ts';

/** Rows for every state of a union, as a literal table: the machine's whole grammar. */
export type Rows<S extends AnyState> = Readonly<Record<S['at'], Row>>;

type ReadingState<R> = { [A in keyof R]: R[A] extends { reads: readonly [] } ? never : A }[keyof R];
type DecidingState<R> = { [A in keyof R]: R[A] extends { asks: string } ? A : never }[keyof R];
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
    ) => Step;
  };
  readonly onReply: {
    readonly [A in DecidingState<R>]: (
      state: Extract<S, { readonly at: A }>,
      reply: R[A] extends { asks: infer K extends keyof DecisionMap } ? DecisionMap[K]['reply'] : never,
      context: Context,
    ) => Step;
  };
  readonly onCommand: {
    readonly [A in CommandedState<R>]: (
      state: Extract<S, { readonly at: A }>,
      command: Extract<Command, { readonly name: R[A] extends { commands: readonly (infer N)[] } ? N : never }>,
      context: Context,
    ) => Step;
  };
}

/** A machine that makes steps into its own states. */
export interface DefinedMachine<S extends AnyState> extends Machine {
  to(state: S, effects?: readonly Effect[], ask?: Ask): Step;
}

/**
 * Binds a table of rows to its handlers. The handlers come as a function, because they make steps with the
 * machine that they belong to.
 */
export function defineMachine<S extends AnyState, M extends AnyMessage>() {
  return <const R extends Rows<S>>(
    name: string,
    rows: R,
    messages: MessageTable,
    handlers: () => Handlers<S, M, R>,
  ): DefinedMachine<S> => {
    // The table above has checked every pair of state and handler; here the types are erased once.
    type Erased = Readonly<Record<string, (state: AnyState, input: unknown, context: Context) => Step>>;
    const of = (kind: keyof Handlers<S, M, R>) => handlers()[kind] as unknown as Erased;
    const machine: DefinedMachine<S> = {
      name,
      rows,
      messages,
      onMessage: (state, message, context) => of('onMessage')[state.at]!(state, message, context),
      onReply: (state, reply, context) => of('onReply')[state.at]!(state, reply, context),
      onCommand: (state, command, context) => of('onCommand')[state.at]!(state, command, context),
      to: (state, effects = [], ask) =>
        ask === undefined ? { machine, state, effects } : { machine, state, effects, ask },
    };
    return machine;
  };
}
