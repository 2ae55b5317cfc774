import type { LibrariesOutcome, LibraryResult } from './run.ts';
import { libraries, type Library } from './table.ts';

/** docs/libraries.md: which libraries were run, and what came of it. */
export function librariesPage({ results, skipped, versions }: LibrariesOutcome, command: string): string {
  const passed = results.filter(({ failure }) => failure === undefined).length;
  const day = new Date().toISOString().slice(0, 10);
  const rows = libraries.map((library): string[] => {
    const own = results.filter(({ library: name }) => name === library.name);
    return [
      library.packages.length === 0
        ? `Node's ${library.name}`
        : library.packages.map((name) => `${name} ${versions.get(name)}`).join(', '),
      serverOf(library, versions),
      ...pairings.map((isOf) => counted(own.filter(isOf))),
    ];
  });
  return [
    '# Libraries over compat-node-tls',
    '',
    'Written by the suite in `interop/`; do not edit.',
    '',
    `Run on ${day}: \`${command}\`, Node ${process.versions.node} on ${process.platform}-${process.arch}.`,
    `${passed} of ${results.length} cases passed.`,
    '',
    'The libraries are those of npm, not changed in anything. Each runs in a process by Node’s own `tls`, and in one that was started with',
    '`--import @sealwire/compat-node-tls/register`, where a guard makes any use of Node’s own TLS an error. A case passes if the',
    'library did its work, and saw the same (answers, properties of its socket, codes and messages of errors) as with Node’s own TLS on both sides.',
    'Servers in JavaScript run by both as well. `ours` is this package; cells say how many cases passed of how many.',
    '',
    ...table(
      [
        'library',
        'server',
        'builtin → builtin',
        'ours → builtin or real',
        'builtin → ours',
        'ours → ours',
        'programs',
      ],
      rows,
    ),
    '',
    ...(skipped.length === 0 ? [] : ['Not run:', '', ...skipped.map((reason) => `- ${reason}`), '']),
    '## Cases',
    '',
    ...libraries.flatMap(({ name }) => casesOf(name, results)),
  ].join('\n');
}

type IsOf = (result: LibraryResult) => boolean;

/** A real server counts as Node's own side: it is none of ours. */
const pairings: readonly IsOf[] = [
  ({ client, server }) => client === 'builtin' && server !== 'ours',
  ({ client, server }) => client === 'ours' && server !== 'ours',
  ({ client, server }) => client === 'builtin' && server === 'ours',
  ({ client, server }) => client === 'ours' && server === 'ours',
  ({ client }) => client !== 'builtin' && client !== 'ours',
];

function serverOf({ server, serves }: Library, versions: LibrariesOutcome['versions']): string {
  return server === undefined ? (serves ?? '') : `${server.name} ${versions.get(server.name) ?? ''}`;
}

function counted(results: readonly LibraryResult[]): string {
  const passed = results.filter(({ failure }) => failure === undefined).length;
  return results.length === 0 ? '–' : `${passed} of ${results.length}`;
}

function casesOf(name: string, results: readonly LibraryResult[]): string[] {
  const own = results.filter(({ library }) => library === name);
  const titles = [...new Set(own.map((each) => each.case))];
  const line = (title: string) => {
    const all = own.filter((each) => each.case === title);
    const failed = all.filter(({ failure }) => failure !== undefined);
    return `- ${title}${failed.length === 0 ? '' : `: failed ${failed.length} of ${all.length}`}`;
  };
  return titles.length === 0 ? [] : [`### ${name}`, '', ...titles.map(line), ''];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
}
