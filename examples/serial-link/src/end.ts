/**
 * One end of the line: `node end.js client|server DEVICE BAUD`, with the shared key and the conversations to hold in the environment.
 * Prints a report for each, as a line of JSON.
 */
import { namedGroups, pskKeyExchangeModes, type Session } from '@sealwire/core';
import { clientConfig, createClient, createServer, serverConfig } from '@sealwire/core/tls13';
import { nobleProvider as provider } from '@sealwire/crypto-noble';
import { Line } from './line.ts';
import type { Planned } from './plan.ts';
import { type Talk, talk } from './talk.ts';

const [role, device = '', baud] = process.argv.slice(2);
const { SERIAL_KEY = '', SERIAL_PLAN = '[]' } = process.env;
const plan = JSON.parse(SERIAL_PLAN) as readonly Planned[];

const shared = {
  provider,
  externalPsks: [{ identity: new TextEncoder().encode('meter 17'), key: Buffer.from(SERIAL_KEY, 'hex') }],
  // Small records need small buffers, and noise costs less of them (RFC 8449).
  recordSizeLimit: 512,
};

const serving = serverConfig({
  ...shared,
  credentials: [],
  pskModes: [pskKeyExchangeModes.psk_ke, pskKeyExchangeModes.psk_dhe_ke],
  groups: [namedGroups.x25519],
  tickets: { count: 1 },
});

let current: Talk | undefined;
const early: Uint8Array[] = [];
const line = new Line(device, Number(baud), {
  frame(bytes) {
    // The client may begin again before we have.
    if (current === undefined || current.isOver) early.push(bytes);
    else current.receive(bytes);
  },
  failed(error) {
    console.error(error.message);
    process.exit(1);
  },
});

console.log('ready');
let session: Session | undefined;
for (const { mode, resumes, isNoisy } of plan) {
  if (role === 'server') current = talk(createServer(serving), line, { says: '21.5 °C' });
  else {
    const config = clientConfig({
      ...shared,
      // A session proves no more than the key that it was made with: that one is offered as well.
      ...(resumes && session !== undefined ? { sessions: [session] } : {}),
      pskModes: [pskKeyExchangeModes[mode]],
      groups: [namedGroups.x25519],
    });
    const onSession = (offered: Session) => void (session = offered);
    current = talk(createClient(config), line, { says: 'temperature?', onSession, isNoisy });
  }
  for (const bytes of early.splice(0)) current.receive(bytes);
  console.log(JSON.stringify(await current.done));
}
line.close();
process.exit(0);
