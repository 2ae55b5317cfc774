import type tls from 'node:tls';
import type { Recorder } from './recorder.ts';
import type { ParityPki } from './pki.ts';

/** An implementation of the API: the builtin one, or ours. */
export type Tls = typeof tls;

export interface Stage {
  /** What the server's side of the scenario uses, and what the client's. */
  readonly server: Tls;
  readonly client: Tls;
  /** Records what each side sees. Sides are compared each for itself: how their events interleave is chance. */
  readonly onServer: Recorder;
  readonly onClient: Recorder;
  readonly pki: ParityPki;
  /** Runs when the scenario is over, last first. */
  readonly cleanUp: (action: () => void) => void;
}

/**
 * One situation, told once and played by every pairing of implementations. It ends when `play` resolves; what is recorded until
 * then must be the same as with the builtin on both sides.
 */
export interface Scenario {
  readonly name: string;
  readonly play: (stage: Stage) => Promise<void> | void;
  /** There is one implementation on the stage, as both `server` and `client`: the other side is none, or no TLS. */
  readonly alone?: true;
  /** The first and the last release of Node whose builtin has what is played; default: all. */
  readonly since?: number;
  readonly until?: number;
}

/** The same situation in several variants, each a scenario of its own. */
export function variants<T>(
  list: readonly T[],
  name: (variant: T) => string,
  play: (stage: Stage, variant: T) => Promise<void> | void,
): Scenario[] {
  return list.map((variant) => ({ name: name(variant), play: (stage) => play(stage, variant) }));
}

/** The same of one implementation alone. */
export function alone<T extends { readonly name: string }>(
  area: string,
  list: readonly T[],
  play: (stage: Stage, variant: T) => Promise<void> | void,
): Scenario[] {
  return variants(list, ({ name }) => `${area}: ${name}`, play).map((each) => ({ ...each, alone: true }));
}
