import type { Session } from '@sealwire/core';
import { secure, type TlsStream } from '@sealwire/node-transport';
import type { Duplex } from 'node:stream';
import type { Action } from '../../command.ts';
import type { Host } from '../../host.ts';
import { Problem, withResult } from '../../problem.ts';
import { beginTls } from '../../starttls/start.ts';
import { explained } from '../../text/explain.ts';
import { Lines } from '../../text/lines.ts';
import { jsonReport } from '../../text/report.ts';
import { type ConnectionReport, connectionReport, sessionReport } from '../../tls/connection-report.ts';
import { PeerCheck } from '../../tls/peer-check.ts';
import { writeSessions } from '../../tls/session-file.ts';
import { TracePrinter } from '../../tls/trace.ts';
import type { connectOptions } from './options.ts';
import { addressText, dial } from './dial.ts';
import { exchange, type Exchanged } from './exchange.ts';
import { type Plan, planOf } from './plan.ts';
import { printConnection } from './print-connection.ts';

/** One connection, for `--json`. */
interface Attempt extends Partial<ConnectionReport>, Partial<Exchanged> {
  readonly address: string;
  readonly startTls: string | undefined;
  /** Sessions that came of it, without their secrets. */
  readonly sessions: readonly object[];
}

export const connect: Action<typeof connectOptions> = async (values, positional, host) => {
  const plan = await planOf(values, positional, host);
  const connections: Attempt[] = [];
  let sessions = plan.sessions;
  try {
    for (let left = values.reconnect ? reconnections : 0; left >= 0; left--) {
      const made = await attempt(plan, sessions, left === 0, host, connections);
      // Each session is good for one connection.
      sessions = made.length > 0 ? made : sessions.slice(1);
    }
  } catch (error) {
    const problem = host.signal.aborted
      ? new Problem('interrupted', 'interrupted', 'interrupted')
      : explained(error);
    throw withResult(problem, { connections });
  }
  if (values.json) host.stdout.write(jsonReport({ command: 'connect', result: { connections } }));
  return 'ok';
};

/** One connection from beginning to end; gives the sessions that came of it. */
async function attempt(
  plan: Plan,
  sessions: readonly Session[],
  isLast: boolean,
  host: Host,
  attempts: Attempt[],
): Promise<readonly Session[]> {
  const { values, address } = plan;
  const received: Session[] = [];
  const out = new Lines(host.stderr);
  const check = new PeerCheck(plan.check);
  const index = attempts.length;
  const known: Attempt = { address: addressText(address), startTls: values.starttls, sessions: [] };
  attempts.push(known);
  let stream: TlsStream;
  try {
    const transport = await reached(plan, host);
    const trace = values.trace ? new TracePrinter(out) : undefined;
    stream = await secure(transport, {
      ...plan.options,
      role: 'client',
      sessions,
      signal: host.signal,
      decide: { verifyPeer: check.verifyPeer },
      onSession: (session) => received.push(session),
      ...(trace === undefined ? {} : { onTrace: (event) => trace.print(event) }),
      ...(plan.keyLog === undefined ? {} : { onKeyLog: plan.keyLog }),
    });
  } catch (error) {
    throw check.explain(error);
  }
  const report = connectionReport(stream.facts, check);
  attempts[index] = { ...known, ...report };
  printConnection(report, { address: addressText(address), values, isFirst: index === 0 }, host);
  const exchanged = await settled(exchange(stream, { plan, host, isLast }));
  const kept = received.toReversed();
  if (values['sess-out'] !== undefined && kept.length > 0) writeSessions(kept, values['sess-out'], host);
  attempts[index] = { ...known, ...report, ...exchanged.value, sessions: kept.map(sessionReport) };
  if ('error' in exchanged) {
    stream.destroy();
    throw exchanged.error;
  }
  return kept;
}

/** A stream on which TLS may begin. */
async function reached({ address, proxy, values, timeoutMs }: Plan, host: Host): Promise<Duplex> {
  const socket = await dial(proxy ?? address, timeoutMs, host.signal);
  const { name, starttls: protocol } = values;
  const beyondProxy = proxy === undefined ? undefined : addressText(address);
  if (protocol === undefined && beyondProxy === undefined) return socket;
  const where = address.host ?? 'localhost';
  await beginTls(socket, { protocol, beyondProxy, name, host: where, timeoutMs, signal: host.signal });
  return socket;
}

async function settled<T>(
  promise: Promise<T>,
): Promise<{ readonly value: T } | { readonly value: undefined; readonly error: unknown }> {
  try {
    return { value: await promise };
  } catch (error) {
    return { value: undefined, error };
  }
}

/** As OpenSSL does. */
const reconnections = 5;
