/**
 * Cruises the sources and tests of all packages against the rules of `walls.mjs`. Then plants one violation
 * of each kind in a temporary copy and fails unless each is seen: a cruise that reads nothing, or rules that
 * match nothing, would be green for ever.
 */
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { cruiseOptions, rows, ruleSet } from './walls.mjs';
import { filesBelow, packages, report, root, scratch } from './workspace.mjs';

const directories = packages()
  .map((each) => each.directory)
  .filter((directory) => directory.startsWith('packages/'));

/** @param {string} baseDir */
async function violationsIn(baseDir) {
  const files = directories.flatMap((directory) =>
    ['src', 'test'].flatMap((part) => filesBelow(`${directory}/${part}`, /\.ts$/, baseDir)),
  );
  const { output } = await cruise(files, { ...cruiseOptions, baseDir, validate: true, ruleSet });
  const result = /** @type {import('dependency-cruiser').ICruiseResult} */ (output);
  const cruised = new Set(result.modules.map((each) => each.source));
  return {
    files,
    missed: files.filter((file) => !cruised.has(file)),
    dependencies: result.modules.reduce((sum, each) => sum + each.dependencies.length, 0),
    violations: result.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}

/** @returns {string[]} rooms that the walls do not know, and therefore do not guard */
function unknownRooms() {
  const known = new Set(rows.flat());
  return readdirSync(join(root, 'packages/core/src'), { withFileTypes: true })
    .filter((each) => each.isDirectory() && !known.has(each.name))
    .map((each) => `packages/core/src/${each.name}/ is in no row of scripts/walls.mjs`);
}

/** @returns {Promise<string[]>} */
async function selfTest() {
  const copy = join(scratch, 'walls');
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  cpSync(join(root, 'packages'), join(copy, 'packages'), {
    recursive: true,
    filter: (path) => !/[/\\](node_modules|\.turbo)$/.test(path),
  });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir');
  cpSync(join(root, 'package.json'), join(copy, 'package.json'));
  for (const [file, text] of planted.flatMap((each) => Object.entries(each.files))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), text);
  }
  const { violations } = await violationsIn(copy);
  const wrong = planted.filter(({ rule, from, seen = true }) => {
    const hit = violations.some((each) => each.from === from && each.rule.startsWith(rule));
    return hit !== seen;
  });
  rmSync(copy, { recursive: true, force: true });
  console.log(`self-test: ${planted.length} plants, ${planted.length - wrong.length} judged rightly`);
  return wrong.map(({ rule, from, seen = true }) =>
    seen
      ? `self-test: "${rule}" did not see ${from}`
      : `self-test: "${rule}" refused ${from}, which is allowed`,
  );
}

const src = 'packages/core/src';

/**
 * @typedef {object} Plant
 * @property {string} rule how the name of the rule begins
 * @property {string} from the file that breaks it
 * @property {Record<string, string>} files what is written into the copy
 * @property {false} [seen] false: this is allowed, and the rule must keep silent
 */
/** @type {Plant[]} */
const planted = [
  {
    rule: 'room-order: wire imports',
    from: `${src}/wire/planted-a.ts`,
    files: {
      [`${src}/wire/planted-a.ts`]: "import { a } from '../tls13/planted-a.ts';\nexport const b = a;\n",
      [`${src}/tls13/planted-a.ts`]: 'export const a = 1;\n',
    },
  },
  {
    rule: 'room-order: tls12 imports',
    from: `${src}/tls12/planted-b.ts`,
    files: {
      [`${src}/tls12/planted-b.ts`]: "import type { A } from '../tls13/planted-b.ts';\nexport type B = A;\n",
      [`${src}/tls13/planted-b.ts`]: 'export type A = 1;\n',
    },
  },
  {
    rule: 'room-order: hello imports',
    from: `${src}/hello/planted-c.ts`,
    files: {
      [`${src}/hello/planted-c.ts`]: "export * from '../planted-entry.ts';\n",
      [`${src}/planted-entry.ts`]: 'export const entry = 1;\n',
    },
  },
  {
    rule: 'room-order: values imports values',
    from: `${src}/values/planted-d.ts`,
    files: {
      [`${src}/values/planted-d.ts`]: "import { a } from '../tls13/planted-a.ts';\nexport const d = a;\n",
    },
  },
  {
    rule: 'room-order',
    from: `${src}/values/planted-e.ts`,
    files: {
      [`${src}/values/planted-e.ts`]: "import type { A } from '../tls13/planted-b.ts';\nexport type E = A;\n",
    },
    seen: false,
  },
  {
    rule: 'room-order',
    from: `${src}/wire/planted-f.test.ts`,
    files: {
      [`${src}/wire/planted-f.test.ts`]: "import { a } from '../tls13/planted-a.ts';\nexport const f = a;\n",
    },
    seen: false,
  },
  {
    rule: 'room-order',
    from: `${src}/tls13/planted-g.ts`,
    files: {
      [`${src}/tls13/planted-g.ts`]: "import { g } from '../errors/planted-g.ts';\nexport const h = g;\n",
    },
    seen: false,
  },
  {
    rule: 'no-circular',
    from: `${src}/errors/planted-g.ts`,
    files: {
      [`${src}/errors/planted-g.ts`]:
        "import { i } from './planted-i.ts';\nexport const g = 1;\nexport const k = () => i;\n",
      [`${src}/errors/planted-i.ts`]: "import { g } from './planted-g.ts';\nexport const i = () => g;\n",
    },
  },
  {
    rule: 'no-circular-types',
    from: `${src}/errors/planted-j.ts`,
    files: {
      [`${src}/errors/planted-j.ts`]: "import type { K } from './planted-k.ts';\nexport type J = K | 1;\n",
      [`${src}/errors/planted-k.ts`]: "import type { J } from './planted-j.ts';\nexport type K = J[];\n",
    },
  },
  {
    rule: 'package: core imports',
    from: `${src}/tls13/planted-l.ts`,
    files: {
      [`${src}/tls13/planted-l.ts`]:
        "import { createHash } from 'node:crypto';\nexport const l = createHash;\n",
    },
  },
  {
    rule: 'package: core imports',
    from: `${src}/tls13/planted-m.ts`,
    files: { [`${src}/tls13/planted-m.ts`]: "import fc from 'fast-check';\nexport const m = fc;\n" },
  },
  {
    rule: 'package: a test of core',
    from: `${src}/tls13/planted-n.test.ts`,
    files: {
      [`${src}/tls13/planted-n.test.ts`]: "import { parse } from 'typescript';\nexport const n = parse;\n",
    },
  },
  {
    rule: 'package: a test of core',
    from: `${src}/tls13/planted-o.test.ts`,
    files: {
      [`${src}/tls13/planted-o.test.ts`]: "import 'node:crypto';\nimport 'vitest';\nimport 'fast-check';\n",
    },
    seen: false,
  },
  {
    rule: 'no-unresolvable',
    from: `${src}/tls13/planted-p.ts`,
    files: { [`${src}/tls13/planted-p.ts`]: "import '@sealwire/planted';\n" },
  },
];
if (directories.includes('packages/x509')) {
  planted.push(
    {
      rule: 'no-reaching-across',
      from: 'packages/x509/src/planted-q.ts',
      files: { 'packages/x509/src/planted-q.ts': "export * from '../../core/src/errors/tls-error.ts';\n" },
    },
    {
      rule: 'package: x509 imports',
      from: 'packages/x509/src/planted-r.ts',
      files: { 'packages/x509/src/planted-r.ts': "import '@sealwire/crypto-node';\n" },
    },
  );
}
if (directories.includes('packages/compat-node-tls')) {
  planted.push({
    rule: 'package: compat-node-tls imports more',
    from: 'packages/compat-node-tls/src/planted-s.ts',
    files: {
      'packages/compat-node-tls/src/planted-s.ts':
        "import { connect } from 'node:tls';\nexport const s = connect;\n",
    },
  });
}

const { files, missed, dependencies, violations } = await violationsIn(root);
report(
  [
    ...violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`),
    ...missed.map((file) => `${file} was not cruised`),
    ...unknownRooms(),
    ...(await selfTest()),
  ],
  `${files.length} modules with ${dependencies} imports against ${ruleSet.forbidden?.length} rules`,
);
