import { Duplex } from 'node:stream';
import tls from 'node:tls';
import { workerData } from 'node:worker_threads';

/**
 * Builtin `node:tls` in a thread of its own, which answers one call after the other once nothing moves in it any more, so
 * that whoever calls can wait for the answer without giving up its own thread.
 */

/** @typedef {{ do: 'open', side: 'client' | 'server', options: object, psk?: { identity: string, key: Uint8Array } }} OpenCall */
/** @typedef {(OpenCall | { do: 'receive', bytes: Uint8Array } | { do: 'end' }) & { id: number }} Call */
/** @typedef {{ code: string, library?: string, reason?: string, message: string }} Complaint */

/** @type {{ port: import('node:worker_threads').MessagePort }} */
const { port } = workerData;

/** @type {{ sent: Uint8Array[], isSecure: boolean, complaint: Complaint | undefined }} */
let news = nothing();
/** @type {Duplex | undefined} */
let wire;

port.on('message', async (/** @type {Call} */ call) => {
  try {
    if (call.do === 'open') open(call);
    if (call.do === 'receive') wire?.push(Buffer.from(call.bytes));
    if (call.do === 'end') wire?.push(null);
  } catch (error) {
    complain(error);
  }
  await quiet();
  port.postMessage({ ...news, id: call.id });
  news = nothing();
});

/** @param {OpenCall} call */
function open({ side, options, psk }) {
  const here = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      if (wire === here) news.sent.push(new Uint8Array(chunk));
      done();
    },
  });
  here.on('error', () => {});
  wire = here;
  // What comes late of an end before this one is nobody's concern.
  const secure = () => {
    if (wire === here) news.isSecure = true;
  };
  const complains = (/** @type {unknown} */ error) => {
    if (wire === here) complain(error);
  };
  if (side === 'client') {
    const pskCallback = psk && (() => ({ psk: psk.key, identity: psk.identity }));
    const socket = tls.connect({ ...options, socket: here, ...(pskCallback && { pskCallback }) });
    socket.on('secureConnect', secure).on('error', complains).resume();
    return;
  }
  const pskCallback =
    psk &&
    ((/** @type {unknown} */ _, /** @type {string} */ name) => (name === psk.identity ? psk.key : null));
  const server = tls.createServer({ ...options, ...(pskCallback && { pskCallback }) });
  server.on('tlsClientError', complains);
  server.on('secureConnection', (socket) => {
    secure();
    socket.on('error', complains).resume();
  });
  server.emit('connection', here);
}

// Whoever waits for this thread would wait for ever.
process.on('uncaughtException', complain);

/** @param {any} error */
function complain({ code, library, reason, message }) {
  news.complaint ??= { code, library, reason, message };
}

/** What OpenSSL and streams do takes a few turns of the loop, and nothing of it waits for time to pass. */
async function quiet() {
  for (let still = 0, before = -1; still < 4; still++) {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    const now = news.sent.length + Number(news.isSecure) + Number(news.complaint !== undefined);
    if (now !== before) still = 0;
    before = now;
  }
}

function nothing() {
  return { sent: [], isSecure: false, complaint: undefined };
}
