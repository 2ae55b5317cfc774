import { parseArgs } from 'node:util';
import type { ScenarioFacts } from './facts.ts';
import { makeIdentities } from './identities.ts';
import { reportOf } from './report.ts';
import type { Scenario, Setting } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import { styleFor } from './style.ts';

/** Runs the scenarios one after the other and shows what passes between the ends. */
const usage = `npm run demo -- [options]

  --only NAME   only this scenario, may be repeated: ${scenarios.map(({ name }) => name).join(', ')}
  --seed TEXT   our keys, certificates and random values come from this seed alone: the same bytes every time
  --json        the facts as JSON, nothing else
  --help        this text`;

type Outcome = { readonly name: string; readonly peer: string | undefined } & (
  | { readonly status: 'ok' | 'wrong'; readonly facts: ScenarioFacts }
  | { readonly status: 'failed' | 'skipped'; readonly reason: string }
);

async function main(): Promise<void> {
  const options = read(process.argv.slice(2));
  if (options === undefined) return;
  const { seed, json } = options;
  const style = styleFor(process.stdout);
  const say = (text: string) => json || console.log(text);
  const columns = process.stdout.columns ?? 110;
  const setting: Setting = { seed, identities: makeIdentities(seed) };
  say(
    `${style('bold', 'Sealwire')} over TCP on this machine, Node ${process.versions.node}${seed === undefined ? '' : `, seed ${seed}`}`,
  );
  say(style('dim', '→ sent by our end, ← received; time in ms, name, bytes, main fields'));

  const outcomes: Outcome[] = [];
  for (const scenario of options.chosen) {
    const outcome = await outcomeOf(scenario, setting);
    outcomes.push(outcome);
    say(
      `\n${style(['bold', 'underline'], scenario.title)} ${style('dim', outcome.peer === undefined ? '' : `(${outcome.peer})`)}`.trimEnd(),
    );
    if ('facts' in outcome) say(reportOf(outcome.facts, style, columns));
    else
      say(
        `  ${style(outcome.status === 'failed' ? 'red' : 'yellow', `${outcome.status}: ${outcome.reason}`)}`,
      );
  }
  say(`\n${style('bold', summaryOf(outcomes))}`);
  if (json) console.log(JSON.stringify({ node: process.version, seed, scenarios: outcomes }, undefined, 2));
  const isGood = outcomes.every(({ status }) => status === 'ok' || status === 'skipped');
  process.exitCode = isGood ? 0 : 1;
}

/** `4 scenarios: 3 ok, 1 skipped`. */
function summaryOf(outcomes: readonly Outcome[]): string {
  const counts = (['ok', 'wrong', 'failed', 'skipped'] as const)
    .map((status) => ({ status, count: outcomes.filter((outcome) => outcome.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${status}`);
  return `${outcomes.length} scenarios: ${counts.join(', ')}`;
}

async function outcomeOf(scenario: Scenario, setting: Setting): Promise<Outcome> {
  const { name } = scenario;
  const peer = scenario.peer();
  if (peer === undefined) {
    return { name, peer, status: 'skipped', reason: `${name.split('-')[0]} is not installed` };
  }
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within ${timeoutMs / 1_000} s`)), timeoutMs);
  });
  try {
    const facts = await Promise.race([scenario.run(setting), timeout]);
    return { name, peer, status: facts.checks.every(({ holds }) => holds) ? 'ok' : 'wrong', facts };
  } catch (error) {
    return { name, peer, status: 'failed', reason: String(error) };
  } finally {
    clearTimeout(timer);
  }
}

function read(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        only: { type: 'string', multiple: true },
        seed: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const unknown = values.only?.find((name) => !scenarios.some((scenario) => scenario.name === name));
    if (unknown !== undefined) throw new Error(`there is no scenario ${unknown}`);
    if (values.help) {
      console.log(usage);
      return undefined;
    }
    const chosen = scenarios.filter(({ name }) => values.only?.includes(name) ?? true);
    return { chosen, seed: values.seed, json: values.json };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}

/** For one scenario; on a busy machine it takes well below a second. */
const timeoutMs = 20_000;

await main();
