import { describe, expect, it } from 'vitest';
import { alertDescriptions, type AlertName } from '../../src/errors/alerts.ts';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import type { NewSessionTicket } from '../../src/messages/new-session-ticket.ts';
import { decodeHandshake, type Tls13Message } from '../../src/messages/tls13.ts';
import type { QuicLevel } from '../../src/quic.ts';
import { messagesIn, QuicEnds, type ChangeMessage, type QuicEndsOptions } from '../harness/quic-ends.ts';
import { bytes, registered, table, type Victim } from './clause.ts';

export type QuicAttack = (victim: Victim) => QuicEnds;

/** As `clause`, over QUIC. `errorCode`: where it is not CRYPTO_ERROR with the alert of the row. */
export function quicClause(name: string, attacks: readonly QuicAttack[], errorCode?: number): void {
  registered.push(name);
  const row = table.get(name);
  if (row === undefined) {
    it(name, () => expect.fail('no row of the table has this name'));
    return;
  }
  const { code, alert } = row;
  describe(`${name} → ${code}`, () => {
    for (const victim of row.victim === 'both' ? (['client', 'server'] as const) : [row.victim]) {
      it.each(attacks.map((attack, i) => [i + 1, attack] as const))(`${victim} %i`, (_, attack) => {
        const ends = attack(victim);
        const failure = ends.failure(victim);
        if (code === 'accepted') {
          expect(failure?.error).toBeUndefined();
          expect(ends[victim].facts.handshakes).toBe(1);
          return;
        }
        expect(failure?.error).toMatchObject({ code });
        expect(failure?.alert).toBe(alert);
        expect(failure?.errorCode).toBe(errorCode ?? 0x0100 + alertDescriptions[alert as AlertName]);
        if (failure?.error.blame === 'peer') expect(failure.error.section).toMatch(/^RFC \d{4} §/);
        expectEnd(ends, victim);
      });
    }
  });
}

/** Whatever is done to it, an ended handshake says nothing and throws nothing. */
function expectEnd(ends: QuicEnds, victim: Victim): void {
  expect(ends.said[victim].at(-1)?.type).toBe('failed');
  const end = ends[victim];
  end.receive('initial', bytes(1, 0, 0, 0), 0);
  end.close();
  end.abort();
  expect(end.issueTickets(1, 0)).toBe(false);
  expect(end.poll()).toBeUndefined();
  expect(end.wantsInput).toBe(false);
}

export const PROTOCOL_VIOLATION = 0x0a;

export const other = (victim: Victim) => (victim === 'client' ? 'server' : 'client');

/** The whole handshake, with messages changed on their way to the victim. */
export const changed =
  (change: ChangeMessage, options: QuicEndsOptions = {}): QuicAttack =>
  (victim) =>
    new QuicEnds({
      ...options,
      change: (message, from) => (from === other(victim) ? change(message, from) : undefined),
    }).run();

/** What the server answers, changed before the client has it. */
export function changedOnTheWay(ends: QuicEnds, change: ChangeMessage): QuicEnds {
  for (const { level, bytes: whole } of ends.underway.client.splice(0)) ends.deliver('server', level, whole);
  for (const { level, bytes: whole } of ends.underway.server.splice(0)) {
    for (const raw of messagesIn(whole)) {
      const message = decodeHandshake(raw)!;
      ends.deliver('client', level, change(message, 'server') ?? raw);
    }
  }
  return ends;
}

/** A message of this type, changed. */
export function only<T extends Tls13Message['type']>(
  type: T,
  change: (message: Extract<Tls13Message, { type: T }>) => Tls13Message | Uint8Array,
): ChangeMessage {
  return (message) =>
    message.type === type ? change(message as Extract<Tls13Message, { type: T }>) : undefined;
}

/** After the handshake. */
export const later =
  (level: QuicLevel, message: Tls13Message | Uint8Array): QuicAttack =>
  (victim) =>
    new QuicEnds().run().deliver(victim, level, message);

/** A ticket that allows no 0-RTT data. */
export const ticketWithout: NewSessionTicket = {
  type: 'new_session_ticket',
  ticketLifetimeSeconds: 100,
  ticketAgeAdd: 1,
  ticketNonce: bytes(1),
  ticket: bytes(1, 2, 3),
  extensions: ExtensionBlock.of('NST', []),
};
