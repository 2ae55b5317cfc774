import type { Connection } from '../../src/connection/connection.ts';
import type { Output } from '../../src/connection/outputs.ts';
import { concat } from '../../src/wire/bytes.ts';

/** Two ends of ours and the bytes between them. */

export const nowMs = Date.UTC(2026, 10, 21);

/** What two ends have said to each other. */
export interface Said {
  readonly a: Output[];
  readonly b: Output[];
}

/** Both ends until nothing moves; all that they say. */
export function exchange(a: Connection, b: Connection, atMs = nowMs): Said {
  const said: Said = { a: [], b: [] };
  const pass = (from: Connection, to: Connection, list: Output[]): boolean => {
    const outputs: Output[] = [];
    for (let output = from.poll(); output !== undefined; output = from.poll()) outputs.push(output);
    list.push(...outputs);
    const bytes = concat(outputs.flatMap((each) => (each.type === 'transmit' ? each.pieces : [])));
    if (bytes.length > 0) to.receive(bytes, atMs);
    return bytes.length > 0;
  };
  for (let moves = true; moves; ) moves = [pass(a, b, said.a), pass(b, a, said.b)].includes(true);
  return said;
}

/** Begins both, the client first to speak. */
export function connect(a: Connection, b: Connection, atMs = nowMs): Said {
  b.start(atMs);
  a.start(atMs);
  return exchange(a, b, atMs);
}

/** Codes and messages of how they failed. */
export const failures = (outputs: readonly Output[]) =>
  outputs.flatMap((each) => (each.type === 'failed' ? [`${each.error.code}: ${each.error.message}`] : []));

/** The handshake messages that a side has traced, of one type, with their headers. */
export const handshakeMessages = (outputs: readonly Output[], type: number) =>
  outputs.flatMap((each) =>
    each.type === 'trace' && each.event.what === 'handshake' && each.event.raw[0] === type
      ? [each.event.raw]
      : [],
  );

export const sessionsOf = (outputs: readonly Output[]) =>
  outputs.flatMap((each) => (each.type === 'session' ? [each.session] : []));
