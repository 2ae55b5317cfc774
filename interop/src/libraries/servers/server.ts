import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Tool } from '../../processes.ts';
import type { SiteFiles } from '../script.ts';

/** A server that is no JavaScript, as Debian has it. */
export interface RealServer {
  readonly name: string;
  /** What is installed; a `reason` where it is not. */
  find(): { readonly version: string } | { readonly reason: string };
  /** On the loopback address alone, in a directory of its own. */
  start(files: SiteFiles): Promise<RunningServer>;
}

export interface RunningServer {
  readonly ports: Readonly<Record<string, number>>;
  stop(): Promise<void>;
  /** The end of its log, for reports of failures. */
  describe(): string;
}

/** Waits for what a server says once it can be talked to. */
export async function ready(tool: Tool, text: string | RegExp): Promise<void> {
  try {
    await tool.until(text);
  } catch {
    throw new Error(`it did not start: ${tool.describe()}`);
  }
}

/** A directory for one server, and the user who owns it: most servers refuse to be root. */
export class Home {
  readonly path = mkdtempSync(join(tmpdir(), 'sealwire-server-'));
  /** For `spawn`. */
  readonly owner = unprivileged();

  constructor() {
    this.give(this.path, 0o700);
    process.once('exit', this.remove);
  }

  /** A copy of a file that its owner alone may read, as PostgreSQL wants keys. */
  copy(file: string): string {
    const path = join(this.path, basename(file));
    copyFileSync(file, path);
    this.give(path, 0o600);
    return path;
  }

  give(path: string, mode: number): void {
    const { uid, gid } = this.owner;
    if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
    chmodSync(path, mode);
  }

  readonly remove = (): void => {
    process.off('exit', this.remove);
    rmSync(this.path, { recursive: true, force: true });
  };
}

/** Whoever runs us, unless that is root. */
function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}
