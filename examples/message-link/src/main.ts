import { nodeProvider } from '@sealwire/crypto-node';
import { hostOf, meet } from './meeting.ts';

/** `node dist/main.js [SEED]`: two meetings over a bad link, the second with the session of the first. */
const seed = Number(process.argv[2] ?? 1);
const link = {
  provider: nodeProvider,
  host: hostOf(nodeProvider),
  seed,
  lossPercent: 10,
  doublePercent: 5,
  reorder: 3,
};

const first = meet(link);
console.log(`seed ${seed}: 10 % lost, 5 % twice, up to 3 overtaken; 20 ms one way`);
print('full handshake', first);
if (first.session !== undefined) {
  const again = meet({ ...link, seed: seed + 1, session: first.session, startMs: first.endMs + 60_000 });
  print('resumed, 0-RTT', again);
}

function print(
  name: string,
  { tookMs, datagrams, updates, early, transcript }: ReturnType<typeof meet>,
): void {
  const data = early === undefined ? '' : `, 0-RTT ${early}`;
  console.log(`${name}: 20000 bytes there and back in ${tookMs} ms, ${datagrams} datagrams${data}`);
  console.log(`  key updates seen: ${updates}; all bytes on the link: ${transcript.slice(0, 16)}…`);
}
