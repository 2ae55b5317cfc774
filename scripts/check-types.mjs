/**
 * Type-checks everything that the builds leave out: tests, scripts of the private folders, and the sources
 * once more with Node's types. Fails if a TypeScript file of the repository escaped the check.
 *
 * What a package has in `test/types` is compiled again as its users compile, declarations included, with each other version of
 * `@types/node` among its devDependencies (`types-node-24`). An application there, `application*.ts`, is written for modules of Node; a
 * second one is made of it in which the modules are ours, and must compile as well.
 */
import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, packages, readText, report, root, run, scratch } from './workspace.mjs';

const compilers = ['typescript7', 'typescript'].map((name) => join(root, 'node_modules', name, 'bin/tsc'));

/** @param {string} project @param {string[]} [more] */
function compile(project, more = [], compiler = compilers[0]) {
  const args = [compiler ?? '', '-p', project, '--pretty', 'false', ...more];
  const { status, stdout, stderr } = run(process.execPath, args);
  const lines = (stdout + stderr).split('\n').filter((line) => line !== '');
  const errors = lines.filter((line) => !line.startsWith('/') && !/^[A-Za-z]:[/\\]/.test(line));
  if (status !== 0 && errors.length === 0) errors.push(`tsc ended with ${status} for ${project}`);
  return { errors, seen: new Set(lines.map((line) => line.replaceAll('\\', '/'))) };
}

/** @returns {{ problems: string[], count: number }} */
function whole() {
  const { errors, seen } = compile('tsconfig.test.json', ['--listFiles']);
  const expected = packages().flatMap((each) => filesBelow(each.directory, /\.ts$/));
  const escaped = expected.filter((file) => !seen.has(join(root, file).replaceAll('\\', '/')));
  return {
    problems: [...errors, ...escaped.map((file) => `${file}: not covered by tsconfig.test.json`)],
    count: expected.length,
  };
}

/** @param {import('./workspace.mjs').Package} subject @returns {{ problems: string[], count: number }} */
function asUsers({ name, directory, manifest }) {
  const files = filesBelow(`${directory}/test/types`, /\.c?ts$/);
  const folder = join(scratch, 'types', directory);
  rmSync(folder, { recursive: true, force: true });
  if (files.length === 0) return { problems: [], count: 0 };
  mkdirSync(folder, { recursive: true });
  const moved = files
    .filter((file) => /\/application[^/]*$/.test(file))
    .map((file) => {
      const copy = join(folder, file.slice(file.lastIndexOf('/') + 1));
      writeFileSync(copy, withOurs(readText(file), name, manifest));
      return copy;
    });
  const others = Object.keys(manifest.devDependencies ?? {}).filter((each) => each.startsWith('types-node'));
  const versions = ['@types/node', ...others].map((types) => {
    // Packages of types refer to `node`, by that name.
    const roots = join(folder, types.replace('/', '-'));
    const own = types.startsWith('@') ? root : join(root, directory);
    mkdirSync(roots);
    symlinkSync(realpathSync(join(own, 'node_modules', types)), join(roots, 'node'), 'junction');
    const path = `${roots}.json`;
    const sources = [...files.map((file) => join(root, file)), ...moved];
    const config = usersConfig(sources, roots, { name, directory, manifest });
    writeFileSync(path, JSON.stringify(config, undefined, 2));
    // Users have older compilers, too; how declarations are read hardly depends on both.
    const chosen = types.startsWith('@') ? compilers : compilers.slice(0, 1);
    return { types, errors: chosen.flatMap((compiler) => compile(path, [], compiler).errors) };
  });
  return {
    problems: versions.flatMap(({ types, errors }) => errors.map((line) => `with ${types}: ${line}`)),
    count: versions.length * (files.length + moved.length),
  };
}

/**
 * `node:tls` of a package `…/compat-node-tls` becomes that package, other modules of Node become its entries of their name.
 * @param {string} text @param {string} name @param {Record<string, any>} manifest
 */
function withOurs(text, name, manifest) {
  const main = `node:${name.slice(name.lastIndexOf('-') + 1)}`;
  return text.replace(/(?<=['"])node:[\w/]+(?=['"])/g, (module) => {
    if (module === main) return name;
    const entry = module.slice('node:'.length);
    return manifest.exports[`./${entry}`] === undefined ? module : `${name}/${entry}`;
  });
}

/** @param {string[]} files @param {string} roots @param {import('./workspace.mjs').Package} subject */
function usersConfig(files, roots, { name, directory, manifest }) {
  const entries = Object.entries(manifest.exports).filter(([, target]) => target.types !== undefined);
  return {
    compilerOptions: {
      target: 'es2023',
      lib: ['es2023', 'esnext.disposable'],
      module: 'nodenext',
      strict: true,
      exactOptionalPropertyTypes: false,
      allowImportingTsExtensions: true,
      noEmit: true,
      skipLibCheck: false,
      typeRoots: [roots],
      types: ['node'],
      paths: Object.fromEntries(
        entries.map(([entry, target]) => [
          join(name, entry).replaceAll('\\', '/'),
          [join(root, directory, target.types)],
        ]),
      ),
    },
    files,
  };
}

const results = [whole(), ...packages().map(asUsers)];
const again = results.slice(1).reduce((sum, { count }) => sum + count, 0);
report(
  results.flatMap(({ problems }) => problems),
  `${results[0]?.count} files for types, ${again} of users with versions of @types/node`,
);
