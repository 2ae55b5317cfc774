import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';

/** The pages and their order are put together by scripts/site.mjs, which starts vitepress. */
const site = fileURLToPath(new URL('../../.tmp/site', import.meta.url));

export default defineConfig({
  title: 'Sealwire',
  description: 'TLS in TypeScript, on a core without I/O',
  lang: 'en',
  srcDir: site,
  outDir: fileURLToPath(new URL('../../.tmp/site-built', import.meta.url)),
  cacheDir: fileURLToPath(new URL('../../.tmp/site-cache', import.meta.url)),
  // Where there is room for them, tables whose last column one need not scroll to: their words break, their code does not. Pages without headings, which have no list of
  // them beside, are as wide as their text.
  head: [
    [
      'style',
      {},
      `.vp-doc th, .vp-doc td { padding: 6px 10px; font-size: 13.5px; }
.vp-doc td code { font-size: 12px; }
@media (min-width: 960px) {
  .vp-doc td { overflow-wrap: anywhere; }
  .vp-doc td code, .vp-doc td a { overflow-wrap: normal; }
}
.VPDoc:not(.has-aside) .content { max-width: 992px !important; }`,
    ],
  ],
  transformPageData: ({ relativePath, frontmatter }) =>
    frontmatter.layout === undefined && !/^## /m.test(readFileSync(`${site}/${relativePath}`, 'utf8'))
      ? { frontmatter: { ...frontmatter, aside: false } }
      : undefined,
  // Works from any folder of any server.
  base: process.env.SEALWIRE_SITE_BASE ?? '/',
  ignoreDeadLinks: false,
  // The reference of a large package is a large page.
  vite: { build: { chunkSizeWarningLimit: 10_000 } },
  markdown: {
    // As hosts of git make them, where the same pages are read.
    anchor: {
      slugify: (title) =>
        title
          .trim()
          .toLowerCase()
          .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
          .replaceAll(' ', '-'),
    },
    // What fences say beside the language is for check:docs, and bytes have no colours.
    config: (md) => {
      const fence = md.renderer.rules.fence;
      md.renderer.rules.fence = (tokens, i, options, env, self) => {
        tokens[i].info = tokens[i].info.split(' ')[0].replace(/^hex$/, 'txt');
        return fence(tokens, i, options, env, self);
      };
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Start', link: '/start/node' },
      { text: 'API', link: '/api/' },
      { text: 'Security', link: '/project/security' },
    ],
    sidebar: JSON.parse(readFileSync(`${site}/sidebar.json`, 'utf8')),
    docFooter: { prev: 'Before', next: 'Next' },
  },
});
