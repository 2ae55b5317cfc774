/**
 * `node dist/main.js`: serves the page, and shows what the tunnel sees while you use it, until Ctrl-C. `--here` runs the page's program
 * in this process, once.
 */
import { WebSocket } from 'ws';
import { ask } from './page.ts';
import { recordsOf } from './records.ts';
import { setStage } from './stage.ts';

const seen = { 'to the server': [] as Uint8Array[], 'to the page': [] as Uint8Array[] };
const stage = await setStage((_destination, direction, bytes) => {
  seen[direction].push(Uint8Array.from(bytes));
  const start = Buffer.from(bytes.subarray(0, 16)).toString('hex');
  console.log(`tunnel, ${direction.padEnd(13)}  ${String(bytes.length).padStart(5)} bytes  ${start}…`);
});

if (process.argv.includes('--here')) {
  const { serverName, roots } = stage;
  const text = 'what nobody between us may read';
  const answer = await ask(new WebSocket(stage.tunnel) as never, { serverName, roots, text });
  stage.close();
  console.log('\nthe page:', answer);
  for (const [direction, pieces] of Object.entries(seen)) {
    const records = recordsOf(direction, Buffer.concat(pieces));
    console.log(`\nthe tunnel, ${direction}:`);
    for (const { type, length } of records) console.log(`  ${type}, ${length} bytes`);
  }
} else {
  console.log(`Open ${stage.page} in a browser; Ctrl-C ends. What the tunnel sees:\n`);
}
