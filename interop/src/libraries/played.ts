import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CaseOutcome, Report, Task } from './script.ts';

/** By whose TLS a process plays: Node's own, or ours by `--import @sealwire/compat-node-tls/register`. */
export const modes = ['builtin', 'ours'] as const;
export type Mode = (typeof modes)[number];

/** What a client process told: for each site, for each case what came of it. */
export interface Played {
  readonly outcomes: ReadonlyMap<string, ReadonlyMap<string, CaseOutcome>>;
  /** Connections that Node's own TLS was made for; absent where the process ended too early. */
  readonly wraps?: number;
  readonly log: string;
}

export async function playClient(mode: Mode, task: Extract<Task, { role: 'client' }>): Promise<Played> {
  const child = start(mode, task);
  const outcomes = new Map<string, Map<string, CaseOutcome>>();
  for (const site of Object.keys(task.sites)) outcomes.set(site, new Map());
  let wraps: number | undefined;
  child.process.on('message', (report: Report) => {
    if (report.type === 'result') outcomes.get(report.site)!.set(report.case, report.outcome);
    if (report.type === 'done') {
      wraps = report.wraps;
      child.process.disconnect();
    }
  });
  await child.ended;
  return { outcomes, log: child.log(), ...(wraps === undefined ? {} : { wraps }) };
}

export interface PlayedServer {
  readonly ports: Readonly<Record<string, number>>;
  describe(): string;
  stop(): Promise<void>;
}

export async function playServer(mode: Mode, task: Extract<Task, { role: 'server' }>): Promise<PlayedServer> {
  const child = start(mode, task);
  const listening = new Promise<Readonly<Record<string, number>>>((resolve) => {
    child.process.on('message', (report: Report) => report.type === 'listening' && resolve(report.ports));
  });
  const ports = await Promise.race([listening, child.ended]);
  if (ports === undefined) throw new Error(`the server by ${mode} ended\n${child.log()}`);
  const stop = () => {
    child.process.disconnect();
    return child.ended;
  };
  return { ports, stop, describe: child.log };
}

function start(mode: Mode, task: Task) {
  const process_: ChildProcess = fork(fileURLToPath(new URL('child.js', import.meta.url)), {
    execArgv: mode === 'ours' ? ['--import', import.meta.resolve('@sealwire/compat-node-tls/register')] : [],
    env: { ...process.env, ...(mode === 'ours' ? { SEALWIRE_FORBID_BUILTIN: '1' } : {}) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let log = '';
  for (const stream of [process_.stdout!, process_.stderr!]) {
    stream.on('data', (bytes: Buffer) => {
      if (log.length < maxLog) log += bytes.toString();
    });
  }
  // Not 'close', which does not come where the parent lets go of the channel.
  const ended = Promise.all([
    new Promise((resolve) => process_.once('exit', resolve)),
    ...[process_.stdout!, process_.stderr!].map(
      (stream) => new Promise((resolve) => stream.once('close', resolve)),
    ),
  ]).then(() => undefined);
  process_.send(task);
  return { process: process_, ended, log: () => log };
}

const maxLog = 100_000;
