import { hash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { TlsError } from '@sealwire/core';
import { expect, it, vi } from 'vitest';
import { handshakeError } from '../../packages/compat-node-tls/src/errors/handshake-error.ts';
import { hostOpenssl } from '../../packages/compat-node-tls/src/process/host.ts';
import type * as Core from '../../packages/core/src/index.ts';
import type * as Clauses from '../../packages/core/test/clauses/clause.ts';
import { BuiltinVictim } from './builtin-victim.ts';
import { builtinOptions, type CoreOptions } from './builtin-options.ts';
import { differences } from './differences.ts';

/**
 * SEALWIRE_MEASURE=openssl-errors writes what the running Node says anew.
 *
 * Every attack of core's clause tests is played twice: against core, and against builtin `node:tls`. What both say of it is
 * counted, kept for each OpenSSL, and compared with what `handshakeError` makes of core's error.
 */

type Victim = Clauses.Victim;
type RealEnd = ReturnType<typeof Core.createClient>;

interface Attack {
  readonly name: string;
  readonly side: Victim;
  readonly play: Clauses.Attack;
}

/** What is there when the clause files are imported, which register their attacks then. */
const stage = vi.hoisted(() => ({
  attacks: [] as unknown[],
  isBuiltin: false,
  ends: [] as unknown[],
}));

vi.mock('../../packages/core/src/index.ts', async (original) => {
  const core = await original<typeof Core>();
  const made = (side: Victim, make: (options: never) => unknown) => (options: CoreOptions) => {
    const opening = builtinOptions(side, options);
    if (stage.isBuiltin && opening === undefined) throw new Error('node:tls has no such option');
    if (!stage.isBuiltin) return watched(make(options as never) as RealEnd, options);
    const end = new BuiltinVictim(opening!);
    stage.ends.push(end);
    return end;
  };
  return {
    ...core,
    createClient: made('client', core.createClient),
    createServer: made('server', core.createServer),
  };
});

vi.mock('../../packages/core/test/clauses/clause.ts', async (original) => {
  const real = await original<typeof Clauses>();
  const clauses: typeof real.clauses = (name, cases) => {
    const row = real.table.get(name)!;
    const sides = row.victim === 'both' ? (['client', 'server'] as const) : [row.victim];
    for (const side of sides) {
      for (const [i, [, play]] of ('client' in cases ? cases[side] : cases).entries()) {
        stage.attacks.push({ name: `${name}, ${side}, ${i}`, side, play });
      }
    }
  };
  return {
    ...real,
    clauses,
    clause: (name: string, ...plays: Clauses.Attack[]) =>
      clauses(
        name,
        plays.map((play) => ['', play]),
      ),
  };
});

/** Of lists that try one thing at every place of every message, one in so many is enough. */
const files: Readonly<Record<string, number>> = {
  ...{ alerts: 1, anonymous: 1, authentication: 1, cbc12: 1, 'client-messages': 1, 'client-messages12': 1 },
  ...{
    'finite-fields': 1,
    'fragment-length': 1,
    limits: 1,
    malformed: 16,
    'older-hellos': 1,
    'older-limits': 1,
  },
  ...{ 'older-pre-shared-keys': 1, 'older-versions': 1, order: 8, order12: 8, 'pre-shared-key-choices': 1 },
  ...{ 'pre-shared-keys': 1, records: 1, records12: 1, renegotiation: 1, 'server-messages': 1 },
  ...{ 'server-messages12': 1, 'static-rsa': 1 },
};
const attacks: Attack[] = [];
for (const [file, thinning] of Object.entries(files)) {
  stage.attacks = [];
  await import(`../../packages/core/test/clauses/${file}.ts`);
  attacks.push(...(stage.attacks as Attack[]).filter(oneOf(thinning, 'measured')));
}

/** The same ones whatever stands before them, so that new attacks do not change which others are played. */
function oneOf(times: number, purpose: string) {
  return ({ name }: Attack) =>
    Number.parseInt(hash('sha256', `${purpose}: ${name}`).slice(0, 8), 16) % times === 0;
}

/** An end of core's, which is found at `stage.ends` with what it failed for. */
interface Watched {
  readonly end: RealEnd;
  /** Nothing else than TLS 1.2 and below is configured. */
  readonly isOlder: boolean;
  error: TlsError | undefined;
}

function watched(end: RealEnd, { versions = [] }: CoreOptions): RealEnd {
  const isOlder = versions.length > 0 && versions.every((one) => Math.max(...one.versions) < 0x0304);
  const seen: Watched = { end, isOlder, error: undefined };
  stage.ends.push(seen);
  const poll = end.poll.bind(end);
  end.poll = () => {
    const output = poll();
    if (output?.type === 'failed') seen.error = output.error as TlsError;
    return output;
  };
  return end;
}

/** By what core says, how often `node:tls` said what. */
type Tally = Record<string, Record<string, number>>;

const recorded = (version: string) => new URL(`./measured-${version}.json`, import.meta.url);
const isFull = process.env['SEALWIRE_PROFILE'] === 'full';
const isUpdate = process.env['SEALWIRE_MEASURE'] === 'openssl-errors';

it(`OpenSSL ${process.versions.openssl} says what it said when it was measured`, () => {
  const tally = measure(attacks.filter(isFull || isUpdate ? () => true : oneOf(8, 'now')));
  const file = recorded(hostOpenssl());
  if (isUpdate) {
    const measured = { node: process.version, openssl: process.versions.openssl, date: today(), tally };
    writeFileSync(file, `${JSON.stringify(measured, undefined, 1)}\n`);
  }
  const before = (JSON.parse(readFileSync(file, 'utf8')) as { tally: Tally }).tally;
  for (const [ours, answers] of Object.entries(tally)) {
    const known = Object.keys(before[ours] ?? {});
    expect([ours, known]).toEqual([ours, expect.arrayContaining(Object.keys(answers))]);
  }
});

it.each(['3.0', '3.5'] as const)('what is said to applications is what OpenSSL %s says', (version) => {
  expect(existsSync(recorded(version))).toBe(true);
  const { tally } = JSON.parse(readFileSync(recorded(version), 'utf8')) as { tally: Tally };
  const odd: Record<string, string> = {};
  for (const [group, answers] of Object.entries(tally)) {
    const [code, side, spoken, message] = group.split(' ') as [string, Victim, string, string];
    const complaints = Object.keys(answers).filter((answer) => answer !== quiet);
    if (complaints.length === 0) continue;
    const handshakeMessage = message === none ? undefined : message;
    const error = { code, handshakeMessage } as unknown as TlsError;
    const said = answerOf(handshakeError(error, { side, isOlder: spoken === older, version }));
    if (!complaints.includes(said)) odd[group] = `${said}, not ${complaints.join(' or ')}`;
  }
  expect(Object.entries(odd).filter(([group]) => !(group in differences))).toEqual([]);
});

function measure(attacks: readonly Attack[]): Tally {
  const tally: Tally = {};
  for (const attack of attacks) {
    const ours = play(attack, false) as Watched[];
    const theirs = play(attack, true) as BuiltinVictim[];
    for (const [i, victim] of theirs.entries()) {
      const said = ours[i] === undefined ? undefined : groupOf(ours[i], attack.side);
      if (said === undefined) continue;
      const answer = victim.complaint === undefined ? quiet : answerOf(victim.complaint);
      const answers = (tally[said] ??= {});
      answers[answer] = (answers[answer] ?? 0) + 1;
    }
  }
  return Object.fromEntries(Object.entries(tally).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** All ends that were made for it. A script that its victim leaves behind ends with an exception; its victim has spoken. */
function play({ side, play }: Attack, isBuiltin: boolean): unknown[] {
  stage.isBuiltin = isBuiltin;
  stage.ends = [];
  try {
    const played = play(side);
    if (Symbol.iterator in played) for (const _ of played);
  } catch {
    // Nothing more comes of it.
  }
  return stage.ends;
}

function groupOf({ end, isOlder, error }: Watched, side: Victim): string | undefined {
  if (error === undefined || error.code === 'received.alert') return undefined;
  const spoken = end.facts.version === undefined ? isOlder : end.facts.version < 0x0304;
  return [error.code, side, spoken ? older : newest, error.handshakeMessage ?? none].join(' ');
}

function answerOf({ library, reason, code }: { library?: string; reason?: string; code: string }): string {
  if (reason === undefined) return code;
  return library === 'SSL routines' ? reason : `${library}: ${reason}`;
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

const quiet = 'nothing';
const none = '-';
const older = 'TLS1.2';
const newest = 'TLS1.3';
