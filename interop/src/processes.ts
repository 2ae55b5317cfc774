import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';

/** A running tool of a peer. Its output is kept; `until` waits for a text in it. */
export class Tool {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #command: string;
  readonly #waiters = new Set<() => void>();
  readonly exited: Promise<void>;
  exitCode: number | null | undefined;
  /** Standard output and standard error, as they came, as one character a byte. */
  output = '';
  /** Standard output alone, for large transfers; `output` then stops growing. */
  readonly #stdout: Buffer[] = [];
  stdoutBytes = 0;

  constructor(
    command: string,
    args: readonly string[],
    options: { cwd?: string; env?: NodeJS.ProcessEnv; uid?: number; gid?: number } = {},
  ) {
    this.#command = [command, ...args].join(' ');
    // A group of its own, so that browsers end with all their processes.
    this.#child = spawn(command, args, { ...options, stdio: 'pipe', detached: true });
    running.add(this);
    this.#child.stdout.on('data', (bytes: Buffer) => {
      this.#stdout.push(bytes);
      this.stdoutBytes += bytes.length;
      this.#print(bytes);
    });
    this.#child.stderr.on('data', (bytes: Buffer) => this.#print(bytes));
    this.#child.stdin.on('error', () => {});
    this.exited = new Promise((resolve) => {
      const done = (code: number | null) => {
        this.exitCode = code;
        running.delete(this);
        this.#wake();
        resolve();
      };
      this.#child.on('error', (error) => {
        this.output += `\n${error.message}`;
        done(-1);
      });
      this.#child.on('close', done);
    });
  }

  write(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => this.#child.stdin.write(data, () => resolve()));
  }

  endInput(): void {
    this.#child.stdin.end();
  }

  /** Resolves once `text` stands in the output at or after `from`. */
  async until(text: string | RegExp, from = 0, timeoutMs = 15_000): Promise<void> {
    const found = () => {
      const tail = this.output.slice(from);
      return typeof text === 'string' ? tail.includes(text) : text.test(tail);
    };
    await this.#when(found, `${text} in the output`, timeoutMs);
  }

  async untilStdoutBytes(bytes: number, timeoutMs: number): Promise<void> {
    await this.#when(() => this.stdoutBytes >= bytes, `${bytes} bytes of output`, timeoutMs);
  }

  /** Standard output from byte `from` on. */
  stdoutFrom(from: number): Uint8Array {
    return Buffer.concat(this.#stdout).subarray(from);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.exitCode !== undefined || this.#child.pid === undefined) return;
    killGroup(this.#child.pid, signal);
    const patience = setTimeout(() => killGroup(this.#child.pid!, 'SIGKILL'), 1500);
    await this.exited;
    clearTimeout(patience);
  }

  /** Tells it something that does not end it. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    if (this.exitCode === undefined && this.#child.pid !== undefined) killGroup(this.#child.pid, signal);
  }

  /** At the end of our own process. */
  stopNow(): void {
    if (this.exitCode === undefined && this.#child.pid !== undefined) killGroup(this.#child.pid, 'SIGKILL');
  }

  /** The command and the end of its output, for reports of failures. */
  describe(): string {
    const state = this.exitCode === undefined ? 'runs' : `ended with ${this.exitCode}`;
    return `$ ${this.#command}\n(${state})\n${this.output.slice(-2500)}`;
  }

  #print(bytes: Buffer): void {
    if (this.output.length < maxOutput) this.output += bytes.toString('latin1');
    this.#wake();
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
  }

  async #when(condition: () => boolean, what: string, timeoutMs: number): Promise<void> {
    await waitFor(this.#waiters, condition, () => this.exitCode !== undefined, `peer: no ${what}`, timeoutMs);
  }
}

/** Waits until `condition` holds; gives up with an error once `over` does, or after the time. */
export async function waitFor(
  waiters: Set<() => void>,
  condition: () => boolean,
  over: () => boolean,
  problem: string,
  timeoutMs: number,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error) => {
      clearTimeout(timer);
      waiters.delete(look);
      if (error === undefined) resolve();
      else reject(error);
    };
    const look = () => {
      if (condition()) settle();
      else if (over()) settle(new Error(`${problem}, and there will be none`));
    };
    const timer = setTimeout(() => settle(new Error(`${problem} after ${timeoutMs} ms`)), timeoutMs);
    waiters.add(look);
    look();
  });
}

/** Runs a command to its end; throws when it fails. Returns what it printed. */
export function runTool(command: string, args: readonly string[], input?: string, cwd?: string): string {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...(input === undefined ? {} : { input }),
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0) {
    throw new Error(`${command} ${args.join(' ')} ended with ${result.status}: ${result.stderr}`);
  }
  return result.stdout + result.stderr;
}

/** First line that a command prints about its version; `undefined` when there is no such command. */
export function versionOf(command: string, args: readonly string[], pattern: RegExp): string | undefined {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  if (result.error !== undefined) return undefined;
  return pattern.exec(`${result.stdout}${result.stderr}`)?.[1];
}

export function isInstalled(command: string): boolean {
  return pathOf(command) !== undefined;
}

/** Where a command lies; `undefined` when there is no such command. */
export function pathOf(command: string): string | undefined {
  const { status, stdout } = spawnSync('which', [command], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * A port that is free, for tools that cannot listen on port 0: below those that systems give to outgoing
 * connections, and never handed out twice, so that nobody takes it before the tool does.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = (nextPort = nextPort >= lastPort ? firstPort : nextPort + 1);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.on('error', () => resolve(false));
    probe.listen(port, () => probe.close(() => resolve(true)));
  });
}

/** Whatever happens to us, no tool stays behind. */
export function stopAllTools(): void {
  for (const tool of running) tool.stopNow();
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended in the meantime.
  }
}

const running = new Set<Tool>();
const firstPort = 20_000;
const lastPort = 32_000;
let nextPort = firstPort + (process.pid % (lastPort - firstPort));
const maxOutput = 2_000_000;
