import type { Answers, Output } from '@sealwire/core';
import {
  type Chunking,
  type LogEntry,
  pair,
  PairHang,
  type PairOptions,
  type ScriptStep,
  virtualClock,
} from '@sealwire/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { olderScenarios } from './older-scenarios.ts';
import { fcOptions, sampled, seed } from './profile.ts';
import {
  answersOf,
  clientOf,
  type EndOptions,
  nobleProvider,
  plain,
  type Scenario,
  encryptedScenarios,
  scenarios,
  speakEarly,
  serverOf,
} from './scenarios.ts';

/** Some; which, the seed says. */
const subjects = [
  ...sampled(
    scenarios.filter((each) => !olderScenarios.includes(each)),
    3,
  ),
  ...sampled(olderScenarios, 4),
  ...sampled(encryptedScenarios, 2),
];

console.log(`properties: ${subjects.length} scenarios, seed ${seed}`);

describe.each(subjects)('$name', (scenario) => {
  const reference = run(scenario);
  // ML-DSA draws randomness for a signature, which is the application's where the application signs.
  const answered = scenario.keys === 'mldsa' ? run(scenario, {}, { asksEverything: true }) : reference;

  it('comes to its end, and all data arrives', () => {
    const { client, server } = reference;
    const ending = scenario.name === 'truncated' ? 'connected' : 'closed';
    expect([client.ending, server.ending]).toEqual([ending, ending]);
    const { handshakes = 1 } = scenario;
    expect([client.facts.handshakes, server.facts.handshakes]).toEqual([handshakes, handshakes]);
    const said = (by: string) =>
      Buffer.concat(
        scenario.script.flatMap((step) => (step.do === 'send' && step.by === by ? [step.bytes].flat() : [])),
      );
    const early = scenario.halfRttData ?? new Uint8Array(0);
    const zeroRtt = scenario.earlyData?.isTaken === true ? scenario.earlyData.bytes : new Uint8Array(0);
    expect(Buffer.from(server.data).equals(Buffer.concat([zeroRtt, said('client')]))).toBe(true);
    expect(Buffer.from(client.data).equals(Buffer.concat([early, said('server')]))).toBe(true);
  });

  it('shows both sides the Finished of each', () => {
    const [client, server] = [reference.client.facts, reference.server.facts];
    expect(client.ownFinished?.length).toBeGreaterThanOrEqual(12);
    expect(client.ownFinished).toEqual(server.peerFinished);
    expect(server.ownFinished).toEqual(client.peerFinished);
    expect(client.ownFinished).not.toEqual(client.peerFinished);
  });

  it('resumes, and takes 0-RTT data, where it should', () => {
    const { sessions, earlyData } = scenario;
    const isKnown = !scenario.name.includes('does not know');
    expect(reference.client.facts.resumed).toBe(sessions !== undefined && isKnown);
    const { earlyData: outcome } = reference.server.facts;
    expect(outcome).toBe(earlyData === undefined ? undefined : earlyData.isTaken ? 'accepted' : 'rejected');
  });

  it.each([1, 2, 5, 7, 'merged'] as const)(
    'says the same when its input comes in chunks of %s',
    (chunking) => {
      expectSame(run(scenario, { chunking }), reference);
    },
  );

  it('says the same however its input is cut', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => expectSame(run(scenario, { chunking: 'random', seed }), reference)),
      fcOptions(8),
    );
  });

  it.each([0, 1, 3, 'afterInput'] as const)(
    'says the same when every answer comes after %s rounds',
    (decisionDelay) => {
      for (const chunking of ['whole', 'merged', 97, 'random'] as const) {
        expectSame(run(scenario, { decisionDelay, chunking }, { asksEverything: true }), answered);
      }
    },
  );

  it('says the same when answers come after any number of rounds and input is cut anyhow', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer(), anyChunking, (decisionDelay, seed, chunking) =>
        expectSame(run(scenario, { decisionDelay, seed, chunking }, { asksEverything: true }), answered),
      ),
      fcOptions(8),
    );
  });

  it('keeps no memory that it has given out or been given', () => {
    for (const chunking of ['whole', 'random', 'merged'] as const) {
      for (const decisionDelay of [0, 'afterInput'] as const) {
        const scribbling: PairOptions = {
          chunking,
          decisionDelay,
          answers: {
            client: scribblingAnswers(answersOf('client', scenario)),
            server: scribblingAnswers(answersOf('server', scenario)),
          },
          onOutput: (_, output) => scribble(output),
          onDelivered: (_, chunk) => chunk.fill(0xee),
        };
        const { client, server } = run(
          { ...scenario, script: scenario.script.map(sendingFromReusedMemory) },
          scribbling,
          { asksEverything: true, isTapped: true },
        );
        expect(Buffer.from(client.transmitted).equals(answered.client.transmitted)).toBe(true);
        expect(Buffer.from(server.transmitted).equals(answered.server.transmitted)).toBe(true);
        expect([client.ending, server.ending]).toEqual([answered.client.ending, answered.server.ending]);
      }
    }
  });

  it('says the same with the provider in pure JavaScript on one side or both', () => {
    const pure = { provider: nobleProvider };
    expectSame(run(scenario, {}, pure), reference);
    expectSame(run(scenario, {}, pure, {}), reference);
    expectSame(run(scenario, {}, {}, pure), reference);
  });
});

describe('pair', () => {
  it('says something else with another seed', () => {
    expect(() => expectSame(run(plain, {}, { seed: 'another' }), run(plain))).toThrow('client bytes');
  });

  it('logs both sides, deliveries and steps in one order', () => {
    const { log } = pair(clientOf(plain), serverOf(plain)).run(plain.script);
    expect(log.flatMap(described)).toEqual([
      'client transmit',
      'server receives',
      'server transmit',
      'server writable',
      'client receives',
      'client transmit',
      'client connected',
      'client writable',
      'server receives',
      'server connected',
      'server writable',
      'server transmit',
      'client receives',
      'client session',
      'client session',
      'send',
      'client transmit',
      'server receives',
      'server data',
      'send',
      'server transmit',
      'client receives',
      'client data',
      'close',
      'client transmit',
      'server receives',
      'server peerClosed',
      'close',
      'server transmit',
      'server closed',
      'client receives',
      'client peerClosed',
      'client closed',
    ]);
  });

  it('goes on where the last run ended', () => {
    const once = run(plain);
    const two = pair(clientOf(plain), serverOf(plain));
    expect(two.run().client.ending).toBe('connected');
    for (const step of plain.script.slice(0, -1)) two.run([step]);
    expectSame({ ...two.run(plain.script.slice(-1)) }, once);
  });

  it('moves its clock only when told to', () => {
    const clock = virtualClock(5_000);
    const { client, server } = pair(clientOf(plain), serverOf(plain), { clock }).run();
    expect([client.facts.connectedAtMs, server.facts.connectedAtMs]).toEqual([5_000, 5_000]);
    const later = pair(clientOf(plain), serverOf(plain), { clock });
    later.clock.advance(250);
    expect(later.run([{ do: 'wait', ms: 10 }]).client.facts.connectedAtMs).toBe(5_250);
    expect(clock.now()).toBe(5_260);
  });

  it('leaves a question open that nobody answers', () => {
    const ends = { asksEverything: true };
    const { client, server } = pair(clientOf(plain, ends), serverOf(plain, ends), {
      answers: {
        client: { ...answersOf('client', plain), verifyPeer: () => undefined },
        server: answersOf('server', plain),
      },
      decisionDelay: 2,
    }).run();
    expect(client.unanswered?.kind).toBe('verifyPeer');
    expect([client.ending, server.ending]).toEqual(['waiting', 'waiting']);
  });

  it('says so when the two do not come to rest', () => {
    expect(() => run(plain, { chunking: 1, maxCalls: 50 })).toThrow(PairHang);
  });

  it('lets somebody in the middle change what arrives', () => {
    const { client, server } = pair(clientOf(plain), serverOf(plain), {
      middle: (from, bytes) => (from === 'server' ? new Uint8Array([0x15, 3, 3, 0, 2, 2, 40]) : bytes),
    }).run();
    expect(client.failure).toMatchObject({ alert: 'handshake_failure', sentBy: 'peer' });
    expect(server.transmitted.length).toBeGreaterThan(500);
  });
});

function run(
  scenario: Scenario,
  options: PairOptions = {},
  clientEnd: EndOptions = {},
  serverEnd: EndOptions = clientEnd,
) {
  const server = serverOf(scenario, serverEnd);
  const client = clientOf(scenario, clientEnd);
  return pair(client, server, {
    answers: {
      client: answersOf('client', scenario, clientEnd.provider),
      server: answersOf('server', scenario, serverEnd.provider),
    },
    ...options,
    onOutput(side, output) {
      speakEarly(scenario, side === 'client' ? client : server, output);
      options.onOutput?.(side, output);
    },
  }).run(scenario.script);
}

type Run = ReturnType<typeof run>;

/** The same bytes in the same order, the same data, facts and end; transmits may be split differently. */
function expectSame(actual: Run, expected: Run): void {
  for (const side of ['client', 'server'] as const) {
    const [came, wanted] = [actual[side], expected[side]];
    expect(Buffer.from(came.transmitted).equals(Buffer.from(wanted.transmitted)), `${side} bytes`).toBe(true);
    expect(Buffer.from(came.data).equals(Buffer.from(wanted.data)), `${side} data`).toBe(true);
    expect(came.facts).toEqual(wanted.facts);
    expect(came.ending).toBe(wanted.ending);
    expect(spoken(came.outputs)).toEqual(spoken(wanted.outputs));
  }
}

/** Outputs but for those that may come in other pieces, or only when nobody answers on the spot. */
function spoken(outputs: readonly Output[]): string[] {
  return outputs
    .filter(({ type }) => type !== 'transmit' && type !== 'decision')
    .map((output) => (output.type === 'fact' ? `fact ${Object.keys(output.facts).join()}` : output.type));
}

function described(entry: LogEntry): string[] {
  switch (entry.what) {
    case 'output':
      return entry.output.type === 'fact' ? [] : [`${entry.side} ${entry.output.type}`];
    case 'delivered':
      return [`${entry.side} receives`];
    case 'step':
      return [entry.step.do];
    case 'answered':
      return [`${entry.side} answers`];
  }
}

/** The same step; the bytes to send are overwritten as soon as `send` has returned. */
function sendingFromReusedMemory(step: ScriptStep): ScriptStep {
  if (step.do !== 'send') return step;
  return {
    by: step.by,
    do: 'call',
    run(connection) {
      const pieces = [step.bytes].flat().map((piece) => piece.slice());
      connection.send(pieces);
      overwrite(pieces);
    },
  };
}

/** Overwrites every byte that an output hands over; a question's bytes are left for its answer. */
function scribble(output: Output): void {
  if (output.type !== 'decision') overwrite(output);
}

/** Answers, and then overwrites the bytes of the question. */
function scribblingAnswers(answers: Answers): Answers {
  const wrapped = Object.entries(answers).map(([kind, policy]) => [
    kind,
    (ask: never) => {
      const reply = (policy as (ask: never) => object | undefined)(ask);
      overwrite({ ...(ask as object), ...stillInUse });
      return reply;
    },
  ]);
  return Object.fromEntries(wrapped) as Answers;
}

/** The application's own and the ClientHello's, for reading only: the connection goes on using them. */
const stillInUse = {
  hello: 0,
  credential: 0,
  delegation: 0,
  session: 0,
  context: 0,
  identities: 0,
  externalIdentity: 0,
};

function overwrite(value: unknown): void {
  if (value instanceof Uint8Array) value.fill(0xdd);
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(overwrite);
}

const anyChunking: fc.Arbitrary<Chunking> = fc.oneof(
  fc.constantFrom<Chunking>('whole', 'merged', 'random'),
  fc.integer({ min: 1, max: 3_000 }),
);
