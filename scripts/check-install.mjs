/**
 * Installs the packages as their users do: all of them packed, the tarballs installed with npm in an empty folder outside of the
 * workspace. There every entry of every package is imported, and required, on each runtime that can be had (`runtimes.mjs`), and both
 * must give the same names; two connections talk over each provider; programs show their help; and the types are resolved by
 * TypeScript 5.9 and 7 in the ways in which applications resolve them.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packAll } from './packs.mjs';
import { runtime } from './runtimes.mjs';
import { report, root, scratch } from './workspace.mjs';

/** Runtimes beside the Node that runs this, and what comes before the name of a program. */
const others = /** @type {const} */ ([
  ['node20.19'],
  ['node20.20'],
  ['node22'],
  ['node24'],
  ['node26'],
  ['bun'],
  ['deno', 'run', '--quiet', '--allow-all', '--node-modules-dir=manual'],
]);

/** Where a package is not for every runtime: those it is for, and why. */
const only = new Map([
  ['@sealwire/compat-node-tls', { on: /^node/, why: 'it stands in for a module of Node' }],
]);

const folder = mkdtempSync(join(tmpdir(), 'install-'));
async function check() {
  const packed = await packAll(join(scratch, 'install-packs'));
  const peers = packed.flatMap(({ subject: { manifest } }) =>
    Object.keys(manifest.peerDependencies ?? {}).map((name) => `${name}@${manifest.devDependencies[name]}`),
  );
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const tools = ['typescript59@npm:typescript@5.9.3', '@types/node@20'];
  const flags = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-package-lock',
    '--prefer-offline',
    '--loglevel=error',
  ];
  await run('npm', ['install', ...flags, ...packed.map(({ tarball }) => tarball), ...tools, ...peers]);

  const entries = packed.flatMap(({ subject: { name, manifest } }) =>
    Object.entries(manifest.exports ?? {})
      .filter(([, target]) => typeof target === 'object' && target.default !== undefined)
      .map(([entry]) => ({ name, entry: join(name, entry).replaceAll('\\', '/') })),
  );
  const programs = packed.flatMap(({ subject: { name, manifest } }) =>
    Object.values(manifest.bin ?? {}).map((/** @type {string} */ file) =>
      join(folder, 'node_modules', name, file),
    ),
  );
  writeFileSync(join(folder, 'pair.mjs'), conversation);

  /** @type {string[]} */
  const problems = [];
  let count = 0;
  for (const [name, ...args] of [['this Node'], ...others]) {
    const program = name === 'this Node' ? process.execPath : runtime(/** @type {any} */ (name));
    if (program === undefined) continue;
    const { stdout } = await run(program, ['--version']);
    const here = entries.filter(
      (each) => only.get(each.name)?.on.test(name === 'this Node' ? 'node' : name) ?? true,
    );
    const left = new Set(entries.filter((each) => !here.includes(each)).map((each) => each.name));
    const tried = await Promise.allSettled([
      loads(
        program,
        args,
        here.map(({ entry }) => entry),
      ),
      run(program, [...args, 'pair.mjs']),
      ...(name.includes('ode') && name !== 'deno'
        ? programs.map((file) => run(program, [file, '--help']))
        : []),
    ]);
    for (const each of tried)
      if (each.status === 'rejected') problems.push(`${name}: ${messageOf(each.reason)}`);
    const why = [...left].map((each) => `${each}: ${only.get(each)?.why}`).join('; ');
    console.log(
      `  ${name} (${stdout.trim().split('\n')[0]}): ${here.length} entries${why === '' ? '' : `; not ${why}`}`,
    );
    count += here.length;
  }
  const compiled = await types(entries.map(({ entry }) => entry));
  problems.push(...compiled.problems);
  report(
    problems,
    `${count} entries of ${packed.length} installed packages, imported and required, and ${compiled.count} ways of resolving their types`,
  );
}

/** Entries are imported and required in one process each way. @param {string} program @param {readonly string[]} args @param {string[]} entries */
async function loads(program, args, entries) {
  const list = JSON.stringify(entries);
  writeFileSync(
    join(folder, 'imports.mjs'),
    `const all = {};
for (const entry of ${list}) all[entry] = Object.keys(await import(entry)).sort();
console.log(JSON.stringify(all));
`,
  );
  writeFileSync(
    join(folder, 'requires.cjs'),
    `const all = {};
for (const entry of ${list}) all[entry] = Object.keys(require(entry)).sort();
console.log(JSON.stringify(all));
`,
  );
  const [imported, required] = await Promise.all(
    ['imports.mjs', 'requires.cjs'].map(async (file) =>
      JSON.parse((await run(program, [...args, file])).stdout),
    ),
  );
  for (const entry of entries) {
    const names = (/** @type {Record<string, string[]>} */ all) =>
      (all[entry] ?? []).filter((name) => !['default', 'module.exports', '__esModule'].includes(name)).join();
    // A module that stands for one of Node gives `require()` an object of its own.
    const isOwnObject = imported[entry].includes('module.exports');
    if (!isOwnObject && names(imported) !== names(required))
      throw new Error(`${entry}: import gives ${names(imported)}, require gives ${names(required)}`);
    if (names(imported) === '' && !entry.endsWith('/register')) throw new Error(`${entry} exports nothing`);
  }
}

/** @param {string[]} entries @returns {Promise<{ count: number, problems: string[] }>} */
async function types(entries) {
  const compilers = [
    ['TypeScript 5.9', join(folder, 'node_modules/typescript59/bin/tsc')],
    ['TypeScript 7', join(root, 'node_modules/typescript7/bin/tsc')],
  ];
  const ways = [
    ['node16', 'node16', 'esm.mts'],
    ['nodenext', 'nodenext', 'cjs.cts'],
    ['esnext', 'bundler', 'esm.mts'],
  ];
  const list = entries.map((entry, i) => [`all${i}`, entry]);
  const uses = list.map(([name]) => `console.log(${name});`).join('\n');
  writeFileSync(
    join(folder, 'esm.mts'),
    `${list.map(([name, entry]) => `import * as ${name} from '${entry}';`).join('\n')}\n${uses}\n`,
  );
  writeFileSync(
    join(folder, 'cjs.cts'),
    `${list.map(([name, entry]) => `import ${name} = require('${entry}');`).join('\n')}\n${uses}\n`,
  );
  const jobs = compilers.flatMap(([compiler = '', tsc = '']) =>
    ways.map(([module = '', moduleResolution = '', file = '']) => ({
      compiler,
      tsc,
      module,
      moduleResolution,
      file,
    })),
  );
  /** @type {string[]} */
  const problems = [];
  const work = async () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const { compiler, tsc, module, moduleResolution, file } = job;
      const options = [
        '--noEmit',
        '--strict',
        '--target',
        'es2022',
        '--lib',
        'es2023,esnext.disposable',
        '--types',
        'node',
        '--pretty',
        'false',
      ];
      try {
        await run(process.execPath, [
          tsc,
          ...options,
          '--module',
          module,
          '--moduleResolution',
          moduleResolution,
          file,
        ]);
      } catch (error) {
        problems.push(`${compiler}, ${moduleResolution}, ${file}: ${messageOf(error)}`);
      }
    }
  };
  const count = jobs.length;
  await Promise.all([work(), work()]);
  return { count, problems };
}

/** @param {string} program @param {string[]} args */
function run(program, args) {
  return promisify(execFile)(program, args, {
    cwd: folder,
    maxBuffer: 1 << 26,
    shell: process.platform === 'win32',
  });
}

/** @param {any} error */
function messageOf(error) {
  return `${error.stdout ?? ''}${error.stderr || error.message}`.trim().slice(0, 1500);
}

/** A client and a server with each provider. */
const conversation = `import { createClient, createServer } from '@sealwire/core';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { pair, virtualClock } from '@sealwire/testkit';
import { createVerifier, loadCredential, makeTestPki } from '@sealwire/x509';

for (const provider of [nobleProvider, nodeProvider]) {
  const pki = makeTestPki({ provider, nowMs: Date.now() });
  const client = createClient({
    provider,
    serverName: 'localhost',
    answers: { verifyPeer: createVerifier({ provider, roots: pki.root.certificate }) },
  });
  const server = createServer({
    provider,
    credentials: [loadCredential({ provider, chain: pki.server.chain, key: pki.server.key })],
  });
  const bytes = new TextEncoder().encode('hello');
  const clock = virtualClock(Date.now());
  const { server: heard } = pair(client, server, { clock }).run([{ by: 'client', do: 'send', bytes }]);
  if (new TextDecoder().decode(heard.data) !== 'hello') throw new Error('the server heard something else');
}
`;

try {
  await check();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
