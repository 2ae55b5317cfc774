import type { Facts, Session } from '@sealwire/core';
import { createServer, secure, type TlsClientOptions, type TlsStream } from '@sealwire/node-transport';
import { encodePem, makeTestPki, TrustAnchors } from '@sealwire/x509';
import type { Action } from '../../command.ts';
import type { Host } from '../../host.ts';
import type { ValuesOf } from '../../options/option.ts';
import { Lines, table } from '../../text/lines.ts';
import { jsonReport } from '../../text/report.ts';
import { bytesText } from '../../text/units.ts';
import { sharedOptions } from '../../tls/connection-options.ts';
import { connectionReport } from '../../tls/connection-report.ts';
import { PeerCheck } from '../../tls/peer-check.ts';
import { addressOf, checkOf, clientOptions } from '../../tls/target.ts';
import { type Address, addressText, dial } from '../connect/dial.ts';
import type { benchOptions } from './options.ts';

type Values = ValuesOf<typeof benchOptions>;

interface Measure {
  readonly what: 'full handshakes' | 'resumed handshakes' | 'bytes';
  readonly unit: 'handshakes' | 'bytes';
  readonly count: number;
  readonly seconds: number;
  readonly perSecond: number;
}

/** Whom to measure, and how to connect. */
interface Target {
  readonly address: Address;
  readonly isOurs: boolean;
  connect(sessions: readonly Session[], onSession?: (session: Session) => void): Promise<TlsStream>;
  stop(): Promise<void>;
}

export const bench: Action<typeof benchOptions> = async (values, positional, host) => {
  const target = await targetOf(values, positional[0], host);
  const limits = { ms: values.seconds ?? 3_000, parallel: values.parallel ?? 1, signal: host.signal };
  const wanted = values.what ?? (target.isOurs ? ['full', 'resumed', 'bytes'] : ['full', 'resumed']);
  try {
    const first = await target.connect([]);
    const { facts } = first;
    await first.close({ timeoutMs: farewellMs });
    const measures: Measure[] = [];
    if (wanted.includes('full')) measures.push(await handshakes(target, false, limits));
    if (wanted.includes('resumed')) measures.push(await handshakes(target, true, limits));
    if (wanted.includes('bytes')) measures.push(await bytes(target, limits));
    print(target, facts, measures, values, host);
  } finally {
    await target.stop();
  }
  return 'ok';
};

interface Limits {
  readonly ms: number;
  readonly parallel: number;
  readonly signal: AbortSignal;
}

async function handshakes(
  target: Target,
  isResumed: boolean,
  { ms, parallel, signal }: Limits,
): Promise<Measure> {
  // What there is to resume is made before the clock starts.
  const prepared: Session[][] = [];
  for (let i = 0; i < parallel; i++) prepared.push(isResumed ? await sessionsOf(target, []) : []);
  const startedAtMs = performance.now();
  let count = 0;
  const worker = async (first: Session[]) => {
    let kept = first;
    do {
      signal.throwIfAborted();
      const next: Session[] = [];
      const stream = await target.connect(isResumed ? kept.slice(-1) : [], (session) => next.push(session));
      // Tickets come behind the handshake: they are there when the server has closed its side.
      await stream.close({ timeoutMs: farewellMs });
      if (isResumed && stream.facts.resumed !== true) continue;
      count += 1;
      if (next.length > 0) kept = next;
    } while (performance.now() - startedAtMs < ms);
  };
  await Promise.all(prepared.map(worker));
  const seconds = (performance.now() - startedAtMs) / 1000;
  const what = isResumed ? 'resumed handshakes' : 'full handshakes';
  return { what, unit: 'handshakes', count, seconds, perSecond: count / seconds };
}

async function sessionsOf(target: Target, sessions: readonly Session[]): Promise<Session[]> {
  const kept: Session[] = [];
  const stream = await target.connect(sessions, (session) => kept.push(session));
  await stream.close({ timeoutMs: farewellMs });
  return kept;
}

/** Bytes that were sent and came back; each counts once. */
async function bytes(target: Target, { ms, signal }: Limits): Promise<Measure> {
  const stream = await target.connect([]);
  const chunk = new Uint8Array(65_536);
  const startedAtMs = performance.now();
  const sending = (async () => {
    while (performance.now() - startedAtMs < ms && !signal.aborted) await stream.send(chunk);
    stream.end();
  })();
  let count = 0;
  for await (const each of stream) count += each.length;
  await sending;
  const seconds = (performance.now() - startedAtMs) / 1000;
  return { what: 'bytes', unit: 'bytes', count, seconds, perSecond: count / seconds };
}

async function targetOf(values: Values, argument: string | undefined, host: Host): Promise<Target> {
  const isOurs = values.connect === undefined && argument === undefined && values.unix === undefined;
  if (isOurs) return ownTarget(values, host);
  const address = addressOf(values, argument, 443);
  const options = await clientOptions(values, address, host);
  const check = await checkOf(values, options.provider, host);
  return {
    address,
    isOurs,
    connect: (sessions, onSession) => {
      const peer = new PeerCheck(check);
      return opened(
        address,
        { ...options, sessions, decide: { verifyPeer: peer.verifyPeer } },
        host,
        onSession,
      ).catch((error: unknown) => {
        throw peer.explain(error);
      });
    },
    stop: async () => {},
  };
}

/** A server of our own that sends back what comes. */
async function ownTarget(values: Values, host: Host): Promise<Target> {
  const shared = await sharedOptions(values, host);
  const { provider } = shared;
  const pki = makeTestPki({ provider, nowMs: Date.now() });
  const server = await createServer(
    {
      ...shared,
      host: '127.0.0.1',
      certificate: pki.server.chain.map((der) => encodePem('CERTIFICATE', der)),
      privateKey: pki.server.key.exportPkcs8(),
    },
    async (stream) => {
      for await (const chunk of stream) await stream.send(chunk);
      stream.end();
    },
  );
  server.on('connectionError', () => {});
  const address = { host: '127.0.0.1', port: server.port };
  const roots = new TrustAnchors([pki.root.certificate]);
  return {
    address,
    isOurs: true,
    connect: (sessions, onSession) =>
      opened(address, { ...shared, serverName: 'localhost', roots, sessions }, host, onSession),
    stop: () => server.close({ timeoutMs: farewellMs }),
  };
}

async function opened(
  address: Address,
  options: TlsClientOptions,
  { signal }: Host,
  onSession: ((session: Session) => void) | undefined,
): Promise<TlsStream> {
  const socket = await dial(address, options.handshakeTimeoutMs ?? 10_000, signal);
  return secure(socket, {
    ...options,
    role: 'client',
    signal,
    ...(onSession === undefined ? {} : { onSession }),
  });
}

function print(
  target: Target,
  facts: Facts,
  measures: readonly Measure[],
  { json }: Values,
  host: Host,
): void {
  const { version, cipherSuite, group } = connectionReport(facts, undefined);
  const against = target.isOurs ? 'itself' : addressText(target.address);
  if (json) {
    const result = { against, version, cipherSuite, group, measures };
    host.stdout.write(jsonReport({ command: 'bench', result }));
    return;
  }
  const out = new Lines(host.stdout);
  out.line(
    `against ${against}: ${[version, cipherSuite, group].filter((each) => each !== undefined).join(', ')}`,
  );
  for (const line of table(
    measures.map(({ what, unit, count, seconds, perSecond }) => [
      `  ${what}`,
      unit === 'bytes' ? `${bytesText(Math.round(perSecond))}/s` : `${perSecond.toFixed(1)}/s`,
      `${unit === 'bytes' ? bytesText(count) : count} in ${seconds.toFixed(1)} s`,
    ]),
  ))
    out.line(line);
}

const farewellMs = 2_000;
