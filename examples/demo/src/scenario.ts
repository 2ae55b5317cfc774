import type { ScenarioFacts } from './facts.ts';
import type { Identities } from './identities.ts';

export interface Setting {
  readonly identities: Identities;
  readonly seed: string | undefined;
}

/** One pair of ends that talk to each other over TCP: handshake, data both ways, key update, orderly close. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** The program at the other end with its version; `undefined` if it is not installed. */
  peer(): string | undefined;
  run(setting: Setting): Promise<ScenarioFacts>;
}
