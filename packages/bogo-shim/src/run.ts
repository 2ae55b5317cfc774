import { type Answers, ApiMisuseError, type Facts } from '@sealwire/core';
import { UsageError } from './flags/kinds.ts';
import { parseFlags, type ParsedFlags, UnknownFlag } from './flags/parse.ts';
import type { Attempt } from './shim/attempt.ts';
import { checkTrace } from './shim/checks.ts';
import { underPolicy } from './shim/compliance.ts';
import { credentialsOf } from './shim/credentials.ts';
import { dialRunner } from './shim/endpoint.ts';
import { exchange } from './shim/exchange.ts';
import { ConnectionFailed, EarlyDataRejected, ExpectationFailed, NotImplemented } from './shim/failure.ts';
import { type Memory, newMemory } from './shim/memory.ts';
import { open } from './shim/open.ts';
import { answerOf, answersOf, newObserved, policiesFor } from './shim/policies.ts';
import { refined } from './shim/refined.ts';

/** How the shim ends: the runner reads all three. */
export interface Outcome {
  /**
   * 0: all went as the flags say; 1: it did not; 89: something that they want is not implemented; 90: the shim itself is
   * wrong, which the runner takes for a failure where it wants one, too.
   */
  readonly exit: 0 | 1 | 89 | 90;
  readonly stdout: string;
  /** Empty unless it failed. */
  readonly stderr: string;
}

/** Runs one test of the runner: `argv` are its flags. Keeps nothing from one call to the next, and never rejects. */
export async function run(argv: readonly string[]): Promise<Outcome> {
  try {
    const flags = parseFlags(argv);
    if (flags.initial['is-handshaker-supported']) return { exit: 0, stdout: 'No\n', stderr: '' };
    const memory = newMemory(flags.initial);
    const connections = 1 + (flags.initial['resume-count'] ?? 0);
    for (let i = 0; i < connections; i++) await connectOnce(flags, i > 0, memory);
    return { exit: 0, stdout: '', stderr: '' };
  } catch (error) {
    return outcomeOf(error);
  }
}

async function connectOnce(
  { initial, resume, retry }: ParsedFlags,
  isResume: boolean,
  memory: Memory,
): Promise<void> {
  const flags = underPolicy(isResume ? resume : initial);
  const { port, 'shim-id': shimId } = flags;
  if (port === undefined || shimId === undefined) throw new UsageError('-port and -shim-id are missing');
  const offered = memory.session;
  if (isResume && !flags.server && offered === undefined) throw new ExpectationFailed('no session to offer');
  const credentials = credentialsOf(flags);
  const observed = newObserved(() => (isRefused(connection.facts) ? retry : flags));
  const policies = policiesFor(credentials, memory, observed, (hello) =>
    refined(hello, flags, credentials, answers, memory),
  );
  const answers: Answers = answersOf(policies, flags);
  const connection = open(flags, credentials, answers, memory);
  const endpoint = connection.over(await dialRunner(port, flags.ipv6, BigInt(shimId)), {
    async: flags.async,
    answer: (decision) => answerOf(policies, flags, decision),
    nowMs: () => memory.clock.nowMs,
  });
  const attempt: Attempt = { endpoint, flags, memory, observed, offered, isResume, isRetry: false };
  try {
    await exchangeWithRetry(attempt, retry);
    checkTrace(attempt);
  } catch (error) {
    if (flags['handshake-never-done'] && endpoint.isConnected)
      throw new ExpectationFailed('the handshake was done');
    throw error;
  } finally {
    await endpoint.hangUp();
  }
  memory.session = endpoint.sessions.at(-1);
  memory.clock.advance(flags['resumption-delay'] ?? 0);
}

/** From here on a client has other expectations. */
function isRefused({ role, earlyData }: Facts): boolean {
  return role === 'client' && earlyData === 'rejected';
}

/** After 0-RTT data that the server did not take everything is done once more, under the flags for that. */
async function exchangeWithRetry(attempt: Attempt, retry: ParsedFlags['retry']): Promise<void> {
  const mayReject = attempt.isResume && !attempt.flags.server && attempt.flags['expect-reject-early-data'];
  try {
    await exchange(attempt);
  } catch (error) {
    if (!(error instanceof EarlyDataRejected)) throw error;
    if (!mayReject) await attempt.endpoint.until(() => attempt.endpoint.isConnected);
    if (!mayReject) throw error;
    await exchange({ ...attempt, flags: retry, isRetry: true });
    return;
  }
  if (mayReject) throw new ExpectationFailed('0-RTT data was not refused');
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof UnknownFlag || error instanceof NotImplemented)
    return { exit: 89, stdout: `not implemented: ${error.message}\n`, stderr: '' };
  const isOfTest = ofTests.some((kind) => error instanceof kind);
  return { exit: isOfTest ? 1 : 90, stdout: '', stderr: `${spelt(error)}\n` };
}

/** How a test may fail: the library says so, or an expectation was not met. */
const ofTests = [ConnectionFailed, EarlyDataRejected, ExpectationFailed, ApiMisuseError] as const;

function spelt(error: unknown): string {
  if (error instanceof ConnectionFailed) return error.message;
  if (error instanceof ExpectationFailed) return `expectation: ${error.message}`;
  if (error instanceof ApiMisuseError) return `misuse: ${error.message}`;
  if (error instanceof UsageError) return `usage: ${error.message}`;
  return error instanceof Error ? `shim: ${error.stack ?? error.message}` : `shim: ${String(error)}`;
}
