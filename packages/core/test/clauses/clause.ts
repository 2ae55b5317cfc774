import { describe, expect, it } from 'vitest';
import { alertDescriptions, type AlertName } from '../../src/errors/alerts.ts';
import { contentTypes } from '../../src/registry/content-types.ts';
import { protocolVersions } from '../../src/registry/versions.ts';
import { nowMs, Peer, plainRecord } from '../harness/peer.ts';
import { scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { readTable, type Row } from './table.ts';

export type Victim = 'client' | 'server';

/** Plays one attack, or one after the other, and returns the ends that played them. */
export type Attack = (victim: Victim) => Peer | Iterable<Peer>;

export type Case = readonly [label: string, attack: Attack];

export const table: ReadonlyMap<string, Row> = new Map(readTable().map((row) => [row.test, row]));

/** Names of the tests that exist; compared with the table at the end. */
export const registered: string[] = [];

/**
 * The test of one row of the table: `name` is its section and title, and what must come of the attack stands
 * in the row. Several attacks may break the same rule.
 */
export function clause(name: string, ...attacks: readonly Attack[]): void {
  clauses(
    name,
    attacks.map((attack, i) => [attacks.length === 1 ? '' : `${i + 1}`, attack]),
  );
}

/** As `clause`, with a label for each attack, and perhaps other attacks for each victim. */
export function clauses(
  name: string,
  cases: readonly Case[] | Readonly<Record<Victim, readonly Case[]>>,
): void {
  registered.push(name);
  const row = table.get(name);
  if (row === undefined) {
    it(name, () => expect.fail('no row of the table has this name'));
    return;
  }
  describe(`${name} → ${row.code}`, () => {
    const victims = row.victim === 'both' ? (['client', 'server'] as const) : [row.victim];
    for (const victim of victims) {
      for (const [label, attack] of 'client' in cases ? cases[victim] : cases) {
        it(`${victim} ${label}`, () => {
          const played = attack(victim);
          for (const peer of played instanceof Peer ? [played] : played) judge(row, peer);
        });
      }
    }
  });
}

function judge(row: Row, peer: Peer): void {
  if (row.code === 'accepted') expect(peer.failure?.error).toBeUndefined();
  else expectFailure(peer, row.code, row.alert);
}

/** The victim has failed for this reason, its alert has left before it said so, and nothing follows. */
function expectFailure(peer: Peer, code: string, alert: string): void {
  const error = peer.failure!.error;
  expect(error).toMatchObject({ code });
  // Whoever blames the peer says by which rule, and where a message was being read, by which message.
  if (error.blame === 'peer') expect(error.section).toMatch(/^(RFC \d{4}|draft-[a-z0-9-]+) §/);
  const { version } = peer.victim.facts;
  if (
    version !== undefined &&
    version < protocolVersions.tls13 &&
    code !== 'peer.interleavedHandshakeMessage'
  )
    expect(error.section).not.toMatch(/^RFC 9846/);
  if (aboutMessages.test(code)) expect(error.handshakeMessage).toMatch(/^[a-z_]+$|^0x/);
  const isSent = alert !== 'none';
  const sentByOther = code === 'received.alert' ? 'peer' : 'nobody';
  expect(peer.failure?.sentBy).toBe(isSent ? 'us' : sentByOther);
  // Warnings may have come before it.
  const alerts = peer.received.filter(
    ({ type, content }) => type === contentTypes.alert && content[0] === fatal,
  );
  if (isSent) {
    expect(peer.failure?.alert).toBe(alert);
    // Under keys if and only if there are some, and the last thing on the wire.
    const { content, wasProtected } = peer.received.at(-1)!;
    expect(alerts).toHaveLength(1);
    expect([...content]).toEqual([fatal, alertDescriptions[alert as AlertName]]);
    expect(alerts[0]).toBe(peer.received.at(-1));
    expect(wasProtected).toBe(peer.victimHasKeys);
  } else {
    expect(alerts).toEqual([]);
  }
  expectEnd(peer);
}

/** Whatever is done to it, an ended connection says nothing and throws nothing. */
function expectEnd({ victim, outputs }: Peer): void {
  expect(outputs.filter(({ type }) => type === 'failed' || type === 'closed')).toHaveLength(1);
  victim.receive(plainRecord(contentTypes.handshake, new Uint8Array(4)), nowMs);
  expect(victim.send(new Uint8Array(1))).toBe(0);
  expect(victim.updateKeys({ requestPeer: true })).toBe(false);
  victim.close();
  victim.abort();
  victim.receiveEnd(nowMs);
  expect(victim.poll()).toBeUndefined();
  expect(victim.wantsInput).toBe(false);
}

// ------------------------------------------------------------------- places from which attacks begin

/** Nothing is protected yet: a client waits for ServerHello, a server for ClientHello. */
export function atStart(victim: Victim): Peer {
  return victim === 'client' ? scriptedServer() : scriptedClient();
}

/** Handshake keys are in use: a client waits for EncryptedExtensions, a server for Finished. */
export function inHandshake(victim: Victim): Peer {
  return victim === 'client'
    ? scriptedServer().before('encryptedExtensions')
    : scriptedClient().before('finished');
}

/** The victim waits for our Finished. */
export function atFinished(victim: Victim) {
  return victim === 'client' ? scriptedServer().before('finished') : scriptedClient().before('finished');
}

export function connected(victim: Victim): Peer {
  return victim === 'client' ? scriptedServer().before('end') : scriptedClient().before('end');
}

export function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

const fatal = 2;

/** Codes of what only a handshake message can do. */
const aboutMessages =
  /^peer\..*(malformedMessage|unexpectedMessage|unknownMessage|Extension|Hello|Certificate|Share|Group|Suite|Scheme|Finished|KeyUpdate$|Limit$|Length$|badSignature|Retry)/;
