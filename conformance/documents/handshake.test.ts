import { printTranscript, printTranscriptHtml } from '@sealwire/testkit';
import { describe, expect, it } from 'vitest';
import { documentedConnection } from './handshake.ts';

/** The pages are written by `pnpm docs:update`; here they are held to what the stack does today. */
describe('docs/handshake', () => {
  const records = documentedConnection();

  it('has every record open, and every message of a handshake in it', () => {
    expect(records.filter(({ content }) => content === undefined)).toEqual([]);
    const text = printTranscript(records);
    for (const name of [
      'client_hello',
      'server_hello',
      'encrypted_extensions',
      'certificate',
      'certificate_verify',
      'finished',
      'key_update',
    ]) {
      expect(text).toContain(`\n  ${name}, `);
    }
    expect(text).toContain('data: "Is anybody there?"');
    expect(text).toContain('description: close_notify');
    expect(text).not.toMatch(/bytes too many|after the problem/);
  });

  it('is true as Markdown (pnpm docs:update writes it anew)', async () => {
    await expect(markdown()).toMatchFileSnapshot('../../docs/handshake.md');
  });

  it('is true as a page (pnpm docs:update writes it anew)', async () => {
    const page = printTranscriptHtml(records, { title, introduction });
    expect(page).not.toMatch(/<script|src=|href=/);
    await expect(page).toMatchFileSnapshot('../../docs/handshake.html');
  });

  function markdown(): string {
    const text = printTranscript(records, { maxBytesPerField: 48 });
    return `# ${title}\n\n${introduction}\n\nThe same with every byte, as a page: [handshake.html](handshake.html). Both are written by
\`pnpm docs:update\` with \`printTranscript\` of the [test kit](../packages/testkit/README.md), and a test holds them to
what the stack does.\n\nOffsets are hexadecimal: of a record's header in the record, of everything else in the message.
A field with a length is shown by its length; what it holds stands below.\n\n\`\`\`text\n${text}\`\`\`\n`;
  }
});

const title = 'A TLS 1.3 connection, byte by byte';
const introduction =
  'A whole connection between two ends of Sealwire with seeded randomness: the handshake, data both ways, a key ' +
  'update, an orderly end. Protected records are shown opened.';
