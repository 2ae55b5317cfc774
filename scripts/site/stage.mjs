/**
 * The pages of the site, collected in one folder: those of docs/, the README of each package and example, the pages of the
 * project, and the tables of clauses. Links between them are led to where they lie here; what is linked to and is no page (a source, a
 * folder) is named by its path. A link to what does not exist is a problem.
 */
import { copyFileSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { filesBelow, packages, publicPackages, readText, root } from '../workspace.mjs';

/**
 * @typedef {object} Page
 * @property {string} source relative to the repository
 * @property {string} target relative to the site
 * @property {string} title
 * @property {string | undefined} section as its front matter says
 * @property {number} order as its front matter says; 1000 otherwise
 */

/** @returns {Page[]} */
export function sitePages() {
  const found = filesBelow('docs', /\.md$/)
    .filter((source) => !source.startsWith('docs/.vitepress/'))
    .map((source) => [source, source.slice('docs/'.length).replace(/(^|\/)README\.md$/, '$1index.md')]);
  for (const { name, directory } of publicPackages())
    found.push([`${directory}/README.md`, `packages/${name.replace(/^@[^/]+\//, '')}.md`]);
  for (const { directory } of packages().filter((each) => each.manifest.private === true))
    found.push([`${directory}/README.md`, `${directory.replace('packages/', 'tools/')}.md`]);
  for (const source of packages().flatMap(({ directory }) =>
    filesBelow(`${directory}/test/clauses`, /\.md$/),
  ))
    found.push([source, `clauses/${source.split('/')[1]}/${basename(source)}`]);
  found.push(['packages/core/ARCHITECTURE.md', 'project/core.md']);
  for (const name of ['ARCHITECTURE', 'CONTRIBUTING', 'SECURITY'])
    found.push([`${name}.md`, `project/${name.toLowerCase()}.md`]);
  return found
    .filter(([source = '']) => existsSync(join(root, source)))
    .map(([source = '', target = '']) => ({ source, target, ...headOf(readText(source)) }));
}

/**
 * @param {Page[]} pages
 * @param {string} site folder
 * @returns {string[]} problems
 */
export function stage(pages, site) {
  const targets = new Map(pages.map(({ source, target }) => [source, target]));
  /** @type {string[]} */
  const problems = [];
  for (const { source, target } of pages) {
    const file = join(site, target);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, led(readText(source), source, target));
  }
  return problems;

  /** @param {string} text @param {string} source @param {string} target */
  function led(text, source, target) {
    return outsideOfCode(text, (prose) =>
      prose.replace(/(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g, (whole, image, label, link) => {
        if (/^(\w+:|#|\/)/.test(link)) return whole;
        const [path = '', hash] = link.split('#');
        const meant = posix.normalize(posix.join(posix.dirname(source), path)).replace(/\/$/, '');
        const page =
          targets.get(meant) ?? targets.get(`${meant}/README.md`) ?? targets.get(`${meant}/index.md`);
        if (page !== undefined) {
          const relative = posix.relative(posix.dirname(target), page);
          return `${image}[${label}](${relative.startsWith('.') ? relative : `./${relative}`}${hash === undefined ? '' : `#${hash}`})`;
        }
        if (!existsSync(join(root, meant))) {
          problems.push(`${source}: links to ${link}, and there is no ${meant}`);
          return whole;
        }
        if (/^docs\/.*\.(html|svg|png)$/.test(meant) && statSync(join(root, meant)).isFile()) {
          // Not beside the page of the same name, which is made of Markdown.
          const beside = image === '' ? `as-they-are/${basename(meant)}` : meant.slice('docs/'.length);
          const at = image === '' ? join(site, 'public', beside) : join(site, beside);
          mkdirSync(dirname(at), { recursive: true });
          copyFileSync(join(root, meant), at);
          if (image !== '') return whole;
          return `<a href="${posix.relative(posix.dirname(target), beside)}" target="_self">${label}</a>`;
        }
        const bare = label.replaceAll('`', '');
        return meant.endsWith(bare) || meant.endsWith(bare.replace(/\/$/, ''))
          ? `\`${meant}\``
          : `${label} (\`${meant}\`)`;
      }),
    );
  }
}

/** The parts of a page that are not code, changed; code within a line is left alone too. @param {string} text @param {(prose: string) => string} change */
export function outsideOfCode(text, change) {
  return text
    .split(/(^(`{3,})[^\n]*\n[\s\S]*?^\2$)/m)
    .map((part, i) => (i % 3 === 0 ? change(part) : i % 3 === 1 ? part : ''))
    .join('');
}

/** @param {string} text */
function headOf(text) {
  const matter = /^---\n([\s\S]*?)\n---\n/.exec(text)?.[1] ?? '';
  const field = (/** @type {string} */ name) => new RegExp(`^${name}: *(.*)$`, 'm').exec(matter)?.[1];
  return {
    title: field('title') ?? /^# (.*)$/m.exec(text)?.[1]?.replaceAll('`', '') ?? '',
    section: field('section'),
    order: Number(field('order') ?? 1000),
  };
}
