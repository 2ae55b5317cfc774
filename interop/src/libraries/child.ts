/** A process that plays one side of a library: told by a message what to do, it answers by messages. */
import { builtin } from './guard.ts';
import { type CaseOutcome, type Report, type Script, scripts, type Task } from './script.ts';

process.once('message', (task: Task) => void play(task));
// Whatever happens to the parent, nobody stays behind.
process.once('disconnect', () => process.exit(0));

async function play(task: Task): Promise<void> {
  const { library: name } = task;
  const script = await scripts[name]!();
  if (task.role === 'server') {
    tell({ type: 'listening', ports: await script.serve!(task.files) });
    return;
  }
  for (const [siteName, site] of Object.entries(task.sites)) {
    for (const [title, run] of Object.entries(script.cases)) {
      tell({ type: 'result', site: siteName, case: title, outcome: await outcomeOf(() => run(site)) });
    }
  }
  tell({ type: 'done', wraps: builtin.wraps });
}

async function outcomeOf(run: () => ReturnType<Script['cases'][string]>): Promise<CaseOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${patienceMs} ms`)), patienceMs);
  });
  try {
    return { facts: await Promise.race([run(), patience]) };
  } catch (error) {
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

function tell(report: Report): void {
  process.send!(report);
}

const patienceMs = 30_000;
