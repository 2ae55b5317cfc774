import { describe, expect, it } from 'vitest';
import { streamCarrier } from './carrier.ts';
import { p256Credential } from '../../test/harness/fixtures.ts';
import { testProvider } from '../../test/harness/node-provider.ts';
import { nativeEntropy } from '../crypto/entropy.ts';
import { TlsError } from '../errors/tls-error.ts';
import { defaultLimits } from '../limits.ts';
import { envelope } from '../messages/envelope.ts';
import { encodeMessage, tls13Messages, type Tls13Message } from '../messages/tls13.ts';
import type { KeyChangeBoundary } from '../record/handshake-joiner.ts';
import { Transcript } from '../transcript/transcript.ts';
import type { Decision, FetchStatusReply } from '../values/decisions.ts';
import { defineMachine } from './define.ts';
import { asTlsError, Runner } from './runner.ts';
import type { Context, Effect } from './step.ts';

/** A machine of three states: reads a Finished, asks a question, reads KeyUpdates. */
type ToyState =
  | { readonly at: 'idle' }
  | { readonly at: 'awaitFinished' }
  | { readonly at: 'decideStatus' }
  | { readonly at: 'connected'; readonly reply: FetchStatusReply; readonly done?: readonly number[] };

const contexts: Context[] = [];

const toy = defineMachine<ToyState, Tls13Message>()(
  'toy',
  {
    idle: { reads: [], ccs: 'refuse', data: 'refuse', commands: ['start'] },
    awaitFinished: { reads: ['finished'], ccs: 'refuse', data: 'refuse', commands: [] },
    decideStatus: { reads: [], asks: 'fetchStatus', ccs: 'refuse', data: 'refuse', commands: [] },
    connected: {
      reads: ['key_update'],
      tasks: ['fetchStatus'],
      ccs: 'refuse',
      data: 'deliver',
      commands: ['issueTickets'],
      transcribed: false,
    },
  },
  tls13Messages,
  {
    onMessage: {
      awaitFinished(_state, _message, context) {
        contexts.push(context);
        return {
          state: { at: 'decideStatus' },
          effects: [{ do: 'fact', facts: { version: 1 } }],
          ask: { kind: 'fetchStatus', ask: { credential: p256Credential } },
        };
      },
      connected(state, _message, context) {
        contexts.push(context);
        return { state };
      },
    },
    onReply: { decideStatus: (_state, reply) => ({ state: { at: 'connected', reply } }) },
    onTaskReply: {
      connected: (state, { task, reply }) => ({
        state: { ...state, done: [...(state.done ?? []), task] },
        effects: [{ do: 'fact', facts: { group: task } }],
        // The first answer of the first task leads to one more question.
        ...(task === 1 && reply.ok && state.done === undefined ? { taskAsks: [statusOf(3)] } : {}),
      }),
    },
    onCommand: {
      idle: () => ({ state: { at: 'awaitFinished' } }),
      connected: (state) => ({ state, taskAsks: [statusOf(1), statusOf(2)] }),
    },
  },
);

function statusOf(task: number) {
  return { kind: 'fetchStatus', task, ask: { credential: p256Credential } } as const;
}

const finished = envelope(encodeMessage({ type: 'finished', verifyData: new Uint8Array(32) }));
const keyUpdate = envelope(encodeMessage({ type: 'key_update', updateRequested: false }));
const sha256 = testProvider.hashes.sha256!;

describe('Runner', () => {
  it('obeys a command that the row has, and no other', () => {
    const { runner } = run();
    expect(runner.command({ name: 'updateKeys', requestPeer: false })).toBe(false);
    expect(runner.position).toBe('toy: idle');
    expect(runner.command({ name: 'start' })).toBe(true);
    expect(runner.position).toBe('toy: awaitFinished');
    expect(runner.command({ name: 'start' })).toBe(false);
  });

  it('refuses messages that the row does not read, before it looks into them', () => {
    const { runner } = run();
    runner.command({ name: 'start' });
    const nonsense = { ...keyUpdate, body: new Uint8Array(99) };
    expect(() => runner.message(nonsense, 0)).toThrow(
      expect.objectContaining({
        code: 'peer.unexpectedMessage',
        message: 'toy: awaitFinished expected finished, got key_update',
      }),
    );
    const unknown = { ...keyUpdate, type: 99 as typeof keyUpdate.type };
    expect(() => runner.message(unknown, 0)).toThrow(
      expect.objectContaining({ code: 'peer.unknownMessageType' }),
    );
  });

  it('applies effects, then asks, then waits; and goes on with the reply', () => {
    const { runner, effects, asked } = run();
    runner.command({ name: 'start' });
    runner.message(finished, 17);
    expect(effects).toEqual([{ do: 'fact', facts: { version: 1 } }]);
    expect(runner.isHeld).toBe(true);
    const [decision] = asked;
    expect(runner.acceptsAnswer(decision!, { ok: true })).toBe(true);
    runner.reply(decision!, { ok: true });
    expect([runner.isHeld, runner.position]).toEqual([false, 'toy: connected']);
  });

  it('leaves everything as it was when an answer is wrong', () => {
    const { runner, asked } = run();
    runner.command({ name: 'start' });
    runner.message(finished, 0);
    expect(() => runner.acceptsAnswer(asked[0]!, { ok: 5 } as never)).toThrow(
      'the reply to fetchStatus must be',
    );
    expect(() => runner.acceptsAnswer({ ...asked[0]!, id: 2 }, { ok: true })).toThrow('never asked');
    expect(runner.isHeld).toBe(true);
    expect(runner.acceptsAnswer(asked[0]!, { ok: true })).toBe(true);
  });

  it('takes an inline answer without asking', () => {
    const { runner, asked } = run({ ok: true });
    runner.command({ name: 'start' });
    runner.message(finished, 0);
    expect([asked.length, runner.isHeld, runner.position]).toEqual([0, false, 'toy: connected']);
  });

  it('turns an inline answer of the wrong shape into a failure of the policy, not a misuse', () => {
    const { runner } = run({ ok: 'yes' } as never);
    runner.command({ name: 'start' });
    expect(() => runner.message(finished, 0)).toThrow(
      expect.objectContaining({ code: 'local.policyFailed' }),
    );
  });

  it('shows handlers the transcript before and after the message, and leaves untranscribed ones out', () => {
    const { runner } = run({ ok: true });
    contexts.length = 0;
    runner.tick(50);
    runner.tick(40);
    runner.command({ name: 'start' });
    runner.message(finished, 17);
    runner.message(keyUpdate, 18);
    const [first, second] = contexts;
    expect(first!.before).toBe(Transcript.empty);
    expect(first!.after.digest(sha256)).toEqual(sha256.digest([finished.raw]));
    // Where nothing is transcribed any more, the transcript is let go.
    expect(second!.before).toBe(Transcript.empty);
    expect(second!.after).toBe(Transcript.empty);
    // The clock does not run backwards.
    expect([first!.nowMs, first!.receivedAtMs, second!.receivedAtMs]).toEqual([50, 17, 18]);
    expect(first!.raw).toBe(finished.raw);
  });

  it('goes on while tasks wait, and takes their answers in any order', () => {
    const { runner, effects, asked } = run();
    runner.command({ name: 'start' });
    runner.message(finished, 0);
    runner.reply(asked[0]!, { ok: true });
    expect(runner.command({ name: 'issueTickets', count: 2 })).toBe(true);
    const [first, second] = asked.slice(1);
    expect([runner.isHeld, runner.hasOpenTasks, first!.holds, second!.holds]).toEqual([
      false,
      true,
      'nothing',
      'nothing',
    ]);
    runner.message(keyUpdate, 0);
    runner.reply(second!, { ok: true });
    runner.reply(first!, { ok: true });
    expect(effects.slice(1)).toEqual([
      { do: 'fact', facts: { group: 2 } },
      { do: 'fact', facts: { group: 1 } },
    ]);
    expect(runner.hasOpenTasks).toBe(false);
    expect(() => runner.acceptsAnswer(first!, { ok: true })).toThrow('answered already');
  });

  it('answers tasks inline, those that come of their answers as well', () => {
    const { runner, effects, asked } = run({ ok: true });
    runner.command({ name: 'start' });
    runner.message(finished, 0);
    runner.command({ name: 'issueTickets', count: 2 });
    expect(asked).toEqual([]);
    expect(effects.slice(1).map((effect) => effect.do === 'fact' && effect.facts.group)).toEqual([1, 2, 3]);
  });

  it('withdraws tasks with the rest', () => {
    const { runner, asked } = run();
    runner.command({ name: 'start' });
    runner.message(finished, 0);
    runner.reply(asked[0]!, { ok: true });
    runner.command({ name: 'issueTickets', count: 2 });
    expect(runner.cancel()).toEqual(asked.slice(1));
    expect(runner.acceptsAnswer(asked[1]!, { ok: true })).toBe(false);
  });

  it('withdraws what is pending', () => {
    const { runner, asked } = run();
    expect(runner.cancel()).toEqual([]);
    runner.command({ name: 'start' });
    runner.message(finished, 0);
    expect(runner.cancel()).toEqual([asked[0]]);
    expect(runner.isHeld).toBe(false);
    expect(runner.acceptsAnswer(asked[0]!, { ok: true })).toBe(false);
  });
});

describe('asTlsError', () => {
  it('keeps a TlsError, and calls everything else a defect of ours', () => {
    const error = new TlsError('peer.badFinished', 'x', { section: 'RFC 9846 §4.5.3' });
    expect(asTlsError(error)).toBe(error);
    const cause = new RangeError('too long');
    expect(asTlsError(cause)).toMatchObject({ code: 'internal.error', blame: 'internal', cause });
    expect(asTlsError('text').message).toBe('internal error: text');
  });
});

function run(inline?: FetchStatusReply) {
  const effects: Effect[] = [];
  const asked: Decision[] = [];
  const runner = new Runner(
    {
      apply: (effect) => void effects.push(effect),
      ask: (decision) => void asked.push(decision),
      answerInline: () => inline,
      boundary: () => ({}) as KeyChangeBoundary,
      endFlight: () => {},
    },
    {
      provider: testProvider,
      entropy: nativeEntropy(testProvider),
      limits: defaultLimits,
      carrier: streamCarrier,
      first: toy.enter({ state: { at: 'idle' } }),
    },
  );
  return { runner, effects, asked };
}
