import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type builtin from 'node:tls';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import tls from '../../src/index.ts';
import { Tracer } from '../../src/trace/print.ts';
import { parityPki } from '../parity/pki.ts';
import { flights, hellos } from './raw.mjs';

/** What passes, as the builtin shows it and as we do: of the same bytes, and of the two ends of one connection. */

const pki = parityPki();
const der = pki.server.cert.split('-----')[2]!.replaceAll('\n', '');
const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const options = { ca: pki.root, enableTrace: true } as const;
/** Of the builtin, by the names that its process gives them. */
let theirs: ReadonlyMap<string, string>;
const ours = new Map<string, string>();

beforeAll(async () => {
  const server = (tls as unknown as typeof builtin).createServer(
    { ...options, ...pki.server, requestCert: true },
    (socket) => {
      socket.on('error', () => {}).end('bye');
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const written: string[] = [];
  const stderr = vi
    .spyOn(process.stderr, 'write')
    .mockImplementation((text) => written.push(String(text)) > 0);
  const { port } = server.address() as AddressInfo;
  const about = JSON.stringify({ ca: pki.root, server: pki.server, client: pki.client, port, der });
  // Native code writes without waiting: a pipe would lose what does not fit.
  const folder = mkdtempSync(join(tmpdir(), 'trace-'));
  const file = join(folder, 'trace.txt');
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('builtin-child.mjs', import.meta.url)), about],
    {
      stdio: ['pipe', 'pipe', openSync(file, 'w')],
    },
  );
  const [theirPort] = (await Promise.race([
    once(child.stdout!, 'data'),
    once(child, 'close').then(() => Promise.reject(new Error(readFileSync(file, 'latin1').slice(-2000)))),
  ])) as [Buffer];
  const asServer = written.splice(0).join('');
  for (const version of versions) {
    const socket = (tls as unknown as typeof builtin).connect({
      ...options,
      ...pki.client,
      port: Number(theirPort),
      host: '127.0.0.1',
      servername: 'localhost',
      minVersion: version,
      maxVersion: version,
    });
    socket.resume();
    await once(socket, 'close');
  }
  const ended = once(child, 'close');
  child.stdin!.end();
  await ended;
  const text = readFileSync(file, 'latin1');
  rmSync(folder, { recursive: true });
  server.close();
  stderr.mockRestore();
  ours.set('client', asServer).set('server', written.join(''));
  theirs = new Map(
    text
      .split(/^=== /m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)] as const),
  );
});

describe('messages as bytes', () => {
  it.each(Object.entries(hellos))('ClientHello with %s', (name, raw) => {
    const text = new Tracer(true).text({ what: 'handshake', direction: 'received', raw });
    expect(text).toBe(contents(theirs.get(`hello: ${name}`)!, 'Received')[0]);
  });

  it.each(Object.entries(flights(Buffer.from(der, 'base64'))))('a flight with %s', (name, messages) => {
    const tracer = new Tracer(false);
    const texts = messages.map((raw) => tracer.text({ what: 'handshake', direction: 'received', raw }));
    expect(texts).toEqual(contents(theirs.get(`flight: ${name}`)!, 'Received'));
  });
});

describe('records', () => {
  const event = { what: 'record', direction: 'sent', recordVersion: 0x0303, isProtected: false } as const;
  const message = { what: 'handshake', direction: 'sent', raw: hellos['no extensions']! } as const;

  it('shows what is sent behind the record that completes it', () => {
    const tracer = new Tracer(false);
    expect(tracer.text(message)).toBe('');
    const bytes = message.raw.length;
    const record = { ...event, contentType: 22, wireBytes: 25 };
    expect(tracer.text({ ...record, contentBytes: 20 })).not.toContain('ClientHello');
    expect(tracer.text({ ...record, contentBytes: bytes - 20 })).toContain('ClientHello, Length=');
  });

  it('never fails because of what a peer has sent', () => {
    const tracer = new Tracer(true);
    for (const type of Array.from({ length: 256 }, (_, index) => index))
      for (const length of [0, 1, 3, 9, 40]) {
        const raw = Buffer.concat([Buffer.of(type, 0, 0, length), Buffer.alloc(length, 0xff)]);
        expect(tracer.text({ what: 'handshake', direction: 'received', raw })).toContain(`Length=${length}`);
      }
  });

  it('calls what it does not know by its number', () => {
    const alert = { what: 'alert', direction: 'received', level: 3, description: '', code: 250 } as const;
    expect(new Tracer(true).text(alert)).toBe('    Level=unknown(3), description=unknown(250)\n\n');
    const header = new Tracer(true).text({ ...event, contentType: 99, wireBytes: 6, contentBytes: 1 });
    expect(header).toContain('Content Type = UNKNOWN (99)');
  });

  it('says nothing of keys', () => {
    expect(new Tracer(true).text({ what: 'keys', direction: 'read', epoch: 'application' })).toBe('');
  });
});

describe('two ends of a connection', () => {
  it('shows as sent what a client of the builtin shows as received, and the other way about', () => {
    const there = versions.map((version) => theirs.get(`client: ${version}`)!).join('');
    const here = ours.get('client')!;
    expect(contents(here, 'Sent')).toEqual(contents(there, 'Received'));
    expect(contents(here, 'Received')).toEqual(contents(there, 'Sent'));
  });

  it('shows as received what a server of the builtin shows as sent, and the other way about', () => {
    const [there, here] = [theirs.get('server')!, ours.get('server')!];
    expect(contents(here, 'Sent')).toEqual(contents(there, 'Received'));
    expect(contents(here, 'Received')).toEqual(contents(there, 'Sent'));
  });

  it('shows the headers of records, as the builtin does', () => {
    const there = theirs.get('server')!;
    const here = ours.get('server')!;
    expect(headers(here, 'Received')).toEqual(headers(there, 'Sent'));
    expect(headers(there, 'Received')).toEqual(headers(here, 'Sent'));
  });
});

/** Headers of records, but for those of alerts: the builtin shows a close_notify that it does not send any more. */
function headers(trace: string, direction: 'Sent' | 'Received'): string[] {
  const found =
    trace.match(new RegExp(`^${direction} (?:TLS )?Record\\n(?:(?:Header:| {2}\\S).*\\n)+`, 'gm')) ?? [];
  return found
    .filter((header) => !header.includes('Alert (21)'))
    .map((header) => header.slice(direction.length));
}

/**
 * What records of a direction hold, one text each: without what the builtin prints of certificates beside their PEM, and without
 * close_notify and ChangeCipherSpec, of which OpenSSL 3.0 shows only what it sends.
 */
function contents(trace: string, direction: 'Sent' | 'Received'): string[] {
  return trace
    .split(/^(?=(?:Sent|Received) (?:TLS )?Record\n)/m)
    .filter((part) => part.startsWith(direction))
    .flatMap((part) =>
      part.replace(/^(?:Sent|Received) .*\nHeader:\n(?: {2}\S.*\n)*/, '').split(/(?<=\n\n)(?= {4}\S)/),
    )
    .map((text) => text.replace(/(?<=^-+details-+\n)[\s\S]*?(?=^-+BEGIN)/gm, ''))
    .filter((text) => text !== '' && !/change_cipher_spec|close notify/.test(text));
}
