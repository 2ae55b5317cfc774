/**
 * One end in Bun, for others to talk to:
 *
 *   bun peer.ts serve CERTIFICATE KEY            says `port N`, echoes, and answers requests that look like HTTP
 *   bun peer.ts echo PORT ROOTS TIMES BYTES      visits an echo server so often, each time with so much; from the second time on with
 *                                                the session of the time before, and a greeting as 0-RTT data
 *   bun peer.ts http PORT ROOTS TIMES            visits a web server so often
 */
import type { Session } from '@sealwire/core';
import { readFileSync } from 'node:fs';
import { connect, listen, type TlsSocket } from '../../src/index.ts';

const [role, ...rest] = process.argv.slice(2);
if (role === 'serve') serve(rest[0] ?? '', rest[1] ?? '');
else await visit(role ?? '', Number(rest[0]), rest[1] ?? '', Number(rest[2]), Number(rest[3] ?? 0));

function serve(certificate: string, privateKey: string): void {
  const listener = listen<{ waiting: Uint8Array | undefined; hasEnded: boolean } | undefined>({
    hostname: '127.0.0.1',
    certificate: readFileSync(certificate, 'utf8'),
    privateKey: readFileSync(privateKey, 'utf8'),
    earlyData: { maxBytes: 16_384 },
    allowHalfOpen: true,
    data: undefined,
    socket: {
      open(socket) {
        socket.data = { waiting: undefined, hasEnded: false };
      },
      data(socket, bytes) {
        const text = bytes.toString();
        if (text.startsWith('GET ')) {
          socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 13\r\nConnection: close\r\n\r\nhello of Bun\n`);
          return;
        }
        const taken = socket.write(bytes);
        if (taken === bytes.length) return;
        socket.data!.waiting = bytes.subarray(taken);
        socket.pause();
      },
      drain(socket) {
        const { waiting } = socket.data!;
        socket.data!.waiting = undefined;
        if (waiting !== undefined) socket.write(waiting);
        socket.resume();
      },
      end: (socket) => void socket.end(),
      close: (socket, error) => report('closed', socket, error),
      connectError: (socket, error) => report('refused', socket, error),
    },
  });
  console.log(`port ${listener.port}`);
}

async function visit(role: string, port: number, rootsFile: string, times: number, bytes: number) {
  const roots = readFileSync(rootsFile, 'utf8');
  let session: Session | undefined;
  for (let time = 0; time < times; time++) {
    const greeting = new TextEncoder().encode(role === 'http' ? 'GET / HTTP/1.0\r\n\r\n' : 'hello of Bun');
    const used = session;
    const socket = await connect({
      hostname: '127.0.0.1',
      port,
      serverName: 'localhost',
      roots,
      allowHalfOpen: true,
      onSession: (offered) => (session = offered),
      ...(used === undefined
        ? {}
        : { sessions: [used], ...(role === 'echo' ? { sendEarlyData: greeting } : {}) }),
    });
    const reading = read(socket);
    const body = role === 'echo' ? pattern(bytes) : new Uint8Array(0);
    await socket.send(greeting.subarray(socket.earlyDataTaken));
    await socket.send(body);
    if (role === 'echo') socket.end();
    const answer = await reading;
    const isWhole =
      role === 'http'
        ? /^HTTP\/1\.\d 200 /.test(new TextDecoder().decode(answer))
        : sameBytes(answer, greeting, body);
    socket.end();
    await socket.closed;
    report(isWhole ? 'whole' : `wrong after ${answer.length} bytes`, socket);
  }
}

async function read(socket: TlsSocket): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const bytes of socket) chunks.push(bytes);
  return Buffer.concat(chunks);
}

function sameBytes(answer: Uint8Array, greeting: Uint8Array, body: Uint8Array): boolean {
  return Buffer.concat([greeting, body]).equals(answer);
}

/** Bytes of which no slice can be mistaken for its neighbour. */
function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at++) bytes[at] = at ^ (at >> 8) ^ (at >> 16);
  return bytes;
}

function report(
  what: string,
  socket: TlsSocket<never> | TlsSocket<unknown> | TlsSocket,
  error?: Error,
): void {
  const { version, resumed, earlyData } = socket.facts;
  const { earlyDataReceived } = socket;
  console.log(
    JSON.stringify({ what, version, resumed, earlyData, earlyDataReceived, error: error?.message }),
  );
}
