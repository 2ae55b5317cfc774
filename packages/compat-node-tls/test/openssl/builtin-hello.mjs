/**
 * What the builtin `node:tls` of the Node that runs this makes of options: lines of JSON in, lines of JSON out. It is plain
 * JavaScript, and a process of its own, because the Nodes that are asked are others than the one that runs the tests.
 */
import { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import tls from 'node:tls';

const questions = (await text(process.stdin)).split('\n').filter((line) => line !== '');
const answers = [];
for (const question of questions) answers.push(`${JSON.stringify(await answerTo(JSON.parse(question)))}\n`);
// What the pipe has not taken yet is lost when the process exits, and sockets that are left over keep it from ending by itself.
process.stdout.write(answers.join(''), () => process.exit(0));

async function answerTo({ ask, options }) {
  try {
    if (ask === 'ciphers') return { ciphers: tls.getCiphers() };
    // No root certificates: they take time, and nothing is verified.
    const context = tls.createSecureContext({ ca: [], ...options });
    const bounds = [context.context.getMinProto(), context.context.getMaxProto()];
    return ask === 'bounds' ? { bounds } : { bounds, ...(await firstFlight(context)) };
  } catch (error) {
    forgetErrors();
    const { name, code, message, library, reason } = error;
    return { error: { name, code, message, library, reason, text: String(error) } };
  }
}

/** Some refusals stay in OpenSSL's queue of errors, and the next one would show them. A failure of this kind empties it. */
function forgetErrors() {
  try {
    tls.createSecureContext({ ca: [], ciphers: 'nonsense' });
  } catch {}
}

/** The first record of a client: its hello taken apart, or the alert that came in its place. */
function firstFlight(secureContext) {
  return new Promise((resolve) => {
    const carrier = new Duplex({
      read() {},
      write(chunk, _encoding, done) {
        written = Buffer.concat([written, chunk]);
        done();
        if (written.length < 5 || written.length < 5 + written.readUInt16BE(3)) return;
        const record = written.subarray(5, 5 + written.readUInt16BE(3));
        resolve(written[0] === 21 ? { alert: record[1] } : { hello: helloOf(record) });
        setImmediate(() => socket.destroy());
      },
    });
    let written = Buffer.alloc(0);
    const socket = tls.connect({ socket: carrier, servername: 'a.test', secureContext });
    socket.on('error', () => {});
  });
}

function helloOf(message) {
  let at = 4 + 2 + 32;
  at += 1 + message[at];
  const suites = message.subarray(at + 2, at + 2 + message.readUInt16BE(at));
  at += 2 + suites.length;
  at += 1 + message[at];
  const hello = { version: message.readUInt16BE(4), suites: numbers(suites) };
  const end = at + 2 + message.readUInt16BE(at);
  for (at += 2; at < end; ) {
    const body = message.subarray(at + 4, at + 4 + message.readUInt16BE(at + 2));
    const type = message.readUInt16BE(at);
    at += 4 + body.length;
    if (type === 10) hello.groups = numbers(body.subarray(2));
    if (type === 13) hello.schemes = numbers(body.subarray(2));
    if (type === 43) hello.versions = numbers(body.subarray(1));
    if (type === 51) hello.shares = sharesOf(body);
    if (type === 35) hello.hasTicketExtension = true;
    if (type === 22) hello.hasEncryptThenMac = true;
  }
  return hello;
}

function numbers(bytes) {
  return Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16BE(i * 2));
}

function sharesOf(body) {
  const groups = [];
  for (let at = 2; at < body.length; at += 4 + body.readUInt16BE(at + 2)) groups.push(body.readUInt16BE(at));
  return groups;
}
