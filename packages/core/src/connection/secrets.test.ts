import { expect, it } from 'vitest';
import { testProvider } from '../../test/harness/node-provider.ts';
import { takesFixtures } from '../../test/harness/fixtures.ts';
import { plainRecord } from '../../test/harness/peer.ts';
import { type Entropy, nativeEntropy } from '../crypto/entropy.ts';
import { alertDescriptions } from '../errors/alerts.ts';
import { createClient } from '../index.ts';
import { contentTypes } from '../registry/content-types.ts';
import { defaultLimits } from '../limits.ts';
import { streamCarrier } from '../machine/carrier.ts';
import type { Effect, Machine, TrafficKeys } from '../machine/step.ts';
import { RecordInterpreter } from './record-interpreter.ts';
import type { RecordSink } from './record-sink.ts';

const secret = (value: number) => new Uint8Array(32).fill(value);
const isZero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0);

/** A machine of two states that does `effects` in between. */
function interpreterAfter(effects: readonly Effect[]): RecordInterpreter {
  const machine = {
    name: 'toy',
    rows: {
      idle: { reads: [], ccs: 'refuse', data: 'refuse', commands: ['start'] },
      there: { reads: [], ccs: 'refuse', data: 'refuse', commands: [] },
    },
    messages: new Map(),
    onCommand: () => ({ machine, state: { at: 'there' }, effects }),
  } as unknown as Machine;
  const nothing = () => {};
  const sink = {
    installWriteKeys: nothing,
    installReadKeys: nothing,
    output: nothing,
  } as unknown as RecordSink;
  const options = {
    role: 'client',
    limits: defaultLimits,
    answers: {},
    keyLog: false,
    trace: false,
  } as const;
  const first = { machine, state: { at: 'idle' }, effects: [] };
  const interpreter = new RecordInterpreter(sink, options as never, {
    provider: testProvider,
    entropy: nativeEntropy(testProvider),
    limits: defaultLimits,
    carrier: streamCarrier,
    first,
  });
  interpreter.runner.command({ name: 'start' });
  return interpreter;
}

it.each(['connected', 'failed'])('secrets of a handshake are overwritten with it: %s', (end) => {
  const [premaster, key] = [secret(1), secret(2)];
  let wiped = false;
  const share = {
    wipe() {
      wiped = true;
    },
  };
  const exporter = () => new Uint8Array(0);
  const interpreter = interpreterAfter([
    { do: 'holdForHandshake', secrets: [premaster, share] },
    { do: 'hold', secrets: [key] },
    ...(end === 'connected' ? [{ do: 'connected', exporter } as const] : []),
  ]);
  const isOver = end === 'connected';
  expect([isZero(premaster), wiped, isZero(key)]).toEqual([isOver, isOver, false]);
  interpreter.clear(true);
  expect([isZero(premaster), wiped, isZero(key)]).toEqual([true, true, true]);
});

it('key shares are overwritten where no ServerHello comes', () => {
  const native = nativeEntropy(testProvider);
  let wiped = 0;
  const entropy: Entropy = {
    ...native,
    generate(group) {
      const key = native.generate(group);
      const wipe = () => {
        wiped += 1;
        key.wipe();
      };
      return {
        share: key.share,
        finish: (theirs) => key.finish(theirs),
        exportPrivate: () => key.exportPrivate(),
        wipe,
      };
    },
  };
  const client = createClient({ provider: testProvider, entropy, answers: { verifyPeer: takesFixtures } });
  client.start(0);
  expect(wiped).toBe(0);
  client.receive(plainRecord(contentTypes.alert, Uint8Array.of(2, alertDescriptions.handshake_failure)), 0);
  expect(wiped).toBeGreaterThan(0);
});

it.each([true, false])('secrets of the state are overwritten at the end; failed: %s', (hasFailed) => {
  const [read, write, logged, exporting, replaced] = [1, 2, 3, 4, 5].map(secret) as Uint8Array[];
  const keys = (bytes: Uint8Array | undefined) => ({ epoch: 'application', secret: bytes }) as TrafficKeys;
  const clientRandom = new Uint8Array(32);
  const interpreter = interpreterAfter([
    { do: 'installReadKeys', keys: keys(read), boundary: {} as never },
    { do: 'installWriteKeys', keys: keys(replaced) },
    { do: 'installWriteKeys', keys: keys(write) },
    { do: 'wipe', secrets: [replaced!] },
    { do: 'keylog', label: 'CLIENT_TRAFFIC_SECRET_0', clientRandom, secret: logged! },
    { do: 'keylog', label: 'EXPORTER_SECRET', clientRandom, secret: exporting! },
  ]);
  expect([read, write, logged, exporting].map((bytes) => isZero(bytes!))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(isZero(replaced!)).toBe(true);
  interpreter.clear(hasFailed);
  expect([read, write, logged].map((bytes) => isZero(bytes!))).toEqual([true, true, true]);
  // After an orderly end keying material can still be exported.
  expect(isZero(exporting!)).toBe(hasFailed);
});
