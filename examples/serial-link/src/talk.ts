import type { Connection, Facts, Session } from '@sealwire/core';
import type { Line } from './line.ts';

/** What one conversation cost, from one side. */
export interface Report {
  readonly role: 'client' | 'server';
  readonly resumed: boolean;
  /** Of a handshake without and with a fresh key exchange. */
  readonly mode: 'psk_ke' | 'psk_dhe_ke';
  /** From the first byte to the end of the handshake. */
  readonly handshakeMs: number;
  /** On the line, by this side, frames and all. */
  readonly handshakeBytes: number;
  /** Tickets, data and the end. */
  readonly otherBytes: number;
  readonly received: string;
  /** Absent: both sides ended in order. */
  readonly failed?: string;
}

export interface Talk {
  /** What came from the line. */
  receive(bytes: Uint8Array): void;
  /** Nothing that comes from the line now is part of it. */
  readonly isOver: boolean;
  readonly done: Promise<Report>;
}

export interface Program {
  /** The client's first words, or the server's answer. */
  readonly says: string;
  readonly onSession?: (session: Session) => void;
  /** One bit of the client's words changes on the line. */
  readonly isNoisy?: boolean;
}

/** One connection on a line: the client asks, the server answers, both end. This is the whole transport. */
export function talk(
  connection: Connection,
  line: Line,
  { says, onSession, isNoisy = false }: Program,
): Talk {
  const startedAtMs = performance.now();
  const sentBefore = line.sentBytes;
  const { role } = connection.facts;
  let finish!: (report: Report) => void;
  const done = new Promise<Report>((resolve) => (finish = resolve));
  let handshake: { readonly ms: number; readonly bytes: number } | undefined;
  let received = '';
  let failed: string | undefined;
  let isOver = false;
  const report = (facts: Facts): Report => ({
    role,
    resumed: facts.resumed ?? false,
    mode: facts.group === undefined ? 'psk_ke' : 'psk_dhe_ke',
    handshakeMs: Math.round(handshake?.ms ?? performance.now() - startedAtMs),
    handshakeBytes: handshake?.bytes ?? line.sentBytes - sentBefore,
    otherBytes: line.sentBytes - sentBefore - (handshake?.bytes ?? line.sentBytes - sentBefore),
    received,
    ...(failed === undefined ? {} : { failed }),
  });
  // Noise can swallow a byte that somebody waits for: the core has no timers.
  const patience = setTimeout(() => {
    connection.abort('the line is silent');
    drain();
  }, patienceMs);
  const speak = () => {
    line.isNoisy = isNoisy;
    connection.send(new TextEncoder().encode(says));
  };
  const drain = () => {
    for (let output = connection.poll(); output !== undefined; output = connection.poll()) {
      if (output.type === 'transmit') for (const piece of joined(output.pieces)) line.send(piece);
      else if (output.type === 'connected') {
        handshake = { ms: performance.now() - startedAtMs, bytes: line.sentBytes - sentBefore };
        if (role === 'client') speak();
      } else if (output.type === 'data') {
        received += new TextDecoder().decode(output.bytes);
        if (role === 'server') speak();
        connection.close();
      } else if (output.type === 'session') onSession?.(output.session);
      else if (output.type === 'failed') failed = output.error.code;
      if (output.type !== 'closed' && output.type !== 'failed') continue;
      isOver = true;
      clearTimeout(patience);
      void line.left().then(() => finish(report(connection.facts)));
    }
  };
  connection.start(Date.now());
  drain();
  return {
    done,
    get isOver() {
      return isOver;
    },
    receive(bytes) {
      connection.receive(bytes, Date.now());
      drain();
    },
  };
}

/** All pieces of one output leave in one frame, if it is long enough. */
function joined(pieces: readonly Uint8Array[]): readonly Uint8Array[] {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return [whole];
}

const patienceMs = Number(process.env.SERIAL_PATIENCE_MS ?? 30_000);
