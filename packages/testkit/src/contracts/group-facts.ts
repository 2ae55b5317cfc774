/** What a contract case expects of a group. */
export interface GroupFacts {
  /** Where it differs from what the cases are called. */
  readonly name?: string;
  readonly client: number;
  readonly server: number;
  readonly secret: number;
  /** What generating draws, in order; and responding, where it differs. */
  readonly draws: readonly number[];
  readonly responseDraws?: readonly number[];
}
