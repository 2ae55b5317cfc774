/**
 * An application that shows what switches and variables of the process make of TLS: `node … app.mjs FOLDER MODULE`, a line of JSON
 * for each thing it sees. MODULE: the built entry of this package, or `node:tls`.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const [folder, module] = process.argv.slice(2);
const { default: tls } = await import(module);
const tell = (...what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const { root, server: identity } = JSON.parse(readFileSync(`${folder}/identity.json`, 'utf8'));
process.on('warning', ({ name, code, message }) => tell('warning', name, code, message));

tell('defaults', tls.DEFAULT_CIPHERS, tls.DEFAULT_MIN_VERSION, tls.DEFAULT_MAX_VERSION);
const server = tls.createServer(identity, (socket) => socket.on('error', () => {}).end('bye'));
server.on('tlsClientError', () => {});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const visits = {
  'with its root': { ca: root },
  'without a root': {},
  'that insists': { rejectUnauthorized: true },
  'by its address': { ca: root, servername: '127.0.0.1' },
  'of TLS 1.3': { ca: root, minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' },
};
for (const [name, options] of Object.entries(visits)) {
  let client;
  try {
    client = tls.connect({
      host: '127.0.0.1',
      port: server.address().port,
      servername: 'localhost',
      ...options,
    });
  } catch (error) {
    tell(name, 'thrown', error.code);
    continue;
  }
  client.on('secureConnect', () => {
    const { authorized, authorizationError } = client;
    tell(name, authorized, authorizationError, client.getProtocol(), client.getCipher().name);
  });
  client.on('error', ({ code }) => tell(name, 'error', code));
  client.resume();
  await new Promise((done) => client.on('close', done));
}
server.close();
