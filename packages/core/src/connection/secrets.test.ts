import { expect, it } from 'vitest';
import { testProvider } from '../../test/harness/node-provider.ts';
import { nativeEntropy } from '../crypto/entropy.ts';
import { defaultLimits } from '../limits.ts';
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
    first,
  });
  interpreter.runner.command({ name: 'start' });
  return interpreter;
}

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
