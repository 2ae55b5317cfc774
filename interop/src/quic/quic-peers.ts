import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildProgram, isBuilt, type ProgramSource } from '../peers/program.ts';
import { isInstalled } from '../processes.ts';

/** What the programs in `quic-go-peer/`, `quic-python-peer/` and `quic-rust-peer/` are told, as JSON. */
export interface QuicTask {
  readonly role: 'client' | 'server';
  readonly port?: number;
  readonly groups?: readonly number[];
  readonly suites?: readonly number[];
  readonly caFile: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly requireClient?: boolean;
  readonly connections?: number;
  readonly bytes?: number;
  /** Whether a client updates its keys; aioquic and quinn. */
  readonly updates?: boolean;
}

/** Another implementation of QUIC, which echoes streams. */
export interface QuicPeer {
  readonly name: string;
  /** It takes and sends HelloRetryRequests. */
  readonly retries: boolean;
  /** Its server can ask for certificates. */
  readonly asksClients: boolean;
  /** Its client can be told to update its keys. */
  readonly updates: boolean;
  /** Why it is left out of samples here, if it is. */
  leftOutOfSamples?(runtimes: string): string | undefined;
  /** How it is started, or why it cannot be. */
  find(runtimes: string): Promise<readonly string[] | { readonly reason: string }>;
}

export const quicPeers: readonly QuicPeer[] = [
  {
    name: 'quic-go',
    retries: true,
    asksClients: true,
    updates: false,
    find: (runtimes) => findProgram(goSource, runtimes),
  },
  { name: 'aioquic', retries: false, asksClients: false, updates: true, find: findPython },
  {
    name: 'quinn',
    retries: true,
    asksClients: true,
    updates: true,
    leftOutOfSamples: (runtimes) =>
      isBuilt(rustSource, runtimes) ? undefined : 'building it takes a minute or two, for the whole matrix',
    find: (runtimes) => findProgram(rustSource, runtimes),
  },
];

async function findProgram(source: ProgramSource, runtimes: string) {
  const program = await buildProgram(source, runtimes);
  return typeof program === 'string' ? [program] : program;
}

const goSource: ProgramSource = {
  folder: 'quic-go-peer',
  toolchain: 'go',
  build: (target) => ({ args: ['build', '-trimpath', '-o', target, '.'], built: target }),
};

/** quinn, over rustls. */
const rustSource: ProgramSource = {
  folder: 'quic-rust-peer',
  toolchain: 'cargo',
  build: (target) => ({
    args: ['build', '--locked', '--quiet', '--target-dir', target],
    built: join(target, 'debug/quic-rust-peer'),
  }),
};

/** Python with aioquic in an environment of its own, made once for each list of what it needs. */
async function findPython(runtimes: string): Promise<readonly string[] | { readonly reason: string }> {
  const requirements = join(folder, 'requirements.txt');
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 16);
  const environment = join(runtimes, `quic-python-${hash}`);
  const command = [join(environment, 'bin/python'), join(folder, 'peer.py')];
  if (existsSync(environment)) return command;
  if (!isInstalled('python3')) return { reason: 'python3 is not installed' };
  mkdirSync(runtimes, { recursive: true });
  const made = `${environment}.new`;
  rmSync(made, { recursive: true, force: true });
  try {
    await run('python3', ['-m', 'venv', made]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
    await run(join(made, 'bin/python'), pip, { timeout: 300_000 });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    const last = stderr.trim().split('\n').slice(-2).join(' ');
    return { reason: `aioquic could not be installed: ${last || String(error)}`.slice(0, 400) };
  }
  renameSync(made, environment);
  return command;
}

const run = promisify(execFile);
const folder = join(dirname(fileURLToPath(import.meta.url)), '../../quic-python-peer');
