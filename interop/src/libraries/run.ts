import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import type { World } from '../peers/peer.ts';
import { type Mode, modes, playClient, type Played, playServer } from './played.ts';
import type { CaseOutcome, Site, SiteFiles } from './script.ts';
import { type Library, libraries } from './table.ts';
import { isThere, type Visitor } from './visitors.ts';

/** One case of a library, with who played which side. */
export interface LibraryResult {
  readonly library: string;
  readonly case: string;
  /** By whose TLS the library ran as a client, or the name of a program. */
  readonly client: string;
  /** The name of a real server, or by whose TLS a server in JavaScript ran. */
  readonly server: string;
  readonly failure?: string;
}

export interface LibrariesOutcome {
  readonly results: readonly LibraryResult[];
  readonly skipped: readonly string[];
  /** Of packages and of servers. */
  readonly versions: ReadonlyMap<string, string>;
}

type Shared = Pick<World, 'pki'>;

/** A server that clients of both modes visit. */
interface Visited extends Pick<Site, 'ports'> {
  readonly name: string;
  describe(): string;
  stop(): Promise<void>;
}

/**
 * Libraries as they are on npm, in processes that use them by Node's `tls` and by ours. Each case throws if the library did not do its
 * work; what it saw besides is equal to what it sees where both ends are Node's own.
 */
export async function runLibraries(world: Shared, only?: readonly string[]): Promise<LibrariesOutcome> {
  const results: LibraryResult[] = [];
  const skipped: string[] = [];
  const versions = new Map<string, string>();
  const chosen = libraries.filter(({ name }) => only?.includes(name) ?? true);
  let next = 0;
  const worker = async () => {
    while (next < chosen.length) {
      const library = chosen[next++]!;
      for (const name of library.packages) versions.set(name, versionOf(name));
      const found = library.server?.find();
      if (found !== undefined && 'reason' in found) {
        skipped.push(`library ${library.name}: ${found.reason}`);
        continue;
      }
      if (found !== undefined) versions.set(library.server!.name, found.version);
      const startedAtMs = Date.now();
      const own = await runLibrary(library, world, skipped);
      results.push(...own);
      report(library, own, Date.now() - startedAtMs);
    }
  };
  // One waits while the other computes.
  await Promise.all([worker(), worker()]);
  return { results, skipped, versions };
}

function report({ name }: Library, results: readonly LibraryResult[], ms: number): void {
  const failed = results.filter(({ failure }) => failure !== undefined);
  console.log(`${name}: ${results.length} cases, ${failed.length} failed, ${ms} ms`);
  for (const { case: title, client, server, failure } of failed)
    console.log(`FAILED ${name}: ${title}, client ${client}, server ${server}\n${failure}`);
}

async function runLibrary(library: Library, world: Shared, skipped: string[]): Promise<LibraryResult[]> {
  const files = filesOf(world);
  const servers: Visited[] = [];
  try {
    await startServers(library, files, servers);
    const sites = Object.fromEntries(servers.map(({ name, ports }) => [name, { ports, files }]));
    const played = new Map<Mode, Played>();
    for (const mode of modes)
      played.set(mode, await playClient(mode, { library: library.name, role: 'client', sites }));
    const results = servers.flatMap((server) =>
      modes.flatMap((mode) => judge(library, played, mode, server, servers[0]!)),
    );
    for (const visitor of library.visitors ?? []) {
      if (isThere(visitor)) results.push(...(await visited(library, visitor, world, sites)));
      else skipped.push(`library ${library.name}: ${visitor.name} is not installed`);
    }
    return results;
  } catch (error) {
    const failure = `${textOf(error)}\n${servers.map((server) => server.describe()).join('\n')}`;
    return [{ library: library.name, case: 'all of it', client: 'any', server: 'any', failure }];
  } finally {
    for (const server of servers) await server.stop();
  }
}

async function startServers({ name, server }: Library, files: SiteFiles, started: Visited[]): Promise<void> {
  if (server !== undefined) started.push({ name: server.name, ...(await server.start(files)) });
  else
    for (const mode of modes)
      started.push({ name: mode, ...(await playServer(mode, { library: name, role: 'server', files })) });
}

/** Every case of a client's process with one server, and whose TLS the process had. */
function judge(
  { name: library }: Library,
  played: ReadonlyMap<Mode, Played>,
  client: Mode,
  server: Visited,
  reference: Visited,
): LibraryResult[] {
  const expected = played.get('builtin')!.outcomes.get(reference.name)!;
  const { outcomes, wraps, log } = played.get(client)!;
  const of = { library, client, server: server.name };
  const told = (failure: string | undefined) =>
    failure === undefined
      ? {}
      : { failure: `${failure}\n${log.slice(-1500)}\n${server.describe().slice(-1500)}` };
  const isKept = client === 'ours' ? wraps === 0 : wraps !== undefined && wraps > 0;
  return [
    ...[...expected].map(([title, wanted]) => ({
      ...of,
      case: title,
      ...told(failureOf(outcomes.get(server.name)!.get(title), wanted)),
    })),
    {
      ...of,
      case: whoseTls,
      ...told(isKept ? undefined : `Node's own TLS was made for ${wraps} connections`),
    },
  ];
}

async function visited(
  { name: library }: Library,
  visitor: Visitor,
  world: Shared,
  sites: Readonly<Record<string, Site>>,
): Promise<LibraryResult[]> {
  const results: LibraryResult[] = [];
  for (const [title, run] of Object.entries(visitor.cases)) {
    let expected: CaseOutcome | undefined;
    for (const [server, site] of Object.entries(sites)) {
      const outcome: CaseOutcome = await run(site, world).then(
        (facts) => ({ facts }),
        (error: unknown) => ({ failure: textOf(error) }),
      );
      expected ??= outcome;
      const failure = failureOf(outcome, expected);
      const of = { library, case: title, client: visitor.name, server };
      results.push(failure === undefined ? of : { ...of, failure });
    }
  }
  return results;
}

function failureOf(outcome: CaseOutcome | undefined, expected: CaseOutcome): string | undefined {
  if (outcome === undefined) return 'nothing came of it';
  if ('failure' in outcome) return outcome.failure;
  if ('failure' in expected) return 'by Node on both sides it failed';
  if (isDeepStrictEqual(outcome.facts, expected.facts)) return undefined;
  return `it saw\n${JSON.stringify(outcome.facts)}\nand with Node on both sides\n${JSON.stringify(expected.facts)}`;
}

/** Certificates and keys for a server and its visitors. */
export function filesOf({ pki }: Shared): SiteFiles {
  const { p256, rsa2048 } = pki.servers;
  return {
    ca: pki.rootFile,
    wrongCa: pki.strangerFile,
    allCas: pki.issuersFile,
    serverChain: p256.files.chain,
    serverKey: p256.files.key,
    otherChain: rsa2048.files.chain,
    otherKey: rsa2048.files.key,
    clientChain: pki.clients.p256.files.chain,
    clientKey: pki.clients.p256.files.key,
  };
}

/** Of a package, whose manifest its `exports` may hide. */
function versionOf(name: string): string {
  const require = createRequire(import.meta.url);
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return (JSON.parse(readFileSync(`${folder}/${name}/package.json`, 'utf8')) as { version: string })
        .version;
    } catch {
      // It lies further up.
    }
  }
  return '';
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const whoseTls = "Node's own TLS counts connections, and under register none";
