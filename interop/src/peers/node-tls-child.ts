/**
 * Runs in a process of its own, under the Node that is being tested: a TLS server or client on `node:tls`
 * that sends its standard input and prints what it receives; what it knows goes to standard error.
 */
import { readFileSync } from 'node:fs';
import { type ConnectionOptions, connect, createServer, type TLSSocket } from 'node:tls';

export interface NodeTask {
  readonly role: 'server' | 'client';
  readonly port: number;
  readonly suite: string;
  readonly groups: string;
  readonly caFile: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly alpn?: readonly string[];
  readonly requestCert?: boolean;
  readonly rejectUnauthorized?: boolean;
  readonly ocspFile?: string;
  readonly requestOCSP?: boolean;
  /** Connections of a client, one after the other; each resumes the one before. A line `!close` ends one. */
  readonly connections?: number;
}

const task = JSON.parse(process.argv[2] ?? '{}') as NodeTask;
const options = {
  minVersion: 'TLSv1.3' as const,
  ciphers: task.suite,
  ecdhCurve: task.groups,
  ca: readFileSync(task.caFile),
  ...(task.certFile === undefined ? {} : { cert: readFileSync(task.certFile) }),
  ...(task.keyFile === undefined ? {} : { key: readFileSync(task.keyFile) }),
  ...(task.alpn === undefined ? {} : { ALPNProtocols: [...task.alpn] }),
};

if (task.role === 'server') {
  const server = createServer({
    ...options,
    requestCert: task.requestCert ?? false,
    rejectUnauthorized: task.rejectUnauthorized ?? false,
    allowHalfOpen: true,
  });
  server.on(
    'OCSPRequest',
    (_certificate, _issuer, answer: (error: Error | null, response: Buffer) => void) => {
      answer(null, task.ocspFile === undefined ? Buffer.alloc(0) : readFileSync(task.ocspFile));
    },
  );
  server.on('secureConnection', (socket) => serve(socket));
  server.on('tlsClientError', (error) => say(`tlsClientError ${error.message}`));
  server.listen(task.port, '127.0.0.1', () => {
    const address = server.address();
    say(`listens on ${typeof address === 'object' && address !== null ? address.port : 0}`);
  });
} else {
  visit(task.connections ?? 1);
}

function visit(visits: number, session?: Buffer): void {
  const socket = connect({
    ...options,
    host: '127.0.0.1',
    port: task.port,
    servername: 'localhost',
    allowHalfOpen: true,
    ...(task.requestOCSP ? { requestOCSP: true } : {}),
    ...(session === undefined ? {} : { session }),
  } as ConnectionOptions);
  let latest: Buffer | undefined;
  socket.on('session', (given: Buffer) => {
    latest = given;
  });
  socket.on('OCSPResponse', (response: Buffer | null) => say(`stapled ${response?.length} bytes`));
  socket.on('secureConnect', () => serve(socket));
  socket.on('error', (error) => say(`error ${error.message}`));
  socket.on('close', () => {
    if (visits > 1) visit(visits - 1, latest);
  });
}

function serve(socket: TLSSocket): void {
  say(`secure ${socket.getCipher().standardName}`);
  say(`authorized ${socket.authorized}`);
  say(`protocol ${socket.alpnProtocol}`);
  socket.on('error', (error) => say(`error ${error.message}`));
  socket.on('end', () => socket.end());
  say(`resumed ${socket.isSessionReused()}`);
  socket.on('data', (bytes) => process.stdout.write(bytes));
  const forward = (bytes: Buffer) => {
    if (task.connections !== undefined && bytes.toString() === '!close\n') socket.end();
    else if (!socket.write(bytes)) process.stdin.pause();
  };
  const end = () => socket.end();
  socket.on('drain', () => process.stdin.resume());
  process.stdin.on('data', forward).once('end', end);
  socket.once('close', () => process.stdin.off('data', forward).off('end', end));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
