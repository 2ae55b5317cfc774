import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { nodeMajor } from '../../src/process/host.ts';
import { serverIdentity, trusted } from './identity.ts';

const app = fileURLToPath(new URL('permission-app.mjs', import.meta.url));
const entry = new URL('../../dist/http2/index.js', import.meta.url).href;
const major = nodeMajor();
const restricted = [
  major >= 22 ? '--permission' : '--experimental-permission',
  '--allow-fs-read=*',
  ...(major >= 25 ? ['--allow-net'] : []),
];

describe('http2 over our sockets', () => {
  it.each([
    { name: 'by a stream of Node itself', switches: [], shown: [true, 'h2'] },
    { name: 'with --permission, which gives none', switches: restricted, shown: [false, 'h2c'] },
  ])('goes $name', async ({ switches, shown }) => {
    const identity = JSON.stringify({ ...serverIdentity, ...trusted });
    const { stdout } = await promisify(execFile)(process.execPath, [...switches, app, entry, identity]);
    const told = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(told).toEqual([
      ['server', ...shown, '2.0'],
      ['client', ...shown, 'answer'],
    ]);
  });
});
