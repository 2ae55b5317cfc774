import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../limits.ts';
import { FloodGuard } from './flood-guard.ts';

const limits = {
  ...defaultLimits,
  emptyRecords: 3,
  warningAlerts: 3,
  keyUpdates: 3,
  postHandshakeMessages: 3,
  helloRequests: 3,
  changeCipherSpecs: 3,
};

type Count = (guard: FloodGuard) => void;

const counters: readonly (readonly [string, Count])[] = [
  ['peer.tooManyEmptyRecords', (guard) => guard.applicationData(0)],
  ['peer.tooManyWarningAlerts', (guard) => guard.warningAlert()],
  ['peer.tooManyKeyUpdates', (guard) => guard.keyUpdate()],
  ['peer.tooManyPostHandshakeMessages', (guard) => guard.postHandshakeMessage()],
  ['peer.unexpectedMessage', (guard) => guard.helloRequest()],
];
const changeCipherSpec = [
  'peer.tooManyChangeCipherSpecs',
  (guard: FloodGuard) => guard.changeCipherSpec(),
] as const;

describe('FloodGuard', () => {
  it.each([...counters, changeCipherSpec])('%s: allows the limit and refuses one more', (code, count) => {
    const guard = new FloodGuard(limits);
    for (let i = 0; i < 3; i++) count(guard);
    expect(() => count(guard)).toThrow(expect.objectContaining({ code }));
  });

  it.each(counters)('%s: begins anew after application data, and after nothing else', (code, count) => {
    const guard = new FloodGuard(limits);
    for (let i = 0; i < 3; i++) count(guard);
    guard.applicationData(1);
    for (let i = 0; i < 3; i++) count(guard);
    for (const [, other] of counters) if (other !== count) other(guard);
    expect(() => count(guard)).toThrow(expect.objectContaining({ code }));
  });

  it('change_cipher_spec records are counted for the whole handshake', () => {
    const guard = new FloodGuard(limits);
    for (let i = 0; i < 3; i++) guard.changeCipherSpec();
    guard.applicationData(1);
    expect(() => guard.changeCipherSpec()).toThrow();
  });
});
