import { sessionsMadeMs } from './beginnings.ts';
import { End } from './end.ts';
import type { World } from './world.ts';

/**
 * Whoever plays again what the client has written brings no 0-RTT data to a server a second time, neither then nor now
 * (RFC 9846 §8), and can do no harm else.
 */
export function checkReplays(world: World): void {
  if (world.setup.scenario.server?.earlyData === undefined) return;
  const { asksEverything } = world.setup;
  let taken = world.ends.server.connection.facts.earlyData === 'accepted' ? 1 : 0;
  for (const nowMs of [sessionsMadeMs + 1_000, world.nowMs]) {
    const again = new End('server', world.people.server(`again at ${nowMs}`));
    again.call('start', (each) => each.start(nowMs));
    again.call('receive', (each) => each.receive(Buffer.concat(world.written), nowMs));
    again.drain();
    while (asksEverything && again.pending.size > 0) {
      const [decision] = again.pending.values();
      again.pending.delete(decision!.id);
      again.settled.push(decision!);
      again.call('answer', (each) =>
        each.answer(decision!, world.people.replyTo('server', decision!) as never, nowMs),
      );
      again.drain();
    }
    if (again.connection.facts.earlyData === 'accepted') taken++;
    if (again.isConnected) throw new Error('who plays a client again is taken for it');
  }
  if (taken > 1) throw new Error(`the same 0-RTT data was taken ${taken} times`);
}
