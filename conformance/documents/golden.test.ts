import { ApiMisuseError } from '@sealwire/core';
import { parseGolden, runGolden } from '@sealwire/testkit';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { connect, nowMs } from './cases.ts';

const folder = new URL('../../docs/cases/', import.meta.url);
const textOf = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const files = () => readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');

describe('runGolden', () => {
  it.each(files())('%s', (name) => {
    const { differences, markdown } = runGolden(textOf(name), connect, { nowMs });
    expect(differences).toEqual([]);
    expect(markdown).toBe(textOf(name));
  });

  it('says what differs, and where', () => {
    const text = textOf('not-tls.md');
    const wrong = text.replace('failed peer.', 'failed other.');
    const { differences, markdown } = runGolden(wrong, connect, { nowMs });
    expect(differences).toHaveLength(1);
    expect(differences[0]!.expected).toContain('failed other.');
    expect(wrong.split('\n')[differences[0]!.line - 1]).toBe('```text outputs');
    expect(markdown).toBe(text);
  });

  it('refuses what it cannot read', () => {
    expect(() => parseGolden('no heading')).toThrow(ApiMisuseError);
    expect(() => parseGolden('# title')).toThrow('json setup');
    const setup = '# title\n\n```json setup\n{ "role": "server" }\n```\n\n';
    expect(() => runGolden(`${setup}\`\`\`text call\ndance\n\`\`\`\n`, connect)).toThrow('got dance');
    expect(() => runGolden(`${setup}\`\`\`hex receive\nxy\n\`\`\`\n`, connect)).toThrow(ApiMisuseError);
  });
});
