/** The page of states, and its figures, from the tables of the machines. */
import { instance } from '@viz-js/viz';
import { readMachines } from './machines.mjs';

/** @typedef {import('./machines.mjs').Machine} Machine */

const figures = [
  { file: 'tls13-client', title: 'TLS 1.3, client', rooms: ['hello/client', 'tls13/client'] },
  { file: 'tls13-server', title: 'TLS 1.3, server', rooms: ['hello/server', 'tls13/server'] },
  { file: 'tls12-client', title: 'TLS 1.2 and older, client', rooms: ['hello/client', 'tls12/client'] },
  { file: 'tls12-server', title: 'TLS 1.2 and older, server', rooms: ['hello/server', 'tls12/server'] },
];

/** @returns {Promise<{ files: Record<string, string>, problems: string[] }>} contents by path */
export async function statePages() {
  const machines = await readMachines();
  const graphviz = await instance();
  /** @type {Record<string, string>} */
  const files = {};
  /** @type {string[]} */
  const problems = [];
  const chapters = figures.map(({ file, title, rooms }) => {
    const [hello, own] = /** @type {[Machine, Machine]} */ (
      rooms.map((room) => machines[/** @type {keyof typeof machines} */ (room)])
    );
    problems.push(...gapsOf(title, hello, own));
    const picture = graphviz.renderString(graphOf(hello, own), { format: 'svg', engine: 'dot' });
    files[`docs/states/${file}.svg`] = svgOf(picture, title);
    return `## ${title}\n\n![${title}](states/${file}.svg)\n\n${tableOf(hello, own)}`;
  });
  files['docs/states.md'] = `${introduction}\n${chapters.join('\n')}`;
  return { files, problems };
}

/** A state that nothing leads to, or that leads nowhere, would be one that the reading of the sources has missed. @param {string} title @param {Machine} hello @param {Machine} own */
function gapsOf(title, hello, own) {
  const edges = edgesOf(hello, own);
  return rowsOf(hello, own).flatMap(({ id, at }) => [
    ...(at === 'idle' || edges.some(({ to, from }) => to === id && from !== id)
      ? []
      : [`${title}: nothing leads to ${at}`]),
    ...(edges.some(({ from }) => from === id) ? [] : [`${title}: ${at} leads nowhere`]),
  ]);
}

/** Names of states are unique in one machine. @param {Machine} hello @param {Machine} own */
function rowsOf(hello, own) {
  return [
    ...hello.rows.map((row) => ({ ...row, id: `hello.${row.at}`, title: row.at })),
    ...own.rows.map((row) => {
      const isAgain = row.at === 'awaitServerHello';
      return { ...row, id: row.at, title: isAgain ? `${row.at} (again)` : row.at };
    }),
  ];
}

/** @param {Machine} hello @param {Machine} own */
function edgesOf(hello, own) {
  return [
    ...hello.edges.map((edge) => ({ ...edge, from: `hello.${edge.from}`, to: `hello.${edge.to}` })),
    ...own.entries.map((edge) => ({ ...edge, from: `hello.${edge.from}` })),
    ...own.edges,
  ];
}

/** @param {Machine} hello @param {Machine} own */
function graphOf(hello, own) {
  const nodes = rowsOf(hello, own).map(({ id, title: at, asks }) => {
    if (asks !== undefined) return `"${id}" [label="${at}\\n${asks}?", style="rounded,dashed"];`;
    return `"${id}" [label="${at}"${id === 'connected' ? ', peripheries=2' : ''}];`;
  });
  const edges = edgesOf(hello, own)
    .filter(({ from, to, kind }) => kind !== 'command' || from !== to)
    .map(({ from, to, by, kind }) => {
      if (kind === 'answer') return `"${from}" -> "${to}" [style=dashed];`;
      // All commands of an open connection lead back to it.
      const label = kind === 'command' && by.join().includes(',') ? 'a command' : by.join('\\n');
      return `"${from}" -> "${to}" [label="${label}"${kind === 'command' ? ', style=dotted' : ''}];`;
    });
  return `digraph {
  bgcolor=transparent; pad=0.3; rankdir=TB; nodesep=0.35; ranksep=0.45;
  // Room for fonts that are wider than the one that is counted with.
  node [shape=box, style=rounded, fontname="Helvetica", fontsize=11, margin="0.22,0.06"];
  edge [fontname="Helvetica", fontsize=9, arrowsize=0.7];
  ${nodes.join('\n  ')}
  ${edges.join('\n  ')}
}`;
}

/** Readable on light and dark pages, with fonts that are there. @param {string} picture @param {string} title */
function svgOf(picture, title) {
  return `${picture
    .replace(/^[\s\S]*?(?=<svg)/, '')
    .replace(/<!--[\s\S]*?-->\n?/g, '')
    .replace(/<title>[\s\S]*?<\/title>\n?/g, '')
    .replaceAll('font-family="Helvetica"', 'font-family="Helvetica,Arial,sans-serif"')
    .replace(
      /(<svg[^>]*>)/,
      `$1\n<title>${title}</title>\n<rect x="-10000" y="-10000" width="20000" height="20000" fill="white"/>`,
    )
    .trimEnd()}\n`;
}

/** @param {Machine} hello @param {Machine} own */
function tableOf(hello, own) {
  const edges = edgesOf(hello, own);
  const rows = rowsOf(hello, own).map(({ id, title, reads, asks, data }) => {
    const waits =
      asks === undefined ? reads.map((type) => `\`${type}\``).join(', ') : `the answer to \`${asks}\``;
    const to = new Set(
      edges.filter((edge) => edge.from === id && edge.to !== id).map((edge) => edge.to.replace('hello.', '')),
    );
    return `| \`${title}\` | ${waits || 'the application'} | ${words[/** @type {keyof typeof words} */ (data)] ?? data} | ${[...to].map((each) => `\`${each}\``).join(', ')} |`;
  });
  return `| state | waits for | application data | leads to |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

const words = { refuse: 'refused', deliver: 'delivered', early: 'as 0-RTT data' };

const introduction = `# States

Which messages a connection reads in which state, and where they lead. Written by \`pnpm docs:update\`: the states and what they read
are the tables that the connection itself works from, the arrows are read from the sources of its handlers; a check holds this page to them.

A solid arrow is a message of the peer, a dashed one the answer to the question that the state asks
([decisions](../ARCHITECTURE.md#decisions)), a dotted one a command of the application. Everything that is not drawn ends the
connection: a message that the state does not read by \`unexpected_message\`. Failures, which are possible everywhere, are not drawn.
The first states are those of the hello, before a version is chosen; in TLS 1.2 another handshake begins with them again.
`;
