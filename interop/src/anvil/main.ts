/**
 * `npm run anvil -- --jar PATH`: runs TLS-Anvil, a jar that is ready to run, against our server and our client, and prints what it
 * found. Its own files stay in `--out`. `--serve PORT` is the same server for any other suite that wants one, until Ctrl-C; with
 * `--ask` it asks its clients for a certificate, and takes any.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort } from '../processes.ts';
import { readResults, summary } from './results.ts';
import { asking, type OnEnd, startServer, startTriggeredClient } from './sides.ts';

interface Call {
  readonly java: string;
  readonly jar: string;
  readonly out: string;
  /** What TLS-Anvil is told besides. */
  readonly args: readonly string[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    jar: { type: 'string' },
    java: { type: 'string', default: 'java' },
    side: { type: 'string', default: 'both' },
    out: { type: 'string', default: '.tmp/anvil' },
    strength: { type: 'string', default: '1' },
    handshakes: { type: 'string', default: '8' },
    timeout: { type: 'string', default: '1000' },
    serve: { type: 'string' },
    ask: { type: 'boolean', default: false },
  },
});
if (values.serve !== undefined) {
  const tell: OnEnd = (error) => console.log(String(error));
  const { port } = await startServer(Number(values.serve), tell, values.ask ? asking : {});
  console.log(`listening on 127.0.0.1:${port}`);
} else {
  await testSides();
}

async function testSides(): Promise<void> {
  const { java, jar, side, strength, handshakes, timeout } = values;
  if (jar === undefined) throw new Error('expected --jar PATH: TLS-Anvil, ready to run');
  const args = ['-strength', strength, '-parallelHandshakes', handshakes, '-parallelTests', '4'];
  args.push('-connectionTimeout', timeout, '-disableTcpDump', '-ignoreCache', ...positionals);
  const call = (of: string): Call => ({ java, jar, args, out: resolve(values.out, of) });
  if (side !== 'client') await testServer(call('server'));
  if (side !== 'server') await testClient(call('client'));
}

async function testServer(call: Call): Promise<void> {
  const server = await startServer(0, logTo(call.out));
  await runAnvil(call, ['server', '-connect', `localhost:${server.port}`, '-doNotSendSNIExtension']);
  await server.close();
}

async function testClient(call: Call): Promise<void> {
  const port = await freePort();
  const client = await startTriggeredClient(port, logTo(call.out));
  const trigger = ['curl', '-s', `http://127.0.0.1:${client.port}/`];
  await runAnvil(call, ['client', '-port', `${port}`, '-triggerScript', ...trigger]);
  await client.close();
}

/** What our side says of each connection, a line each. */
function logTo(folder: string): OnEnd {
  mkdirSync(folder, { recursive: true });
  return (error) => appendFileSync(join(folder, 'sealwire.log'), `${String(error ?? 'ended well')}\n`);
}

async function runAnvil({ java, jar, out, args }: Call, side: readonly string[]): Promise<void> {
  const child = spawn(java, ['-jar', basename(jar), '-outputFolder', out, ...args, ...side], {
    cwd: dirname(resolve(jar)),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise((done) => child.on('close', done).on('error', done));
  console.log(`${side[0]}: TLS-Anvil ended with ${String(code)}`);
  console.log(summary(readResults(out)));
}
