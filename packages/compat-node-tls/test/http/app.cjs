// Uses TLS in all the ways Node has, and tells of what: in its main thread, then in a worker.
const tls = require('node:tls');
const https = require('node:https');
const http2 = require('node:http2');
const { isMainThread, Worker } = require('node:worker_threads');

const { key, cert, ca } = JSON.parse(process.env.APP_IDENTITY);

/** Sockets of Node have a native handle, ours one with a pump. */
const isOurs = (socket) => socket._handle?.pump !== undefined;
const listening = (server) =>
  new Promise((done) =>
    server.listen(0, '127.0.0.1', () => done(`https://localhost:${server.address().port}`)),
  );

async function main() {
  const imported = await import('node:tls');
  const server = https.createServer({ key, cert }, (request, response) => {
    response.end(`https ${isOurs(request.socket)}`);
  });
  const url = await listening(server);
  const [body, socket] = await new Promise((done, failed) => {
    https
      .get(url, { ca }, (response) => {
        const { socket } = response;
        response.setEncoding('utf8').on('data', (text) => done([text, socket]));
      })
      .on('error', failed);
  });
  const seen = {
    isOurs: isOurs(socket),
    sameByImport: imported.connect === tls.connect && imported.default === tls,
    https: body,
    isInstance: socket instanceof tls.TLSSocket && socket instanceof require('node:net').Socket,
  };
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  seen.fetched = await (await fetch(url, { headers: { connection: 'close' } })).text();
  const other = http2.createSecureServer({ key, cert }, (_, response) => response.end('http2'));
  const session = http2.connect(await listening(other), { ca });
  seen.http2 = await new Promise((done, failed) => {
    session.on('error', failed);
    session.request().setEncoding('utf8').on('data', done);
  });
  seen.encrypted = session.encrypted;
  session.destroy();
  other.close();
  server.close();
  server.closeAllConnections();
  await new Promise((done) => process.stdout.write(`${JSON.stringify(seen)}\n`, done));
  if (isMainThread) new Worker(__filename);
}

main();
