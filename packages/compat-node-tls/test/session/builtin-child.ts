import { createInterface } from 'node:readline';
import { builtin } from './builtin.ts';
import type { ClientWishes, ServerWishes, Serving } from './peer.ts';

/** `builtin` at the other end of a pipe, for `remote.ts`: a line of JSON for each call, and one for each answer. */

export type Call =
  | { readonly id: number; readonly call: 'serve'; readonly wishes: ServerWishes }
  | { readonly id: number; readonly call: 'dial'; readonly wishes: ClientWishes }
  | { readonly id: number; readonly call: 'setTicketKeys'; readonly port: number; readonly keys: string }
  | { readonly id: number; readonly call: 'seen' | 'close'; readonly port: number };

const open = new Map<number, Serving>();

async function answer(call: Call): Promise<unknown> {
  if (call.call === 'dial') return builtin.dial(call.wishes);
  if (call.call === 'serve') {
    const server = await builtin.serve(call.wishes);
    open.set(server.port, server);
    return server.port;
  }
  const server = open.get(call.port)!;
  if (call.call === 'setTicketKeys') return server.setTicketKeys(call.keys);
  return call.call === 'seen' ? server.seen : server.close();
}

createInterface({ input: process.stdin }).on('line', async (line) => {
  const call = JSON.parse(line) as Call;
  const result = (await answer(call)) ?? null;
  process.stdout.write(`${JSON.stringify({ id: call.id, result })}\n`);
});
