/**
 * Connections in Bun over other sockets than TCP's: a Unix socket, a socket after STARTTLS, another TLS connection. One line for each that
 * holds:
 *
 *   bun sockets.ts FOLDER                       all of them between two ends of ours
 *   bun sockets.ts smtp CERTIFICATE KEY         a mail server with STARTTLS, which echoes lines; says `port N`
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BunSocket,
  type BunSocketHandler,
  connect,
  listen,
  secure,
  type SecureOptions,
  type TlsSocket,
} from '../../src/index.ts';
import { loopback, roots, serverIdentity } from '@sealwire/transport-tests';

interface Plain {
  /** What has been read of a line. */
  text: string;
  handler: BunSocketHandler | undefined;
}
type PlainSocket = BunSocket & { data: Plain };
interface Handler {
  open?(socket: PlainSocket): void;
  data(socket: PlainSocket, bytes: Uint8Array): void;
}
declare const Bun: {
  listen(options: object): { readonly port: number; stop(isNow: boolean): void };
  connect(options: object): Promise<PlainSocket & { reload(options: { socket: BunSocketHandler }): void }>;
};

const goAhead = '220 go ahead\r\n';
const [first = '', ...rest] = process.argv.slice(2);
if (first === 'smtp') serveMail(rest[0] ?? '', rest[1] ?? '');
else {
  await overUnixSocket(join(first, 'bun.sock'));
  for (const isWaiting of [true, false]) await afterStarttls(isWaiting);
  await withinTls();
  console.log('all done');
  process.exit(0);
}

async function overUnixSocket(unix: string): Promise<void> {
  const listener = listen({ unix, ...serverIdentity, allowHalfOpen: true });
  const serving = (async () => {
    for await (const socket of listener) await echo(socket);
  })();
  const client = await connect({ unix, serverName: 'localhost', roots, allowHalfOpen: true });
  await expectEcho(client, 1_000_000);
  await listener.close();
  await serving;
  if (listener.unix !== unix || listener.port !== 0) throw new Error('the address of the listener');
  console.log('unix socket: holds');
}

/** The client waits for the answer to its line, or sends line and ClientHello in one chunk. */
async function afterStarttls(isWaiting: boolean): Promise<void> {
  let chunks = 0;
  const server = mailServer(serverIdentity, (bytes) => (chunks = bytes));
  let answered!: () => void;
  const answer = new Promise<void>((resolve) => (answered = resolve));
  const socket = await Bun.connect({
    hostname: loopback,
    port: server.port,
    allowHalfOpen: true,
    socket: {
      binaryType: 'uint8array',
      data: (_: unknown, bytes: Uint8Array) => /go/.test(text(bytes)) && answered(),
    },
  });
  const secured = (below: BunSocket) =>
    secure(below, { role: 'client', serverName: 'localhost', roots, allowHalfOpen: true });
  const line = 'STARTTLS\r\n';
  let tls: Promise<TlsSocket>;
  if (isWaiting) {
    socket.write(bytesOf(line));
    await answer;
    const { tls: opening, handler } = secured(socket);
    socket.reload({ socket: handler });
    tls = opening;
  } else {
    // What is written first goes behind the line, and what comes first is behind the answer.
    let isFirst = true;
    const joined = new Proxy(socket, {
      get(target, name) {
        if (name !== 'write') {
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        }
        return (bytes: Uint8Array) => {
          const whole = isFirst ? Buffer.concat([bytesOf(line), bytes]) : bytes;
          const taken = target.write(whole) - (isFirst ? line.length : 0);
          isFirst = false;
          return taken;
        };
      },
    });
    const { tls: opening, handler } = secured(joined);
    let lines: Buffer | undefined = Buffer.alloc(0);
    socket.reload({
      socket: {
        ...handler,
        data(below, bytes) {
          if (lines === undefined) {
            handler.data(below, bytes);
            return;
          }
          lines = Buffer.concat([lines, bytes]);
          const at = lines.indexOf(goAhead);
          if (at < 0) return;
          const rest = lines.subarray(at + goAhead.length);
          lines = undefined;
          if (rest.length > 0) handler.data(below, rest);
        },
      },
    });
    tls = opening;
  }
  await expectEcho(await tls, 300_000);
  server.stop(true);
  if (isWaiting !== (chunks === 0)) throw new Error(`${chunks} bytes came with the line`);
  console.log(
    `STARTTLS, ${isWaiting ? 'after the answer' : `${chunks} bytes of hello with the line`}: holds`,
  );
}

async function withinTls(): Promise<void> {
  const listener = listen({
    hostname: loopback,
    ...serverIdentity,
    allowHalfOpen: true,
    socket: innerServer(),
  });
  const outer = await connect({
    hostname: loopback,
    port: listener.port,
    serverName: 'localhost',
    roots,
    allowHalfOpen: true,
    socket: { binaryType: 'uint8array', data() {} },
  });
  const { tls, handler } = secure(outer, {
    role: 'client',
    serverName: 'localhost',
    roots,
    allowHalfOpen: true,
  });
  outer.reload({ socket: handler });
  await expectEcho(await tls, 1_000_000);
  await outer.closed;
  await listener.close();
  console.log('TLS in TLS: holds');
}

/** Connections of one listener share their functions: each passes on what concerns its inner connection. */
function innerServer() {
  const inner = new WeakMap<object, BunSocketHandler>();
  const of = (socket: TlsSocket) => inner.get(socket);
  return {
    binaryType: 'uint8array' as const,
    open(socket: TlsSocket) {
      const { tls, handler } = secure(socket, { role: 'server', ...serverIdentity, allowHalfOpen: true });
      inner.set(socket, handler);
      tls.then(echo).catch(failed);
    },
    data: (socket: TlsSocket, bytes: Uint8Array) => of(socket)?.data(socket, bytes),
    drain: (socket: TlsSocket) => of(socket)?.drain(socket),
    end: (socket: TlsSocket) => of(socket)?.end(socket),
    close: (socket: TlsSocket, error?: Error) => of(socket)?.close(socket, error),
    error: (socket: TlsSocket, error: Error) => of(socket)?.error(socket, error),
  };
}

function serveMail(certificate: string, privateKey: string): void {
  const server = mailServer(
    { certificate: readFileSync(certificate, 'utf8'), privateKey: readFileSync(privateKey, 'utf8') },
    () => {},
  );
  console.log(`port ${server.port}`);
}

/** Speaks SMTP as far as STARTTLS, then echoes. `came`: how many bytes of TLS came with that line. */
function mailServer(identity: { certificate: string; privateKey: string }, came: (bytes: number) => void) {
  const lines: Handler = {
    open(socket) {
      socket.data = { text: '', handler: undefined };
      socket.write(bytesOf('220 mail.example.org ESMTP\r\n'));
    },
    data(socket, bytes) {
      const end = Buffer.from(bytes).indexOf('\r\n') + 2;
      const line = text(bytes.subarray(0, end));
      if (!/^STARTTLS/i.test(line)) {
        socket.write(
          bytesOf(/^EHLO/i.test(line) ? '250-mail.example.org\r\n250 STARTTLS\r\n' : '500 what?\r\n'),
        );
        return;
      }
      socket.write(bytesOf(goAhead));
      came(bytes.length - end);
      const options: SecureOptions = {
        role: 'server',
        ...identity,
        allowHalfOpen: true,
        initial: bytes.subarray(end),
      };
      const { tls, handler } = secure(socket, options);
      socket.data.handler = handler;
      tls.then(echo).catch(failed);
    },
  };
  const of = (socket: PlainSocket) => socket.data?.handler;
  return Bun.listen({
    hostname: loopback,
    port: 0,
    allowHalfOpen: true,
    socket: {
      binaryType: 'uint8array',
      open: lines.open,
      data: (socket: PlainSocket, bytes: Uint8Array) => {
        const handler = of(socket);
        if (handler === undefined) lines.data(socket, bytes);
        else handler.data(socket, bytes);
      },
      drain: (socket: PlainSocket) => of(socket)?.drain(socket),
      end: (socket: PlainSocket) => of(socket)?.end(socket),
      close: (socket: PlainSocket, error?: Error) => of(socket)?.close(socket, error),
      error: (socket: PlainSocket, error: Error) => of(socket)?.error(socket, error),
    },
  });
}

async function echo(socket: TlsSocket): Promise<void> {
  for await (const bytes of socket) await socket.send(bytes);
  socket.end();
}

async function expectEcho(socket: TlsSocket, length: number): Promise<void> {
  const sent = new Uint8Array(length).map((_, i) => i ^ (i >> 8));
  const chunks: Uint8Array[] = [];
  const reading = (async () => {
    for await (const bytes of socket) chunks.push(bytes);
  })();
  await socket.send(sent);
  socket.end();
  await reading;
  if (!Buffer.concat(chunks).equals(sent)) throw new Error('what came back is not what was sent');
  await socket.closed;
}

function failed(error: unknown): void {
  console.log(`FAILED ${String(error)}`);
  process.exit(1);
}

function bytesOf(line: string): Uint8Array {
  return new TextEncoder().encode(line);
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
