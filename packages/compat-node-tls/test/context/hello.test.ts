import { Duplex } from 'node:stream';
import builtin, { type ConnectionOptions } from 'node:tls';
import { describe, expect, it } from 'vitest';
import ours from '../../src/index.ts';
import { implemented, suiteById } from '../../src/openssl/suites.ts';

/**
 * What clients of both offer for the same options: versions, suites, groups, key shares, signature schemes. Of ours what this
 * stack does not have is missing, and nothing else.
 */
const table: Record<string, readonly ConnectionOptions[]> = {
  versions: [
    {},
    { minVersion: 'TLSv1' },
    { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
    { minVersion: 'TLSv1.3' },
    { maxVersion: 'TLSv1.2' },
    { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
    { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' },
    { secureProtocol: 'TLSv1_2_method' },
    { secureProtocol: 'TLS_method' },
    { secureProtocol: 'TLSv1_method', ciphers: 'ALL@SECLEVEL=0' },
    { secureOptions: 0x2000_0000 },
    { secureOptions: 0x0800_0000 },
    { secureOptions: 0x0800_0000 | 0x2000_0000 },
  ],
  ciphers: [
    { ciphers: 'ALL' },
    { ciphers: 'HIGH:!aNULL:!eNULL' },
    { ciphers: 'ECDHE+AESGCM' },
    { ciphers: 'TLS_AES_128_GCM_SHA256' },
    { ciphers: 'TLS_CHACHA20_POLY1305_SHA256:ECDHE-RSA-AES128-GCM-SHA256' },
    { ciphers: 'AES128-SHA:AES256-SHA', maxVersion: 'TLSv1.2' },
    { ciphers: 'TLS_AES_128_GCM_SHA256', maxVersion: 'TLSv1.2' },
    { ciphers: 'ALL:@SECLEVEL=0' },
    { ciphers: 'ALL:@SECLEVEL=3' },
    { ciphers: 'DEFAULT:+SHA1:@STRENGTH' },
  ],
  groups: [
    { ecdhCurve: 'P-256' },
    { ecdhCurve: 'P-384:X25519' },
    { ecdhCurve: 'X448:P-521:P-256' },
    { ecdhCurve: 'auto', ciphers: 'DEFAULT@SECLEVEL=3' },
    { ecdhCurve: 'P-256', maxVersion: 'TLSv1.2' },
    { ciphers: 'AES128-SHA', maxVersion: 'TLSv1.2' },
    { ecdhCurve: 'secp256k1', maxVersion: 'TLSv1.2' },
  ],
  'signature schemes': [
    { sigalgs: 'RSA-PSS+SHA256:ECDSA+SHA256' },
    { sigalgs: 'ed25519' },
    { sigalgs: 'RSA+SHA1:RSA+SHA256', maxVersion: 'TLSv1.2' },
    { sigalgs: 'ECDSA+SHA256', maxVersion: 'TLSv1.2' },
    { sigalgs: 'RSA+SHA256', ciphers: 'DEFAULT@SECLEVEL=0' },
    { ciphers: 'DEFAULT@SECLEVEL=2' },
  ],
};

describe.each(Object.entries(table))('the hello of a client: %s', (_, rows) => {
  it.each(rows)('%j', async (options) => {
    const expected = await firstFlight(builtin, options);
    const seen = await firstFlight(ours as unknown as typeof builtin, options);
    if ('error' in expected || 'error' in seen) expect(seen).toEqual(expected);
    else expect(seen).toEqual(withoutUnknown(expected, seen));
  });
});

interface Hello {
  readonly suites: readonly number[];
  readonly groups: readonly number[];
  readonly schemes: readonly number[];
  readonly versions: readonly number[];
  readonly shares: readonly number[];
}

/** Without suites that this stack lacks, such as those with ARIA. It names groups also where no suite asks for one, which OpenSSL does not. */
function withoutUnknown(hello: Hello, ours: Hello): Hello {
  const suites = implemented(hello.suites.flatMap((id) => suiteById(id)?.name ?? []));
  return { ...hello, suites, groups: hello.groups.length === 0 ? ours.groups : hello.groups };
}

const renegotiationScsv = 0x00ff;

function firstFlight(tls: typeof builtin, options: ConnectionOptions): Promise<Hello | { error: unknown }> {
  return new Promise((resolve) => {
    let written = Buffer.alloc(0);
    const carrier = new Duplex({
      read() {},
      write(chunk, _encoding, done) {
        written = Buffer.concat([written, chunk]);
        done();
        if (written.length < 5 || written[0] !== 22 || written.length < 5 + written.readUInt16BE(3)) return;
        resolve(helloOf(written.subarray(5, 5 + written.readUInt16BE(3))));
        setImmediate(() => socket.destroy());
      },
    });
    const secureContext = tls.createSecureContext({ ca: [], ...options });
    const socket = tls.connect({ socket: carrier, servername: 'a.test', secureContext });
    socket.on('error', (error: Error & { code?: string }) => resolve({ error: error.code }));
  });
}

function helloOf(message: Buffer): Hello {
  let at = 4 + 2 + 32;
  at += 1 + message[at]!;
  const suites = message.subarray(at + 2, at + 2 + message.readUInt16BE(at));
  at += 2 + suites.length;
  at += 1 + message[at]!;
  const extensions = new Map<number, Buffer>();
  const end = at + 2 + message.readUInt16BE(at);
  for (at += 2; at < end; at += 4 + message.readUInt16BE(at + 2))
    extensions.set(message.readUInt16BE(at), message.subarray(at + 4, at + 4 + message.readUInt16BE(at + 2)));
  const list = (type: number, from: number): number[] => numbers(extensions.get(type)?.subarray(from));
  const shares: number[] = [];
  const body = extensions.get(51) ?? Buffer.alloc(0);
  for (let i = 2; i < body.length; i += 4 + body.readUInt16BE(i + 2)) shares.push(body.readUInt16BE(i));
  // The signal of RFC 5746 stands in the list with some, in an extension with others.
  const ids = numbers(suites).filter((id) => id !== renegotiationScsv);
  return { suites: ids, groups: list(10, 2), schemes: list(13, 2), versions: list(43, 1), shares };
}

function numbers(bytes: Buffer = Buffer.alloc(0)): number[] {
  return Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16BE(i * 2));
}
