import { createReadStream, createWriteStream, openSync, statSync } from 'node:fs';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { TlsStream } from '@sealwire/node-transport';
import { fileProblem } from '../../files.ts';
import type { Host } from '../../host.ts';
import { Progress } from '../../text/progress.ts';
import type { Plan } from './plan.ts';
import { Sender } from './sender.ts';

export interface Exchanged {
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

interface Terms {
  readonly plan: Plan;
  readonly host: Host;
  /** Whether it is the connection that data passes on. */
  readonly isLast: boolean;
}

/** Sends the input and writes what comes, until the server has ended its side. */
export async function exchange(stream: TlsStream, { plan, host, isLast }: Terms): Promise<Exchanged> {
  const { values, options } = plan;
  const early = options.sendEarlyData;
  if (early !== undefined) await stream.send(early.subarray(stream.earlyDataTaken));
  const sentBefore = early?.length ?? 0;
  const giveUp = () => stream.destroy();
  host.signal.addEventListener('abort', giveUp);
  const input = inputOf(plan, isLast, host);
  const sender = input === undefined ? undefined : new Sender(stream, input, { values, host });
  const output = outputOf(plan, host);
  const progress = new Progress(host.stderr, {
    // Not where somebody types, nor where what comes is shown.
    isShown:
      values.quiet !== true &&
      (input !== host.stdin || !host.stdin.isTTY) &&
      (output !== host.stdout || !host.stdout.isTTY),
    totalBytes: bytesOf(values.in),
  });
  let bytesReceived = 0;
  try {
    if (sender === undefined) stream.end();
    else sender.start((bytes) => progress.sent(bytes));
    for await (const chunk of stream) {
      bytesReceived += chunk.length;
      progress.received(chunk.length);
      if (output !== undefined && !output.write(chunk)) await once(output, 'drain', { signal: host.signal });
    }
    sender?.stop();
    if (sender?.failure !== undefined) throw sender.failure;
    await stream.close({ timeoutMs: farewellMs });
    return { bytesSent: sentBefore + (sender?.bytes ?? 0), bytesReceived };
  } finally {
    progress.end();
    sender?.stop();
    host.signal.removeEventListener('abort', giveUp);
    if (output !== undefined && output !== host.stdout) await finished(output);
  }
}

/** Nothing is sent on connections that only fetch a session. */
function inputOf({ values }: Plan, isLast: boolean, host: Host): Readable | undefined {
  if (!isLast) return undefined;
  if (values.in === undefined || values.in === '-') return host.stdin;
  try {
    return createReadStream(values.in, { fd: openSync(values.in, 'r') });
  } catch (error) {
    throw fileProblem(error, 'read', values.in);
  }
}

function outputOf({ values }: Plan, host: Host): Writable | undefined {
  if (values.out === undefined || values.out === '-') return values.json ? undefined : host.stdout;
  try {
    return createWriteStream(values.out, { fd: openSync(values.out, 'w') });
  } catch (error) {
    throw fileProblem(error, 'write', values.out);
  }
}

/** `undefined` where nobody can know. */
function bytesOf(path: string | undefined): number | undefined {
  return path === undefined || path === '-' ? undefined : statSync(path, { throwIfNoEntry: false })?.size;
}

async function finished(output: Writable): Promise<void> {
  output.end();
  if (!output.writableFinished) await once(output, 'finish');
}

/** Whoever does not answer our close_notify keeps nobody waiting. */
const farewellMs = 2_000;
