import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Planned } from './plan.ts';
import type { Report } from './talk.ts';

export interface Conversation {
  readonly client: Report;
  readonly server: Report;
}

export interface RunOptions {
  readonly baud: number;
  readonly plan: readonly Planned[];
  /** What socat makes of the terminals, as it spells it. Default `rawer`; anything else breaks the line. */
  readonly terminal?: string;
  /** How long a conversation may take, in ms. Default 30,000. */
  readonly patienceMs?: number;
}

/** A reason why there can be no line on this machine. */
export function missing(): string | undefined {
  return spawnSync('socat', ['-V']).error === undefined ? undefined : 'socat is not installed';
}

/** Two processes on the two ends of a line of pseudo-terminals, which socat joins. Rejects when one of them gives up. */
export async function run({
  baud,
  plan,
  terminal = 'rawer',
  patienceMs = 30_000,
}: RunOptions): Promise<Conversation[]> {
  const folder = mkdtempSync(join(tmpdir(), 'serial-link-'));
  const devices = { client: join(folder, 'client'), server: join(folder, 'server') };
  const pty = (link: string) => `pty,${terminal},link=${link}`;
  const socat = spawn('socat', ['-d', '-d', pty(devices.client), pty(devices.server)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ends: ChildProcess[] = [];
  const key = randomBytes(32).toString('hex');
  const start = (role: 'client' | 'server') => {
    const program = fileURLToPath(new URL('../dist/end.js', import.meta.url));
    const end = spawn(process.execPath, [program, role, devices[role], String(baud)], {
      env: {
        ...process.env,
        SERIAL_KEY: key,
        SERIAL_PLAN: JSON.stringify(plan),
        SERIAL_PATIENCE_MS: String(patienceMs),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    ends.push(end);
    return end;
  };
  try {
    await said(socat, 'starting data transfer loop');
    const server = start('server');
    const serverReports = reportsOf(server, plan.length);
    serverReports.catch(() => {});
    // Or the reason why it gives up.
    await Promise.race([once(server.stdout!, 'data'), serverReports]);
    const clientReports = reportsOf(start('client'), plan.length);
    const [clients, servers] = await Promise.all([clientReports, serverReports]);
    return clients.map((client, i) => ({ client, server: servers[i]! }));
  } finally {
    for (const end of ends) end.kill();
    socat.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function said(tool: ChildProcess, text: string): Promise<void> {
  for await (const row of createInterface({ input: tool.stderr! })) if (row.includes(text)) return;
  throw new Error('socat has ended');
}

async function reportsOf(end: ChildProcess, count: number): Promise<Report[]> {
  let complaint = '';
  end.stderr!.on('data', (text: Buffer) => (complaint += String(text)));
  const reports: Report[] = [];
  for await (const row of createInterface({ input: end.stdout! }))
    if (row.startsWith('{')) reports.push(JSON.parse(row) as Report);
  if (reports.length < count)
    throw new Error(complaint.trim() || `an end stopped after ${reports.length} conversations`);
  return reports;
}
