import type { History } from '../history/history.ts';
import { bytesOfHex, concatenated } from '../bytes.ts';
import type { LogEntry } from '../pair/pair.ts';
import type { Side } from '../pair/script.ts';

/** Bytes that one side wrote. */
export interface WirePiece {
  readonly from: Side;
  readonly bytes: Uint8Array;
  /** When, in ms since the epoch. */
  readonly atMs: number;
}

/** A connection as it passed, and the secrets that open it. */
export interface Passage {
  readonly wire: readonly WirePiece[];
  /** Lines of a key log (RFC 9850); empty unless the connections were made with `keyLog: true`. */
  readonly keyLog: readonly string[];
}

/** What passed between the two of a pair. The lines of both sides' key logs are the same; each stands there once. */
export function passageOf({ log }: { readonly log: readonly LogEntry[] }): Passage {
  const wire: WirePiece[] = [];
  const keyLog = new Set<string>();
  for (const entry of log) {
    if (entry.what !== 'output') continue;
    const { output, side, atMs } = entry;
    if (output.type === 'transmit') wire.push({ from: side, bytes: concatenated(output.pieces), atMs });
    if (output.type === 'keylog') keyLog.add(output.line);
  }
  return { wire, keyLog: [...keyLog] };
}

/** What passed, as one side recorded it. The times are those of its calls. */
export function passageOfHistory({ role, steps }: History): Passage {
  const wire: WirePiece[] = [];
  const keyLog: string[] = [];
  const peer = role === 'client' ? 'server' : 'client';
  let atMs = 0;
  for (const { call, args, outputs = [] } of steps) {
    const now = args.at(-1);
    if (typeof now === 'number' && timed.has(call)) atMs = Math.max(atMs, now);
    if (call === 'receive') wire.push({ from: peer, bytes: bytesOfHex(fieldOf(args[0], 'hex')), atMs });
    for (const output of outputs) {
      const type = fieldOf(output, 'type');
      if (type === 'transmit') wire.push({ from: role, bytes: bytesOfHex(fieldOf(output, 'hex')), atMs });
      if (type === 'keylog') keyLog.push(fieldOf(output, 'line'));
    }
  }
  return { wire, keyLog };
}

function fieldOf(json: unknown, name: string): string {
  return String((json as Record<string, unknown> | null)?.[name] ?? '');
}

/** Calls whose last argument is the time. */
const timed: ReadonlySet<string> = new Set(['start', 'receive', 'receiveEnd', 'answer']);
