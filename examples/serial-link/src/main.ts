/** `node dist/main.js [--baud 9600]`: the conversations of `plan.ts`, and what each costs on the line. */
import { parseArgs } from 'node:util';
import { plan } from './plan.ts';
import { missing, run } from './run.ts';

const { values } = parseArgs({ options: { baud: { type: 'string', default: '9600' } } });
const baud = Number(values.baud);
if (!(baud >= 300)) throw new Error(`expected --baud from 300, got ${values.baud}`);
const reason = missing();
if (reason === undefined) await print();
else console.log(`skipped: ${reason}`);

async function print(): Promise<void> {
  console.log(
    `TLS 1.3 with a pre-shared key at ${baud} baud, ${baud / 10} bytes a second; no certificates.\n`,
  );
  row('', 'handshake', 'client', 'server', 'whole talk');
  row('', '', 'sends', 'sends', '');
  for (const [i, { client, server }] of (await run({ baud, plan })).entries()) {
    const { mode, isNoisy } = plan[i]!;
    const all = client.handshakeBytes + client.otherBytes + server.handshakeBytes + server.otherBytes;
    row(
      `${mode}${client.resumed ? ', resumed' : ''}${isNoisy ? ', noise' : ''}`,
      `${(client.handshakeMs / 1000).toFixed(2)} s`,
      `${client.handshakeBytes} B`,
      `${server.handshakeBytes} B`,
      `${all} B`,
    );
    if (server.failed === undefined) console.log(`    ${server.received} ${client.received}`);
    else
      console.log(`    the server refuses what arrived: ${server.failed}; the client hears ${client.failed}`);
  }
}

function row(...cells: string[]): void {
  const [first = '', ...others] = cells;
  console.log(`${first.padEnd(22)}${others.map((cell) => cell.padStart(11)).join('')}`.trimEnd());
}
