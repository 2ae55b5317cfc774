import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ed25519Credential, takesFixtures } from '../../test/harness/fixtures.ts';
import { nowMs, ownParameters } from '../../test/harness/quic-ends.ts';
import { testProvider } from '../../test/harness/node-provider.ts';
import type { KeyExchangeGroup } from '../crypto/provider.ts';
import { givenEntropy, type Decision, type Entropy, type Session } from '../index.ts';
import { createQuicClient, createQuicServer, type QuicLevel, type QuicOutput } from '../quic.ts';
import { namedGroups } from '../registry/groups.ts';
import { TicketRing } from '../resume/ticket-ring.ts';
import type { QuicHandshake } from './quic-handshake.ts';

/** Bytes in any pieces and answers at any time: what the two sides say in each level stays the same. */

const runs = process.env['SEALWIRE_PROFILE'] === 'full' ? 2_000 : 25;

describe.each(['full', 'resumed'] as const)('%s', (kind) => {
  const straight = play(kind, 7, [], []);

  it('completes, and says something in every level', () => {
    expect(Object.keys(straight).toSorted()).toEqual(
      [
        'client application',
        'client handshake',
        'client initial',
        'server application',
        'server handshake',
        'server initial',
      ].filter((each) => each !== 'client application'),
    );
  });

  it('the same seed gives the same bytes, another one others', () => {
    expect(play(kind, 7, [], [])).toEqual(straight);
    expect(play(kind, 8, [], [])).not.toEqual(straight);
  });

  it('however bytes are cut and however late answers are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 6 }),
        (sizes, delays) => {
          expect(play(kind, 7, sizes, delays)).toEqual(straight);
        },
      ),
      { numRuns: runs },
    );
  });
});

interface End {
  readonly handshake: QuicHandshake;
  /** CRYPTO bytes for the other side that have not left. */
  readonly out: { level: QuicLevel; bytes: Uint8Array }[];
  /** Open decisions, each with the turns that its answer still takes. */
  readonly open: { decision: Decision; turns: number }[];
  session: Session | undefined;
}

/** All CRYPTO bytes, by side and level, in hexadecimal. */
function play(
  kind: 'full' | 'resumed',
  seed: number,
  sizes: readonly number[],
  delays: readonly number[],
): Record<string, string> {
  const ring = new TicketRing({ provider: testProvider, random: stream(seed + 1000) });
  if (kind === 'full') return connect(seed, sizes, delays, ring, undefined).said;
  const { session } = connect(seed + 1, [], [], ring, undefined);
  return connect(seed, sizes, delays, ring, session).said;
}

function connect(
  seed: number,
  sizes: readonly number[],
  delays: readonly number[],
  keeper: TicketRing,
  session: Session | undefined,
) {
  const late = delays.length > 0;
  const delay = cycle(delays, 0);
  const size = cycle(sizes, Number.POSITIVE_INFINITY);
  const answers = late
    ? { verifyPeer: () => undefined, sign: () => undefined }
    : { verifyPeer: takesFixtures };
  const common = { provider: testProvider, alpnProtocols: ['test/1'], groups: [namedGroups.x25519], answers };
  const credential = late ? ({ ...ed25519Credential, key: 'external' } as const) : ed25519Credential;
  const endOf = (handshake: QuicHandshake): End => ({ handshake, out: [], open: [], session: undefined });
  const ends = {
    client: endOf(
      createQuicClient(
        {
          ...common,
          serverName: 'sealwire.test',
          entropy: scripted(seed),
          credentials: [credential],
          ...(session === undefined ? {} : { sessions: [session], sendEarlyData: true }),
        },
        { transportParameters: ownParameters.client },
      ),
    ),
    server: endOf(
      createQuicServer(
        {
          ...common,
          entropy: scripted(seed + 500),
          credentials: [credential],
          clientAuthentication: 'request',
          tickets: { keeper },
          earlyData: { maxBytes: 1 },
        },
        { transportParameters: ownParameters.server },
      ),
    ),
  };
  const said: Record<string, string> = {};
  const drain = (name: keyof typeof ends) => {
    const end = ends[name];
    for (let output = end.handshake.poll(); output !== undefined; output = end.handshake.poll()) take(output);
    function take(output: QuicOutput): void {
      if (output.type === 'failed') throw output.error;
      if (output.type === 'decision') end.open.push({ decision: output.decision, turns: delay() });
      if (output.type === 'session') end.session = output.session;
      if (output.type !== 'crypto') return;
      const { level, bytes } = output;
      said[`${name} ${level}`] = (said[`${name} ${level}`] ?? '') + Buffer.from(bytes).toString('hex');
      end.out.push({ level, bytes });
    }
  };
  for (const name of ['server', 'client'] as const) {
    ends[name].handshake.start(nowMs);
    drain(name);
  }
  const pass = (from: keyof typeof ends, to: keyof typeof ends): void => {
    const next = ends[from].out.shift();
    if (next !== undefined) {
      const length = Math.min(size(), next.bytes.length);
      if (length < next.bytes.length)
        ends[from].out.unshift({ level: next.level, bytes: next.bytes.subarray(length) });
      ends[to].handshake.receive(next.level, next.bytes.subarray(0, length), nowMs);
      drain(to);
    }
    const { open } = ends[to];
    for (const waiting of open.splice(0)) {
      if (waiting.turns > 0) open.push({ ...waiting, turns: waiting.turns - 1 });
      else answer(ends[to].handshake, waiting.decision);
    }
    drain(to);
  };
  while (Object.values(ends).some(({ out, open }) => out.length + open.length > 0)) {
    pass('client', 'server');
    pass('server', 'client');
  }
  for (const { handshake } of Object.values(ends)) expect(handshake.facts.handshakes).toBe(1);
  return { said, session: ends.client.session };
}

function answer(handshake: QuicHandshake, decision: Decision): void {
  if (decision.kind === 'verifyPeer') handshake.answer(decision, takesFixtures(decision.ask)!, nowMs);
  if (decision.kind !== 'sign') return;
  const { key } = ed25519Credential;
  if (key === 'external') throw new Error('the fixture has a key');
  handshake.answer(
    decision,
    { ok: true, signature: key.sign({ type: 'ed25519' }, decision.ask.input) },
    nowMs,
  );
}

function cycle(list: readonly number[], otherwise: number): () => number {
  let i = 0;
  return () => list[i++ % list.length] ?? otherwise;
}

function stream(seed: number) {
  let state = seed | 1;
  return (length: number) =>
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      return state >>> 24;
    });
}

/** Keys of x25519 are any 32 bytes. */
function scripted(seed: number): Entropy {
  const source = stream(seed * 2 + 1);
  const generate = (group: KeyExchangeGroup) => group.restore(source(32))!;
  return {
    ...givenEntropy(source),
    generate,
    respond(group, share) {
      const own = generate(group);
      return { share: own.share, secret: own.finish(share)! };
    },
  };
}
