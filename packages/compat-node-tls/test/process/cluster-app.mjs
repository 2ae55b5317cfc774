/**
 * A cluster of two workers with servers of TLS: `node cluster-app.mjs FOLDER MODULE`. A client resumes the session that it was
 * given by one at whichever comes next; told is which worker answered, and whether it knew the session.
 */
import cluster from 'node:cluster';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

const [folder, module] = process.argv.slice(2);
const { default: tls } = await import(module);
const { root, server: identity } = JSON.parse(readFileSync(`${folder}/identity.json`, 'utf8'));

if (cluster.isPrimary) await primary();
else {
  const server = tls.createServer(identity, (socket) =>
    socket.on('error', () => {}).end(`${cluster.worker.id} ${socket.isSessionReused()}`),
  );
  server.listen(0, '127.0.0.1');
}

async function primary() {
  const workers = [1, 2].map(() => cluster.fork());
  const [[{ port }]] = await Promise.all(workers.map((worker) => once(worker, 'listening')));
  const told = [];
  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    let session;
    for (let visit = 0; visit < 4; visit++) {
      const options = { host: '127.0.0.1', port, ca: root, servername: 'localhost', maxVersion: version };
      const socket = tls.connect({ ...options, session });
      socket.on('session', (given) => (session = given));
      let text = '';
      let isReused;
      socket.on('secureConnect', () => (isReused = socket.isSessionReused()));
      socket.on('data', (chunk) => (text += chunk));
      await once(socket, 'close');
      told.push([version, ...text.split(' '), isReused]);
    }
  }
  for (const worker of workers) worker.kill();
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  process.stdout.write(JSON.stringify(told));
}
