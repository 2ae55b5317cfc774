import { once } from 'node:events';
import {
  createServer,
  type CreateServerOptions,
  type TlsServer,
  type TlsStream,
} from '@sealwire/node-transport';
import type { Action } from '../../command.ts';
import type { Host } from '../../host.ts';
import type { ValuesOf } from '../../options/option.ts';
import { usage } from '../../problem.ts';
import { explained } from '../../text/explain.ts';
import { Lines } from '../../text/lines.ts';
import { jsonReport } from '../../text/report.ts';
import { protocolsOf } from '../../tls/connection-options.ts';
import { connectionReport } from '../../tls/connection-report.ts';
import { keyLogInto } from '../../tls/keylog.ts';
import { TracePrinter } from '../../tls/trace.ts';
import { tell } from '../../text/tell.ts';
import { addressText } from '../connect/dial.ts';
import type { serveOptions } from './options.ts';
import { serverOptions } from './server-options.ts';
import { filesService } from './files.ts';
import { echoService, reversedLines } from './echo.ts';
import type { Service } from './service.ts';
import { statusService } from './status-page.ts';

type Values = ValuesOf<typeof serveOptions>;

export const serve: Action<typeof serveOptions> = async (values, _positional, host) => {
  const service = serviceOf(values);
  const log = new ServeLog(values, host);
  const server = await createServer(
    { ...(await serverOptions(values, host)), ...listening(values), ...log.watching },
    async (stream) => {
      log.connected(stream);
      await service(stream);
    },
  );
  server.on('connectionError', (error, stream) => log.failed(error, stream));
  server.on('serverError', (error) => tell(explained(error), host));
  log.listening(server);
  await ended(server, values.naccept, host.signal);
  await server.close({ timeoutMs: patienceMs });
  return 'ok';
};

function serviceOf(values: Values): Service {
  const { www, files, root, 'idle-timeout': idleMs } = values;
  const chosen = [values.echo, values.rev, www, files].filter((each) => each === true);
  if (chosen.length > 1) throw usage('--echo, --rev, --www and --files exclude each other');
  if (root !== undefined && !files) throw usage('--root is of no use without --files');
  if (!www && !files) return echoService(idleMs, values.rev ? reversedLines : undefined);
  if (values.alpn !== undefined && protocolsOf(values.alpn).some((name) => name === 'h2' || name === 'h3'))
    throw usage(
      '--alpn: HTTP/1.1 is all that --www and --files speak',
      '-alpn http/1.1, or none: clients that want HTTP/2 then speak HTTP/1.1',
    );
  const patience =
    idleMs === undefined ? undefined : { requestMs: idleMs, nextRequestMs: idleMs, stalledMs: idleMs };
  return www ? statusService(patience) : filesService(root ?? '.', patience);
}

function listening({
  accept,
  unix,
  'max-connections': maxConnections = 1_000,
}: Values): Partial<CreateServerOptions> {
  if (unix !== undefined) {
    if (accept !== undefined) throw usage('--accept and --unix exclude each other');
    return { path: unix, maxConnections };
  }
  const { host, port } = accept ?? { host: '127.0.0.1', port: 4433 };
  return { host, port, maxConnections };
}

/** When there have been so many connections, well or ill, and all of them are over; or when somebody says so. */
async function ended(server: TlsServer, count: number | undefined, signal: AbortSignal): Promise<void> {
  let left = count ?? Number.POSITIVE_INFINITY;
  const enough = new Promise<void>((resolve) => {
    const one = (stream: TlsStream) => {
      const over = () => {
        left -= 1;
        if (left <= 0) resolve();
      };
      if (stream.transport.closed) over();
      else stream.transport.once('close', over);
    };
    server.on('connection', one);
    server.on('connectionError', (_error, stream) => {
      // Of those whose handler failed it is known already.
      if (stream.facts.handshakes === 0) one(stream);
    });
  });
  const stopped = signal.aborted ? Promise.resolve() : once(signal, 'abort');
  await Promise.race([enough, stopped]);
}

/** What is said about connections as they come. */
class ServeLog {
  readonly #values: Values;
  readonly #host: Host;
  readonly #out: Lines;
  /** Of each connection, since the messages of several may be mixed. */
  readonly #names = new WeakMap<object, string>();

  constructor(values: Values, host: Host) {
    this.#values = values;
    this.#host = host;
    this.#out = new Lines(host.stderr);
  }

  /** Listeners for what passes, where somebody wants to see it. */
  get watching(): Pick<CreateServerOptions, 'onTrace' | 'onKeyLog'> {
    const { trace, keylog } = this.#values;
    const printers = new WeakMap<object, TracePrinter>();
    return {
      ...(keylog === undefined ? {} : { onKeyLog: keyLogInto(keylog) }),
      ...(trace
        ? {
            onTrace: (event, stream) => {
              const printer = printers.get(stream) ?? new TracePrinter(this.#out);
              printers.set(stream, printer);
              printer.print(event);
            },
          }
        : {}),
    };
  }

  listening(server: TlsServer): void {
    const { accept, unix } = this.#values;
    const address = unix ?? addressText({ host: accept?.host ?? '127.0.0.1', port: server.port });
    if (this.#values.json) this.#report({ event: 'listening', address });
    else if (!this.#values.quiet) this.#out.line(`listening on ${address}`);
  }

  connected(stream: TlsStream): void {
    const remote = this.#nameOf(stream);
    const report = connectionReport(stream.facts, undefined);
    if (this.#values.json) this.#report({ event: 'connection', remote, ...report });
    else if (!this.#values.quiet) {
      const parts = [
        report.version,
        report.cipherSuite,
        report.group,
        report.isResumed ? 'resumed' : undefined,
        report.serverName === undefined ? undefined : `for ${report.serverName}`,
        report.alpnProtocol,
        report.earlyData === undefined ? undefined : `early data ${report.earlyData}`,
        report.pskIdentity === undefined ? undefined : `pre-shared key ${report.pskIdentity}`,
        report.peer === undefined ? undefined : `client ${report.peer.chain[0]?.subject ?? 'unknown'}`,
        report.peer === undefined || report.peer.isTrusted ? undefined : 'NOT TRUSTED',
      ];
      this.#out.line(`${remote}: ${parts.filter((part) => part !== undefined).join(', ')}`);
    }
  }

  failed(error: Error, stream: TlsStream): void {
    const problem = explained(error);
    const remote = this.#nameOf(stream);
    if (this.#values.json) {
      this.#host.stdout.write(jsonReport({ command: 'serve', result: { event: 'failed', remote }, problem }));
    } else if (!this.#values.quiet) this.#out.line(`${remote}: failed: ${problem.message} [${problem.code}]`);
  }

  #report(result: object): void {
    this.#host.stdout.write(jsonReport({ command: 'serve', result }));
  }

  #nameOf(stream: TlsStream): string {
    const known = this.#names.get(stream);
    if (known !== undefined) return known;
    const { remoteAddress, remotePort } = stream.transport as { remoteAddress?: string; remotePort?: number };
    const name =
      remoteAddress === undefined ? 'client' : addressText({ host: remoteAddress, port: remotePort });
    this.#names.set(stream, name);
    return name;
  }
}

const patienceMs = 2_000;
