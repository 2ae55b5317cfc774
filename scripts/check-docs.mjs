/**
 * Compiles every `ts` snippet of the documentation against the built packages, each as a module of its own, under the
 * compiler options of the sources, and runs it; it may not throw. What it finds around it then says `docs/surroundings.mjs`. After the
 * language a fence may say
 *
 *  - `with=server`: a server is listening where the snippet connects to;
 *  - `on=bun`, `on=deno`: it runs there (`runtimes.mjs`), not in Node;
 *  - `not-run="reason"`: it is compiled alone, for this reason.
 *
 * What is only a sketch is fenced as `text`. Every snippet that does not run is printed with the reason. A part of a path as argument
 * chooses pages.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { runtime } from './runtimes.mjs';
import { filesBelow, publicPackages, readText, report, root, run, scratch } from './workspace.mjs';

/** A snippet that waits for ever is wrong. */
const patienceMs = 120_000;

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs',
  'packages',
  'examples',
  'interop',
  'bench',
]
  .flatMap((place) => (place.endsWith('.md') ? [place] : filesBelow(place, /\.md$/)))
  .filter((page) => !/(^|\/)(CHANGELOG|ARCHITECTURE)\.md$/.test(page))
  .filter((page) => page.includes(process.argv[2] ?? ''));

const snippets = pages
  .flatMap((page) =>
    [...readText(page).matchAll(/^(```+)(?:ts|typescript)\b([^\n]*)\n([\s\S]*?)^\1$/gm)].map((match) => ({
      page,
      line: readText(page).slice(0, match.index).split('\n').length,
      text: match[3] ?? '',
      fence: match[2] ?? '',
    })),
  )
  .map((snippet, i) => ({
    ...snippet,
    name: `${i}`,
    declared: [...snippet.text.matchAll(/^declare (?:const|function|let) (\w+)/gm)].map(
      ([, name = '']) => name,
    ),
    runtime: /\bon=(bun|deno)\b/.exec(snippet.fence)?.[1],
    hasServer: /\bwith=server\b/.test(snippet.fence),
    notRun: /\bnot-run="([^"]+)"/.exec(snippet.fence)?.[1],
  }));

const folder = join(scratch, 'snippets');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const { name, text } of snippets) writeFileSync(join(folder, `${name}.ts`), `${text}\nexport {};\n`);
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config(), undefined, 2));
const tsc = join(root, 'node_modules/typescript7/bin/tsc');
const { status, stdout, stderr } = run(process.execPath, [tsc, '-p', folder, '--pretty', 'false']);
const problems = (stdout + stderr)
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const [, index, row, message] = /(\d+)\.ts\((\d+),\d+\): (.*)$/.exec(line) ?? [];
    const snippet = snippets[Number(index)];
    return snippet === undefined ? line : `${snippet.page}:${snippet.line + Number(row)}: ${message}`;
  });
if (status !== 0 && problems.length === 0) problems.push(`tsc ended with ${status}`);
const ran = problems.length > 0 ? 0 : await runAll();
report(problems, `${snippets.length} snippets of ${pages.length} pages, ${ran} of them run`);

/** @returns {Promise<number>} how many ran */
async function runAll() {
  const nodePaths = [join(root, 'node_modules')];
  const shared = { bundle: true, outdir: folder, format: 'esm', nodePaths, logLevel: 'error' };
  const alias = Object.fromEntries(publicPackages().flatMap(aliasesOf));
  await build({
    .../** @type {import('esbuild').BuildOptions} */ (shared),
    entryPoints: [
      ...snippets.map(({ name }) => ({ in: join(folder, `${name}.ts`), out: name })),
      { in: join(root, 'scripts/docs/surroundings.mjs'), out: 'surroundings' },
    ],
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    // For what is bundled and not a module.
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    external: ['cloudflare:*', 'bun'],
    alias,
  });
  // The port that the pages name may be somebody else's.
  const port = await freePort();
  for (const { name } of snippets) {
    const file = join(folder, `${name}.mjs`);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/\b8443\b/g, String(port)));
  }
  const { declarable, pkiFiles } = await import(join(folder, 'surroundings.mjs'));
  const files = pkiFiles();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'files.json'), JSON.stringify(files));

  const queue = snippets.flatMap((snippet) => {
    const { page, line, declared, notRun } = snippet;
    const unknown = declared.filter((name) => !declarable.includes(name));
    const reason = notRun ?? (unknown.length > 0 ? `it declares ${unknown.join(', ')}` : undefined);
    if (reason === undefined) return [snippet];
    console.log(`  not run: ${page}:${line}: ${reason}`);
    return [];
  });
  let count = 0;
  // Those that listen on the port of the server, and then those that find it there.
  const work = async (/** @type {typeof queue} */ mine) => {
    for (let snippet = mine.shift(); snippet !== undefined; snippet = mine.shift())
      if (await runOne(snippet)) count++;
  };
  const served = queue.filter(({ hasServer }) => hasServer);
  const serving = queue.filter(({ hasServer, text }) => !hasServer && text.includes('8443'));
  const others = queue.filter((snippet) => ![...served, ...serving].includes(snippet));
  await Promise.all([work(others), work(serving).then(() => withServer(port, () => work(served)))]);
  return count;
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, 'close');
  return port;
}

/** @param {number} port @param {() => Promise<void>} act */
async function withServer(port, act) {
  const main = join(folder, 'server-main.mjs');
  writeFileSync(
    main,
    `import { readFileSync } from 'node:fs';
import { echoServer } from './surroundings.mjs';
await echoServer(JSON.parse(readFileSync('files.json', 'utf8')), ${port});
console.log('listens');
`,
  );
  const server = spawn(process.execPath, [main], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await Promise.race([once(server.stdout, 'data'), once(server, 'exit')]);
    await act();
  } finally {
    server.kill();
  }
}

/** @param {(typeof snippets)[number]} snippet @returns {Promise<boolean>} whether it could run here */
async function runOne({ name, page, line, declared, runtime: elsewhere }) {
  const program =
    elsewhere === undefined ? process.execPath : runtime(/** @type {'bun' | 'deno'} */ (elsewhere));
  if (program === undefined) {
    console.log(`  not run: ${page}:${line}: there is no ${elsewhere} here`);
    return false;
  }
  const main = join(folder, `${name}-main.mjs`);
  writeFileSync(main, mainOf(name, declared));
  const args = elsewhere === 'deno' ? ['run', '--quiet', '--allow-all', main] : [main];
  try {
    await promisify(execFile)(program, args, { cwd: folder, timeout: patienceMs });
  } catch (error) {
    const { code, killed, stderr = '' } = /** @type {any} */ (error);
    const how = killed ? `did not end within ${patienceMs / 1000} s` : `ended with ${code}`;
    problems.push(`${page}:${line}: ${how}: ${stderr.slice(0, 1500)}`);
  }
  return true;
}

/** @param {string} name @param {string[]} declared */
function mainOf(name, declared) {
  if (declared.length === 0) return `await import('./${name}.mjs');\n`;
  return `import { readFileSync } from 'node:fs';
import { provide } from './surroundings.mjs';
provide(JSON.parse(readFileSync('files.json', 'utf8')), ${JSON.stringify(declared)});
await import('./${name}.mjs');
`;
}

/**
 * For the bundler: each entry of a package by its name, longest names first.
 * @param {import('./workspace.mjs').Package} subject
 * @returns {[string, string][]}
 */
function aliasesOf({ name, directory, manifest }) {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => target.default !== undefined)
    .map(
      ([entry, target]) =>
        /** @type {[string, string]} */ ([
          join(name, entry).replaceAll('\\', '/'),
          join(root, directory, target.default),
        ]),
    )
    .sort(([a], [b]) => b.length - a.length);
}

function config() {
  return {
    extends: relative(folder, join(root, 'tsconfig.test.json')),
    compilerOptions: { paths: Object.fromEntries(publicPackages().flatMap((each) => pathsOf(each))) },
    include: ['*.ts', relative(folder, join(root, 'scripts/docs/globals.d.ts'))],
    exclude: [],
  };
}

/**
 * The root does not depend on the packages, so their names are led to their builds by hand.
 * @param {import('./workspace.mjs').Package} subject
 * @returns {[string, string[]][]}
 */
function pathsOf({ name, directory, manifest }) {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => target.types !== undefined)
    .map(([entry, target]) => [
      join(name, entry).replaceAll('\\', '/'),
      [relative(folder, join(root, directory, target.types)).replaceAll('\\', '/')],
    ]);
}
