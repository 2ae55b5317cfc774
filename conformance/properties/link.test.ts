import { ApiMisuseError } from '@sealwire/core';
import {
  type LinkConditions,
  pair,
  type PairOptions,
  recordsIn,
  type ScriptStep,
  virtualClock,
} from '@sealwire/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fcOptions } from './profile.ts';
import {
  answersOf,
  clientOf,
  type EndOptions,
  plain,
  type Scenario,
  scenarios,
  serverOf,
} from './scenarios.ts';

const startMs = 1_000;
/** Without tickets: they say when they were made. */
const much: Scenario = {
  ...scenarios.find(({ name }) => name === 'data both ways')!,
  server: { tickets: false },
};

function run(scenario: Scenario, options: PairOptions = {}, ends: EndOptions = {}, script = scenario.script) {
  const two = pair(clientOf(scenario, ends), serverOf(scenario, ends), {
    clock: virtualClock(startMs),
    answers: { client: answersOf('client', scenario), server: answersOf('server', scenario) },
    ...options,
  });
  return { ...two.run(script), endMs: two.clock.now() };
}

describe('a link that takes time', () => {
  it('is crossed twice before the client may send, and three times before the server is done', () => {
    const { client, server } = run(plain, { link: { latencyMs: 50 } });
    expect(client.facts.connectedAtMs).toBe(startMs + 100);
    expect(server.facts.connectedAtMs).toBe(startMs + 150);
    expect([client.ending, server.ending]).toEqual(['closed', 'closed']);
  });

  it('may take longer in one direction', () => {
    const { client } = run(plain, { link: { fromClient: { latencyMs: 5 }, fromServer: { latencyMs: 70 } } });
    expect(client.facts.connectedAtMs).toBe(startMs + 75);
  });

  it('delivers as fast as it is', () => {
    const link = { bytesPerSecond: 10_000 };
    const { server, endMs } = run(much, { link, chunking: 'merged' });
    expect(server.data.length).toBeGreaterThan(40_000);
    const seconds = (endMs - startMs) / 1_000;
    expect(seconds).toBeGreaterThan(server.data.length / 10_000);
  });

  it('changes nothing that is said', () => {
    const reference = run(much);
    fc.assert(
      fc.property(anyConditions, anyConditions, fc.integer(), (fromClient, fromServer, seed) => {
        const { client, server } = run(much, { link: { fromClient, fromServer }, seed, chunking: 'random' });
        for (const [came, wanted] of [
          [client, reference.client],
          [server, reference.server],
        ] as const) {
          expect(Buffer.compare(came.transmitted, wanted.transmitted)).toBe(0);
          expect(Buffer.compare(came.data, wanted.data)).toBe(0);
          expect(came.ending).toBe(wanted.ending);
        }
      }),
      fcOptions(20),
    );
  });

  it('goes on while a script waits, and the clock arrives where it should', () => {
    const link = { latencyMs: 400 };
    const { log, endMs } = run(plain, { link }, {}, [{ do: 'wait', ms: 10_000 }, ...plain.script]);
    const connected = log.findIndex((entry) => entry.what === 'output' && entry.output.type === 'connected');
    const waited = log.findIndex((entry) => entry.what === 'step');
    expect(connected).toBeLessThan(waited);
    expect(endMs).toBeGreaterThanOrEqual(startMs + 10_000);
  });

  it('bears answers that take time', () => {
    const { client, server } = run(
      plain,
      { decisionDelay: { ms: 30 }, link: { latencyMs: 10 } },
      { asksEverything: true },
    );
    // chooseConfig, selectCertificate and sign before the flight leaves; then verifyPeer.
    expect(client.facts.connectedAtMs).toBeGreaterThanOrEqual(startMs + 10 + 3 * 30 + 10 + 30);
    expect([client.ending, server.ending]).toEqual(['closed', 'closed']);
  });

  it.each([{ ms: -1 }, { ms: Number.NaN }, -1, 0.5] as const)('refuses the delay %j', (decisionDelay) => {
    expect(() => run(plain, { decisionDelay })).toThrow(ApiMisuseError);
  });
});

describe('a link that is lost', () => {
  it('leaves both waiting, wherever it is lost', () => {
    const { client: whole } = run(plain);
    fc.assert(
      fc.property(fc.nat(whole.transmitted.length - 1), fc.boolean(), (loseAfterBytes, both) => {
        const lost = { loseAfterBytes };
        const link = both ? lost : { fromClient: lost };
        // Nobody closes: who gives up a handshake says so, and that would not be what is tested.
        const { client, server } = run(plain, { link }, {}, plain.script.slice(0, 2));
        expect([client.failure, server.failure]).toEqual([undefined, undefined]);
        expect(Buffer.from('question').subarray(0, server.data.length).equals(server.data)).toBe(true);
      }),
      fcOptions(60),
    );
  });

  it('is told by nobody when it is cut', () => {
    const script: ScriptStep[] = [{ do: 'cutLink', from: 'client' }, ...plain.script];
    const { client, server } = run(plain, {}, {}, script);
    expect(Buffer.from(client.data).toString()).toBe('reply');
    expect(server.data).toHaveLength(0);
    expect([client.ending, server.ending]).toEqual(['closed', 'connected']);
    const both = run(plain, {}, {}, [{ do: 'cutLink' }, ...plain.script]);
    expect([both.client.ending, both.server.ending]).toEqual(['connected', 'connected']);
  });

  it('is half open when one side has vanished', () => {
    const send: ScriptStep = { by: 'server', do: 'send', bytes: new Uint8Array(5) };
    const { client, server, log } = run(plain, {}, {}, [
      { by: 'client', do: 'vanish' },
      send,
      { by: 'server', do: 'close' },
    ]);
    expect(client.data).toHaveLength(0);
    expect([client.ending, server.ending]).toEqual(['connected', 'connected']);
    expect(log.filter((entry) => entry.what === 'step' && entry.result === 5)).toHaveLength(1);
    expect(() => run(plain, {}, {}, [{ by: 'client', do: 'vanish' }, ...plain.script])).toThrow(
      ApiMisuseError,
    );
  });
});

describe('a link that is no byte stream', () => {
  it.each<LinkConditions>([{ reorderWrites: 3 }, { doubleWrites: 0.4 }, { loseWrites: 0.3 }])(
    'never delivers other data than was sent: %j',
    (link) => {
      let refused = 0;
      const script: ScriptStep[] = Array.from({ length: 6 }, (_, i) => ({
        by: 'client',
        do: 'call',
        run: (connection) => {
          for (let j = 0; j < 3; j++) connection.send(new Uint8Array([3 * i + j]));
        },
      }));
      fc.assert(
        fc.property(fc.integer(), (seed) => {
          const conditions = { link: { ...link, latencyMs: 5 }, seed };
          const inRecords = (_: unknown, bytes: Uint8Array) => recordsIn(bytes);
          const { client, server } = run(plain, { ...conditions, middle: inRecords }, {}, script);
          const codes = [client.failure?.error.code, server.failure?.error.code];
          if (codes.some((code) => code?.startsWith('peer.') === true)) refused++;
          expect([...server.data]).toEqual(Array.from(server.data, (_, i) => i));
        }),
        fcOptions(30),
      );
      expect(refused).toBeGreaterThan(5);
    },
  );
});

const anyConditions: fc.Arbitrary<LinkConditions> = fc.record({
  latencyMs: fc.nat(500),
  jitterMs: fc.nat(100),
  bytesPerSecond: fc.constantFrom(2_000, 50_000, 10_000_000, Number.POSITIVE_INFINITY),
});
