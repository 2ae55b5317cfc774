import { parseGolden } from '@sealwire/testkit';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cases } from './cases.ts';

const folder = new URL('../../docs/cases/', import.meta.url);
const files = () => readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');

describe('docs/cases', () => {
  it.each(Object.keys(cases))('%s is as it was written (pnpm docs:update writes it anew)', async (name) => {
    await expect(cases[name]!()).toMatchFileSnapshot(`../../docs/cases/${name}.md`);
  });

  it('has a page that lists them (pnpm docs:update writes it anew)', async () => {
    const rows = Object.keys(cases).map((name) => `- [${parseGolden(cases[name]!()).title}](${name}.md)`);
    const page = `# Cases\n\nEach page is a test: bytes go in, and what the connection says is compared to the byte. Certificates, keys
and randomness are the same every time. \`runGolden\` of the [test kit](../../packages/testkit/README.md) runs them,
\`pnpm docs:update\` writes them anew.\n\n${rows.join('\n')}\n`;
    await expect(page).toMatchFileSnapshot('../../docs/cases/README.md');
  });

  it('has no page that nothing writes', () => {
    expect(files().sort()).toEqual(
      Object.keys(cases)
        .map((name) => `${name}.md`)
        .sort(),
    );
  });
});
