/**
 * Builds the documentation site into `.tmp/site-built`: the pages of the repository, and the reference made of the declarations.
 * Fails for a link that leads nowhere, to a page or to a heading, and for a page written from sources that say something else
 * now. `--serve` shows it on the loopback address.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { build, serve } from 'vitepress';
import { writeReference } from './site/api.mjs';
import { stalePages } from './site/generated.mjs';
import { sidebarOf } from './site/sidebar.mjs';
import { sitePages, stage } from './site/stage.mjs';
import { filesBelow, report, root, scratch } from './workspace.mjs';

const site = join(scratch, 'site');
const built = join(scratch, 'site-built');
rmSync(site, { recursive: true, force: true });
rmSync(built, { recursive: true, force: true });
mkdirSync(site, { recursive: true });

const generated = await stalePages();
const { entries, problems } = await writeReference(join(site, 'api'));
problems.push(...generated.problems);
const reference = filesBelow('api', /\.md$/, site)
  .filter((target) => target !== 'api/index.md')
  .map((target) => ({ title: target.replace(/^api\//, '').replace(/(\/index)?\.md$/, ''), target }))
  .filter(({ title }) => !title.includes('/namespaces/'));
const pages = sitePages();
problems.push(...stage(pages, site));
writeFileSync(join(site, 'sidebar.json'), JSON.stringify(sidebarOf(pages, reference)));
if (problems.length === 0) {
  await build(join(root, 'docs'), { logLevel: 'warn' });
  problems.push(...deadLinks());
}
const count = filesBelow('', /\.html$/, built).length;
report(
  problems,
  `${count} pages of the documentation site; ${entries} entries in the reference, ${generated.count} files written from sources`,
);
if (process.argv.includes('--serve')) await serve({ root: join(root, 'docs'), port: 4173 });

/** Vitepress looks at links between pages, and not at headings. @returns {string[]} */
function deadLinks() {
  const files = filesBelow('', /\.html$/, built);
  const texts = new Map(files.map((file) => [file, readFileSync(join(built, file), 'utf8')]));
  const ids = new Map(
    [...texts].map(([file, text]) => [
      file,
      new Set([...text.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => decoded(id))),
    ]),
  );
  /** @type {Map<string, string[]>} */
  const dead = new Map();
  for (const [file, text] of texts) {
    for (const [, href = ''] of text.matchAll(/<a\s[^>]*?href="([^"]*)"/g)) {
      const link = decoded(href);
      if (/^(https?|mailto):/.test(link)) continue;
      const [path = '', hash = ''] = decodeURI(link).split('#');
      const folder = path.startsWith('/') ? '' : posix.dirname(file);
      const meant = path === '' ? file : posix.join(folder, path.replace(/^\//, ''));
      const page = [meant, `${meant}.html`, posix.join(meant, 'index.html')].find((each) => ids.has(each));
      const isThere =
        page === undefined
          ? existsSync(join(built, meant)) && meant !== '.'
          : hash === '' || ids.get(page)?.has(hash);
      if (isThere) continue;
      const named = page === undefined ? meant : `${page}#${hash}`;
      dead.set(named, [...(dead.get(named) ?? []), file]);
    }
  }
  return [...dead].map(
    ([target, [first, ...more]]) =>
      `${first}${more.length > 0 ? ` and ${more.length} more` : ''}: links to ${target}, which is not there`,
  );
}

/** @param {string} text of an attribute */
function decoded(text) {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
