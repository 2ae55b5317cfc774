import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isInstalled, type Tool } from '../processes.ts';

/**
 * What the programs in `go-peer/` and `rust-peer/` are told, as JSON; each ignores what its library lacks. Suites and
 * groups are numbers of the registries.
 */
export interface ProgramTask {
  readonly role: 'client' | 'server';
  /** 0: any, which is then printed. */
  readonly port: number;
  readonly suites: readonly number[];
  readonly groups: readonly number[];
  /** On connections after the first, in place of `groups`. */
  readonly laterGroups?: readonly number[];
  readonly caFile: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly alpn?: readonly string[];
  /** Of a server. */
  readonly clientAuth?: 'request' | 'require';
  readonly ocspFile?: string;
  /** Files with a DER SubjectPublicKeyInfo: raw public keys in place of certificates; rustls. */
  readonly ownRawKeyFile?: string;
  readonly peerRawKeyFile?: string;
  /** Algorithms for certificates; rustls. */
  readonly compression?: readonly ('zlib' | 'brotli')[];
  /** Lines of its input that begin with "!" are commands: `!close`, and of rustls `!update`. */
  readonly commands?: boolean;
  /** Bytes of early data that a server's tickets allow; rustls. */
  readonly maxEarlyData?: number;
  /** What a client sends as early data where it may; rustls. */
  readonly earlyData?: string;
  /** Of a client: an ECHConfigList (RFC 9849 §4). */
  readonly echConfigListFile?: string;
  /** Of a server: one ECHConfig, and its private key; Go. */
  readonly echConfigFile?: string;
  readonly echKeyFile?: string;
  /** How many connections a client makes, one after the other; with more than one it keeps sessions. */
  readonly connections?: number;
}

/** What a program knows of a connection whose handshake is complete. */
export interface ProgramFacts {
  /** From 1. */
  readonly connection: number;
  readonly version: number;
  readonly suite: number;
  readonly group: number;
  readonly resumed: boolean;
  readonly alpn: string;
  /** Length of the peer's chain. */
  readonly certificates: number;
  readonly serverName: string;
  /** Of a stapled response, in bytes; Go. */
  readonly stapled?: number;
}

export interface ProgramSource {
  /** Folder of its source, in `interop/`. */
  readonly folder: string;
  /** The command that builds it. */
  readonly toolchain: string;
  /** Arguments for the toolchain, and where the program then lies. */
  build(target: string): { readonly args: readonly string[]; readonly built: string };
}

/**
 * Builds a program, once for each state of its source, or says why that is not possible. What its packages need is
 * fetched by its toolchain.
 */
export async function buildProgram(
  source: ProgramSource,
  runtimes: string,
): Promise<string | { readonly reason: string }> {
  const directory = join(here, '../..', source.folder);
  const program = programPath(source, runtimes);
  if (existsSync(program)) return program;
  if (!isInstalled(source.toolchain)) return { reason: `${source.toolchain} is not installed` };
  mkdirSync(runtimes, { recursive: true });
  const { args, built } = source.build(join(runtimes, `${source.folder}-target`));
  try {
    await run(source.toolchain, args, { cwd: directory, env: buildEnvironment(), timeout: patienceMs });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    const last = stderr.trim().split('\n').slice(-3).join(' ');
    return { reason: `${source.toolchain} ${args[0]} failed: ${last || error}`.slice(0, 400) };
  }
  cpSync(built, `${program}.new`);
  renameSync(`${program}.new`, program);
  return program;
}

/** Whether it has been built in this state of its source. */
export function isBuilt(source: ProgramSource, runtimes: string): boolean {
  return existsSync(programPath(source, runtimes));
}

function programPath({ folder }: ProgramSource, runtimes: string): string {
  return join(runtimes, `${folder}-${hashOf(join(here, '../..', folder))}`);
}

/** The facts of one connection, once they are there. */
export async function factsOf(tool: Tool, connection = 1): Promise<ProgramFacts> {
  const pattern = new RegExp(`^facts (\\{.*"connection":${connection}[,}].*)$`, 'm');
  await tool.until(pattern);
  return JSON.parse(pattern.exec(tool.output)![1]!) as ProgramFacts;
}

/** The port that a server says it listens on. */
export async function portOf(tool: Tool): Promise<number> {
  try {
    await tool.until(/listens on \d+\n/);
  } catch (error) {
    await tool.stop();
    throw error;
  }
  return Number(/listens on (\d+)/.exec(tool.output)?.[1]);
}

function buildEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', CARGO_NET_RETRY: '1' };
}

function hashOf(directory: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(directory, name);
    // What a build by hand leaves there.
    if (name.startsWith('target')) continue;
    if (statSync(path).isFile()) hash.update(`${name}\n`).update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 16);
}

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const patienceMs = 900_000;
