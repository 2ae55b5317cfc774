/** What the programs of `@sealwire/web-transport` say of themselves, and what they must have said. */

export interface Contract {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: Readonly<Record<string, number>>;
}

export interface Greeting {
  readonly version: number;
  readonly heard: string;
  readonly closed: string;
}

export interface Upgrade extends Greeting {
  readonly alreadyReadBytes: number;
}

export function expectContract(where: string, contract: Contract | undefined): void {
  if (contract === undefined) throw new Error(`no contract came from ${where}`);
  const { passed, failed, skipped } = contract;
  console.log(`contract of transports in ${where}: ${passed} passed, ${failed.length} failed`);
  for (const [reason, cases] of Object.entries(skipped)) console.log(`  ${cases} not run: ${reason}`);
  if (failed.length > 0) throw new Error(failed.join('\n'));
  if (passed < fewestCases) throw new Error(`only ${passed} cases in ${where}`);
}

export function expectGreeting(what: string, got: Greeting | undefined): void {
  const turned = `${[...greeting.trim()].reverse().join('')}\n`;
  expect(`${what}: what came back`, got?.heard, got?.heard === turned ? turned : greeting);
  expect(`${what}: the end`, got?.closed, 'in order');
  expect(`${what}: the version`, got?.version, 0x0304);
}

/** As in STARTTLS; and with the peer as the client of TLS, whose hello came in the chunk of the last line. */
export function expectUpgrade(what: string, word: UpgradeWord, got: Upgrade | undefined): void {
  expectGreeting(what, got);
  expect(`${what}: TLS that came with the last line`, (got?.alreadyReadBytes ?? 0) > 0, word === 'TLSSTART');
}

export function expect(what: string, actual: unknown, wanted: unknown): void {
  if (actual !== wanted) throw new Error(`we: ${what} is ${String(actual)}, not ${String(wanted)}`);
}

/** As in the programs, which compare it with what they hear. */
export const greeting = 'a word that goes through nobody else, and comes back\n';

export const upgradeWords = ['STARTTLS', 'TLSSTART'] as const;
export type UpgradeWord = (typeof upgradeWords)[number];

/** In memory there are about so many. */
const fewestCases = 55;
