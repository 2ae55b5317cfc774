import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { run, scratch } from './run.ts';

/** Lines of the README that are run as they stand, but for the directory and the port. */
const blocks = [
  ...readFileSync(new URL('../README.md', import.meta.url), 'utf8').matchAll(/^```sh run\n([\s\S]*?)^```$/gm),
];
const lines = blocks.flatMap(([, text]) => text!.trimEnd().split('\n'));

describe('README', () => {
  it('has examples that run as printed', async () => {
    expect(lines.length).toBeGreaterThan(8);
    const port = await freePort();
    const background: Promise<{ code: number; stderr: string }>[] = [];
    for (const line of lines) {
      const [, said, text = '', comment = ''] =
        /^(?:echo (\S+) \| )?sealwire (.*?)(?: +# (.*))?$/.exec(line) ?? [];
      const isBackground = text.endsWith(' &');
      const args = text
        .replace(/ &$/, '')
        .split(' ')
        .map((word) => word.replace(/^demo\b/, `${scratch}/demo`).replace(/\b4433$/, `${port}`));
      let listens: () => void = () => {};
      const listening = new Promise<void>((resolve) => (listens = resolve));
      const running = run(args, {
        ...(said === undefined ? {} : { input: `${said}\n` }),
        onMessages: (message) => message.includes('listening') && listens(),
      });
      if (isBackground) {
        background.push(running);
        await Promise.race([listening, running]);
        continue;
      }
      const { code, stdout, stderr } = await running;
      expect({ line, code, stderr }).toMatchObject({
        line,
        code: /ends with (\d+)/.exec(comment)?.[1] === '6' ? 6 : 0,
      });
      if (said !== undefined) expect(stdout).toBe(`${said}\n`);
    }
    for (const each of background) expect(await each).toMatchObject({ code: 0 });
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    }),
  );
}
