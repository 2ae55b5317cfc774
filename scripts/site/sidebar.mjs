/**
 * The order of the site. A page that stands in no list comes at the end of the section that its front matter names
 * (`section: Guides`, and where it matters `order: 3`), or else of the section of its folder: a new page appears by itself.
 */

/** Title, folder of its pages, and which come first, in this order. */
export const sections = [
  {
    title: 'Start',
    folder: 'start',
    first: [
      'start/node.md',
      'start/bun.md',
      'start/deno.md',
      'start/browser.md',
      'start/workers.md',
      'start/compat.md',
      'start/cli.md',
      'errors.md',
      'error-codes.md',
    ],
  },
  {
    title: 'Guides',
    folder: 'guides',
    first: [
      'guides/security-model.md',
      'guides/sessions-and-fleets.md',
      'guides/custom-links.md',
      'guides/custom-transport.md',
      'guides/property-testing.md',
      'moving-from-node-tls.md',
      'beyond-node-tls.md',
    ],
  },
  {
    title: 'Certificates and keys',
    folder: 'certificates',
    first: [
      'certificates.md',
      'certificate-paths.md',
      'names.md',
      'roots.md',
      'revocation.md',
      'keys-and-containers.md',
      'node-certificates.md',
    ],
  },
  {
    title: 'Protocol',
    folder: 'protocol',
    first: [
      'resumption.md',
      'older-versions.md',
      'renegotiation.md',
      'quic.md',
      'handshake.md',
      'states.md',
      'cases/index.md',
    ],
  },
  { title: 'Reference', folder: 'reference', first: ['api/index.md', 'limits.md', 'defaults.md'] },
  { title: 'Packages', folder: 'packages', first: [], isCollapsed: true },
  { title: 'Examples', folder: 'examples', first: [], isCollapsed: true },
  {
    title: 'How it is checked',
    folder: 'tools',
    first: [
      'verification.md',
      'conformance.md',
      'interop.md',
      'libraries.md',
      'node-tests.md',
      'performance.md',
      'clauses/core/rfc9846.md',
    ],
    isCollapsed: true,
  },
  {
    title: 'Project',
    folder: 'project',
    first: ['project/architecture.md', 'project/core.md', 'project/contributing.md', 'project/security.md'],
    isCollapsed: true,
  },
];

/** Folders whose pages stand under one of the pages above. */
const under = new Map([
  ['cases', 'cases/index.md'],
  ['states', 'states.md'],
  ['clauses', 'clauses/core/rfc9846.md'],
]);

/** @param {import('./stage.mjs').Page[]} pages @param {{ title: string, target: string }[]} reference */
export function sidebarOf(pages, reference) {
  const left = new Map(
    pages.filter(({ target }) => target !== 'index.md').map((page) => [page.target, page]),
  );
  const item = (/** @type {{ title: string, target: string }} */ { title, target }) => ({
    text: title,
    link: `/${target.replace(/(index)?\.md$/, '')}`,
  });
  const listed = new Set(sections.flatMap(({ first }) => first));
  const children = (/** @type {string} */ parent) =>
    [...left.values()].filter(
      ({ target }) => under.get(target.split('/')[0] ?? '') === parent && target !== parent,
    );
  return sections
    .map(({ title, folder, first, isCollapsed }) => {
      const rest = [...left.values()]
        .filter(({ target, section }) => {
          const top = target.includes('/') ? (target.split('/')[0] ?? '') : '';
          if (listed.has(target) || under.has(top)) return false;
          const own =
            sections.find((each) => each.title === section) ?? sections.find((each) => each.folder === top);
          return (own?.title ?? 'Guides') === title;
        })
        .sort((a, b) => a.order - b.order || a.title.localeCompare(b.title));
      const chosen = [...first.flatMap((target) => left.get(target) ?? []), ...rest];
      const items = chosen.map((page) => {
        const below = children(page.target);
        return below.length === 0 ? item(page) : { ...item(page), collapsed: true, items: below.map(item) };
      });
      if (folder === 'reference' && reference.length > 0)
        items.unshift({ text: 'API', link: '/api/', collapsed: true, items: reference.map(item) });
      return { text: title, collapsed: isCollapsed ?? false, items };
    })
    .filter(({ items }) => items.length > 0);
}
