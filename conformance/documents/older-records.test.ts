import { type OpenedRecord, openRecords, type Passage, printTranscript } from '@sealwire/testkit';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { connect, type ConnectionOptions, createSecureContext, createServer, type TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { nobleProvider, nodeProvider } from '../properties/scenarios.ts';

/**
 * What OpenSSL seals before TLS 1.3 opens with the lines of its key log: every kind of cipher, in every version that has
 * it, with pre-shared keys, so that nobody needs a certificate.
 */
const noEncryptThenMac = 1 << 19;
const kinds: readonly [cipher: string, ...versions: ('TLSv1' | 'TLSv1.1' | 'TLSv1.2')[]][] = [
  ['PSK-AES128-GCM-SHA256', 'TLSv1.2'],
  ['PSK-AES256-GCM-SHA384', 'TLSv1.2'],
  ['PSK-CHACHA20-POLY1305', 'TLSv1.2'],
  ['PSK-AES128-CCM', 'TLSv1.2'],
  ['PSK-AES256-CCM8', 'TLSv1.2'],
  ['DHE-PSK-AES128-CCM8', 'TLSv1.2'],
  ['PSK-AES128-CBC-SHA', 'TLSv1', 'TLSv1.1', 'TLSv1.2'],
  ['ECDHE-PSK-AES128-CBC-SHA256', 'TLSv1', 'TLSv1.2'],
  ['PSK-AES256-CBC-SHA384', 'TLSv1.1', 'TLSv1.2'],
  ['PSK-3DES-EDE-CBC-SHA', 'TLSv1', 'TLSv1.2'],
  ['PSK-NULL-SHA', 'TLSv1', 'TLSv1.2'],
  ['PSK-NULL-SHA384', 'TLSv1.2'],
];

const isBuilt = (cipher: string): boolean => {
  try {
    return createSecureContext({ ciphers: `${cipher}:@SECLEVEL=0`, maxVersion: 'TLSv1.2' }) !== undefined;
  } catch {
    return false;
  }
};
const lacking = kinds.filter(([cipher]) => !isBuilt(cipher)).map(([cipher]) => cipher);
if (lacking.length > 0) {
  console.log(`left out: OpenSSL of Node ${process.version} does not have ${lacking.join(', ')}`);
}

const cases = kinds
  .filter(([cipher]) => isBuilt(cipher))
  .flatMap(([cipher, ...versions]) =>
    versions.flatMap((version) =>
      (cipher.includes('CBC') ? ['encrypt-then-MAC', 'MAC-then-encrypt'] : ['']).map(
        (order) => [version, cipher, order] as const,
      ),
    ),
  );

describe.each(cases)('%s %s %s', (version, cipher, order) => {
  it('opens, and shows what was said', async () => {
    const secureOptions = order === 'MAC-then-encrypt' ? noEncryptThenMac : 0;
    const passage = await conversation({ minVersion: version, maxVersion: version, secureOptions }, cipher);
    for (const provider of [nodeProvider, nobleProvider]) {
      const records = openRecords(passage, provider);
      expect(records.filter(({ content }) => content === undefined)).toEqual([]);
      expect(dataOf(records, 'client')).toBe('question');
      expect(dataOf(records, 'server')).toBe('answer');
      expect(finishedOf(records)).toEqual(['client negotiated', 'server negotiated']);
      expect(printTranscript(records)).toContain('finished, 16 bytes');
    }
  });
});

it('goes on with the keys of a renegotiation', async () => {
  const options = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
  const passage = await conversation(options, 'PSK-AES128-CBC-SHA', { isRenegotiated: true });
  const records = openRecords(passage, nodeProvider);
  expect(records.filter(({ content }) => content === undefined)).toEqual([]);
  expect(finishedOf(records)).toEqual([
    'client negotiated',
    'server negotiated',
    'client renegotiated',
    'server renegotiated',
  ]);
  expect(dataOf(records, 'server')).toBe('answer');
});

it('leaves closed what a key log of another connection does not open', async () => {
  const options = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
  const passage = await conversation(options, 'PSK-AES128-GCM-SHA256');
  const [line = ''] = passage.keyLog;
  const flipped = line.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  for (const keyLog of [[], [flipped]]) {
    const closed = openRecords({ ...passage, keyLog }, nodeProvider).filter(
      ({ content }) => content === undefined,
    );
    expect(closed.length).toBeGreaterThan(3);
    expect(closed.every(({ isProtected, epoch }) => isProtected && epoch === undefined)).toBe(true);
  }
});

/** A question and an answer between two ends of node:tls, without sockets. */
async function conversation(
  options: ConnectionOptions,
  cipher: string,
  { isRenegotiated = false } = {},
): Promise<Passage> {
  const wire: { from: 'client' | 'server'; bytes: Uint8Array; atMs: number }[] = [];
  const [clientEnd, serverEnd] = wires((from, bytes) => wire.push({ from, bytes, atMs: 0 }));
  const shared = { ...options, ciphers: `${cipher}:@SECLEVEL=0` };
  const server = createServer({ ...shared, dhparam: 'auto', pskCallback: () => key });
  const accepted = once(server, 'secureConnection');
  server.emit('connection', serverEnd);
  const client = connect({
    ...shared,
    socket: clientEnd,
    pskCallback: () => ({ psk: key, identity: 'me' }),
    checkServerIdentity: () => undefined,
  });
  const keyLog: string[] = [];
  client.on('keylog', (line: Buffer) => keyLog.push(line.toString('latin1').trim()));
  await once(client, 'secureConnect');
  const [peer] = (await accepted) as [TLSSocket];
  const asked = once(peer, 'data');
  if (isRenegotiated) {
    await new Promise<void>((resolve, reject) => {
      client.renegotiate({}, (error) => (error === null ? resolve() : reject(error)));
    });
  }
  client.write('question');
  await asked;
  peer.end('answer');
  client.resume();
  await once(client, 'end');
  client.destroy();
  return { wire, keyLog };
}

/** Two streams, each of which reads what the other was written. */
function wires(tap: (from: 'client' | 'server', bytes: Uint8Array) => void): readonly [Duplex, Duplex] {
  const end = (from: 'client' | 'server', other: () => Duplex) =>
    new Duplex({
      read() {},
      write(bytes: Buffer, _encoding, done) {
        tap(from, Uint8Array.from(bytes));
        other().push(bytes);
        done();
      },
      final(done) {
        other().push(null);
        done();
      },
    });
  const client: Duplex = end('client', () => server);
  const server: Duplex = end('server', () => client);
  return [client, server];
}

function dataOf(records: readonly OpenedRecord[], side: string): string {
  const pieces = records.filter(({ from, type }) => from === side && type === 23);
  return Buffer.concat(pieces.map(({ content }) => content!)).toString();
}

function finishedOf(records: readonly OpenedRecord[]): string[] {
  return records.flatMap(({ from, epoch, messages }) =>
    messages.filter(([type]) => type === 20).map(() => `${from} ${epoch}`),
  );
}

const key = Buffer.alloc(16, 7);
