/**
 * The builtin `node:tls` with `enableTrace`, whose traces are the standard error of this process, after a line with the name of
 * each: what `raw.mjs` sends it, a client of its own, and a server.
 */
import { writeSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import tls from 'node:tls';
import { flights, hellos, record } from './raw.mjs';

const { server: identity, client: other, ca, port, der } = JSON.parse(process.argv[2]);
const options = { ...identity, ca, enableTrace: true };
const mark = (name) => writeSync(2, `=== ${name}\n`);
const listening = (server) =>
  new Promise((done) => server.listen(0, '127.0.0.1', () => done(server.address().port)));
const closed = (socket) => new Promise((done) => socket.on('error', () => {}).on('close', done));

for (const [name, hello] of Object.entries(hellos)) {
  mark(`hello: ${name}`);
  const server = tls.createServer(options);
  const to = await listening(server);
  const failed = new Promise((done) => server.on('tlsClientError', done));
  const raw = connect(to, '127.0.0.1', () => raw.write(record(hello)));
  // An answer or an end: then the hello has been read.
  raw.on('error', () => {}).once('data', () => raw.destroy());
  await failed;
  raw.destroy();
  server.close();
}
for (const [name, messages] of Object.entries(flights(Buffer.from(der, 'base64')))) {
  mark(`flight: ${name}`);
  const server = createServer((raw) => {
    raw.on('error', () => {});
    raw.once('data', () => raw.end(Buffer.concat(messages.map(record))));
  });
  const client = tls.connect({
    port: await listening(server),
    enableTrace: true,
    requestOCSP: true,
    maxVersion: 'TLSv1.2',
    servername: 'a',
  });
  await closed(client);
  server.close();
}
for (const version of ['TLSv1.2', 'TLSv1.3']) {
  mark(`client: ${version}`);
  const client = tls.connect({
    ...options,
    ...other,
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    minVersion: version,
    maxVersion: version,
  });
  client.resume();
  await closed(client);
}
mark('server');
const server = tls.createServer({ ...options, requestCert: true }, (socket) => socket.end('bye'));
process.stdout.write(`${await listening(server)}\n`);
process.stdin.resume().on('end', () => server.close());
