import { TlsError } from '@sealwire/core';
import { checkHandshake, checkRenegotiations, checkSessions } from './checks.ts';
import type { Attempt } from './attempt.ts';
import { Endpoint } from './endpoint.ts';
import { ExpectationFailed, NotImplemented } from './failure.ts';

/**
 * One attempt at a connection as the runner plays it: the handshake, what is to be proved of it, data, the end. Throws
 * what went wrong.
 */
export async function exchange(attempt: Attempt): Promise<void> {
  const { endpoint, flags } = attempt;
  const { 'max-send-fragment': fragment } = flags;
  if (fragment !== undefined) endpoint.connection.maxSendFragment = fragment;
  if (!flags['implicit-handshake']) await endpoint.until(() => isHandshakeDone(attempt));
  // A client that sends 0-RTT data knows nothing yet, and one without a handshake call has not begun.
  const looksNow = endpoint.isConnected || endpoint.writable === 'halfRtt';
  if (looksNow) checkHandshake(attempt);
  await sendProofs(attempt);
  if (flags['send-alert']) {
    await endpoint.until(() => endpoint.isConnected);
    const reason = new TlsError('local.aborted', 'the test wants an alert', {
      alert: 'decompression_failure',
    });
    endpoint.abort(reason);
    return;
  }
  await sendFirst(attempt);
  if (!flags['shim-shuts-down'] && !flags['write-different-record-sizes']) await echo(attempt);
  else await endpoint.until(() => endpoint.isConnected);
  if (!looksNow) {
    await endpoint.until(() => endpoint.isConnected);
    checkHandshake(attempt);
  }
  checkSessions(attempt);
  await shutDown(attempt);
  checkRenegotiations(attempt);
}

/** A client may begin with 0-RTT data, and a server that takes some answers it before the client has finished. */
function isHandshakeDone({ endpoint, flags, isRetry }: Attempt): boolean {
  if (endpoint.isConnected) return endpoint.isSettled;
  // Who calls for the handshake once more waits until it is over.
  if (endpoint.writable === 'falseStart') return !flags['handshake-twice'];
  if (!flags.server) return endpoint.writable === 'early' && !isRetry;
  return endpoint.writable === 'halfRtt' && endpoint.connection.facts.earlyData === 'accepted';
}

async function sendProofs({ endpoint, flags }: Attempt): Promise<void> {
  const length = flags['export-keying-material'];
  if (length !== undefined) {
    await endpoint.until(() => endpoint.isConnected || endpoint.writable === 'early');
    const label = flags['export-label'] ?? '';
    const context = flags['use-export-context'] ? ascii(flags['export-context'] ?? '') : undefined;
    await endpoint.write(endpoint.connection.exportKeyingMaterial(label, context, length));
  }
  if (flags['export-traffic-secrets']) {
    await endpoint.until(() => endpoint.isConnected);
    const [read, write] = trafficSecrets(endpoint.keyLog, flags.server);
    await endpoint.write(Uint8Array.of(read.length & 0xff, read.length >>> 8));
    await endpoint.write(read);
    await endpoint.write(write);
  }
  if (flags['tls-unique']) {
    await endpoint.until(() => endpoint.isConnected);
    await endpoint.write(endpoint.connection.channelBinding('tls-unique'));
  }
}

/** What we read with, and what we write with, from the lines for a key log (RFC 9850). */
function trafficSecrets(lines: readonly string[], isServer: boolean): [read: Uint8Array, write: Uint8Array] {
  const secretOf = (label: string) => {
    const line = lines.find((each) => each.startsWith(`${label} `));
    return new Uint8Array(Buffer.from(line?.split(' ')[2] ?? '', 'hex'));
  };
  const [client, server] = [secretOf('CLIENT_TRAFFIC_SECRET_0'), secretOf('SERVER_TRAFFIC_SECRET_0')];
  return isServer ? [client, server] : [server, client];
}

async function sendFirst({ endpoint, flags }: Attempt): Promise<void> {
  if (flags['write-different-record-sizes']) {
    for (const size of recordSizes) await endpoint.write(new Uint8Array(size).fill(0x42));
    return;
  }
  const { 'early-write-after-message': message } = flags;
  if (message !== undefined) {
    const greeting = ascii(flags['shim-initial-write'] ?? 'hello');
    await writeAfter(endpoint, message, greeting);
    return;
  }
  if (flags['read-with-unfinished-write']) overStream(endpoint).holdAfter(1);
  else if (!flags['shim-writes-first']) return;
  const greeting = ascii(flags['shim-initial-write'] ?? 'hello');
  for (let i = 0; i < (flags['repeat-shim-initial-write'] ?? 1); i++) await endpoint.write(greeting);
}

function overStream(endpoint: Attempt['endpoint']): Endpoint {
  if (endpoint instanceof Endpoint) return endpoint;
  throw new NotImplemented('what only a stream can do');
}

/** 0-RTT data that leaves in the middle of the handshake, when this message has come. */
async function writeAfter(endpoint: Attempt['endpoint'], message: number, bytes: Uint8Array): Promise<void> {
  const hasCome = () =>
    endpoint.trace.some(
      (event) => event.what === 'handshake' && event.direction === 'received' && event.raw[0] === message,
    );
  let isWritten = false;
  endpoint.whenever(hasCome, () => {
    if (endpoint.isConnected) throw new ExpectationFailed(`the handshake was over at message ${message}`);
    isWritten = overStream(endpoint).sendNow(bytes);
  });
  await endpoint.until(() => isWritten || endpoint.isConnected);
  if (!isWritten) throw new ExpectationFailed('0-RTT data was not taken in the middle of the handshake');
}

/** Everything comes back with its bits turned round, until the runner ends. */
async function echo(attempt: Attempt): Promise<void> {
  const { endpoint, flags, isResume, isRetry } = attempt;
  for (;;) {
    if (flags['key-update-before-read']) updateKeys(endpoint);
    const bytes = await readBytes(attempt);
    if (flags['use-exporter-between-reads'])
      endpoint.connection.exportKeyingMaterial('EXPERIMENTAL', undefined, 1);
    if (bytes === undefined) return;
    if (flags['expect-reject-early-data'] && isResume && !isRetry && !flags.server)
      throw new ExpectationFailed('data came, expected that 0-RTT data is not taken');
    if (flags['key-update']) updateKeys(endpoint);
    await endpoint.write(bytes.map((byte) => byte ^ 0xff));
  }
}

/** Peeking twice, then reading, gives the same three times. */
async function readBytes({ endpoint, flags }: Attempt): Promise<Uint8Array | undefined> {
  const most = flags['read-size'] ?? 512;
  if (!flags['peek-then-read']) return endpoint.read(most);
  const first = await endpoint.peek(most);
  const again = await endpoint.peek(first?.length ?? most);
  const bytes = await endpoint.read(first?.length ?? most);
  const [one, two, three] = [first, again, bytes].map((each) => each && Buffer.from(each).toString('hex'));
  if (one !== two || two !== three) throw new ExpectationFailed('what was peeked at is not what was read');
  return bytes;
}

function updateKeys(endpoint: Attempt['endpoint']): void {
  const done = endpoint.act((connection) => connection.updateKeys({ requestPeer: false }));
  if (!done) throw new ExpectationFailed('updateKeys was refused');
}

/** Without `-check-close-notify` the runner wants the socket closed and no word said. */
async function shutDown({ endpoint, flags }: Attempt): Promise<void> {
  if (!flags['check-close-notify']) return;
  endpoint.act((connection) => connection.close());
  const end = await endpoint.peerEnd();
  if (end !== 'closeNotify') throw new ExpectationFailed('the peer closed without close_notify');
}

function ascii(characters: string): Uint8Array {
  return Uint8Array.from(characters, (character) => character.charCodeAt(0));
}

/** Around what fits a record, and around what the splitting of CBC records makes of it. */
const recordSizes = [0, 1, 255, 256, 257, 16_383, 16_384, 16_385, 32_767, 32_768, 32_769];
