import { ApiMisuseError, type Facts, type Output } from '@sealwire/core';
import {
  capture,
  pair,
  passageOf,
  passageOfHistory,
  recordClient,
  recordServer,
  type Side,
} from '@sealwire/testkit';
import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sampled, seed } from '../properties/profile.ts';
import {
  clientOptionsOf,
  type Scenario,
  scenarios,
  serverOptionsOf,
  speakEarly,
} from '../properties/scenarios.ts';

const isInstalled = canRun('tshark');
if (!isInstalled) console.log('skipped: tshark is not installed, so nobody else reads the captures');

const folder = mkdtempSync(join(tmpdir(), 'sealwire-capture-'));
afterAll(() => rmSync(folder, { recursive: true }));

// tshark 4.0 takes every Finished of the client for that of the handshake and begins its sequence numbers anew, so that
// it loses what follows one after the handshake; `openRecords` opens the same records.
// And the staple of our scenarios is no OCSPResponse, behind which it reads no more of a record in TLS 1.2.
const unreadable = [
  'truncated',
  'client authentication after the handshake',
  'TLS 1.2, OCSP and SCT stapling',
];
const readable = scenarios.filter(({ name }) => !unreadable.includes(name));
const subjects = sampled(readable, 9);
console.log(
  `captures: ${subjects.length} of ${readable.length} scenarios, seed ${seed}; SEALWIRE_PROFILE=full: all`,
);

describe.skipIf(!isInstalled)('tshark', () => {
  it.each(subjects)('reads and decrypts: $name', (scenario) => {
    const tapped = { isTapped: true };
    const client = recordClient(clientOptionsOf(scenario, tapped));
    const ours = recordServer(serverOptionsOf(scenario, tapped));
    const ends = { client: client.connection, server: ours.connection };
    const onOutput = (side: Side, output: Output) => speakEarly(scenario, ends[side], output);
    const result = pair(ends.client, ends.server, { onOutput }).run(scenario.script);
    const messages = messagesOf(result.client.facts, scenario);
    for (const passage of [passageOf(result), passageOfHistory(ours.history())]) {
      const file = join(folder, `${scenario.name.replaceAll(/\W+/g, '-')}.pcapng`);
      writeFileSync(file, capture(passage, { server }));
      const text = tshark(file);
      for (const message of messages) expect(text).toContain(`Handshake Protocol: ${message}`);
      expect(text).toContain('Close Notify');
      expect(
        text
          .split('\n')
          .filter((line) =>
            /\[Malformed Packet: (TLS|TCP|IP)|Bad checksum|\[incorrect|TCP Previous segment not captured|Retransmission/i.test(
              line,
            ),
          ),
      ).toEqual([]);
      // Each byte of data was deciphered: what the dissector calls application data has as many bytes as we sent.
      const sent = result.client.data.length + result.server.data.length;
      // Refused 0-RTT data is in the capture as well, for whoever has its key; the server that refuses has not.
      const { earlyData } = scenario;
      const refused = earlyData?.isTaken === false ? earlyData.bytes.length : 0;
      expect([sent, sent + refused]).toContain(decryptedBytes(file));
    }
  });

  it('shows that there are no secrets where none were given', () => {
    const [scenario] = scenarios;
    const client = recordClient(clientOptionsOf(scenario!));
    const result = pair(client.connection, recordServer(serverOptionsOf(scenario!)).connection).run(
      scenario!.script,
    );
    const file = join(folder, 'without.pcapng');
    writeFileSync(file, capture(passageOf(result), { server }));
    expect(tshark(file)).not.toContain('Encrypted Extensions');
  });
});

describe('capture', () => {
  it('has blocks of the length that they say, before and after', () => {
    const bytes = Buffer.from(
      capture({
        wire: [{ from: 'client', bytes: new Uint8Array(3_001), atMs: 1_700_000_000_123 }],
        keyLog: ['A 00 11'],
      }),
    );
    const types: number[] = [];
    for (let at = 0; at < bytes.length; ) {
      const length = bytes.readUInt32LE(at + 4);
      types.push(bytes.readUInt32LE(at));
      expect(bytes.readUInt32LE(at + length - 4)).toBe(length);
      expect(length % 4).toBe(0);
      at += length;
    }
    expect(types).toEqual([0x0a0d_0d0a, 1, 10, ...Array(9).fill(6)]);
  });

  it('refuses what is no key log, no address and no port', () => {
    const wire = [] as const;
    expect(() => capture({ wire, keyLog: ['secret'] })).toThrow(ApiMisuseError);
    expect(() => capture({ wire, keyLog: [] }, { client: { address: '::1', port: 1 } })).toThrow(
      ApiMisuseError,
    );
    expect(() => capture({ wire, keyLog: [] }, { client: { address: '10.0.0.1', port: 0 } })).toThrow(
      ApiMisuseError,
    );
  });
});

/** Some that the dissector must find, by its own names for them. */
function messagesOf({ version = 0, peerSignatureScheme, resumed }: Facts, scenario: Scenario): string[] {
  const always = ['Client Hello', 'Server Hello', 'Finished'];
  if (version === 0x0304) {
    return [
      ...always,
      'Encrypted Extensions',
      ...(peerSignatureScheme === undefined ? [] : ['Certificate Verify']),
    ];
  }
  if (resumed === true) return always;
  const proves = scenario.clientHasCertificate === true ? ['Certificate Verify'] : [];
  return [...always, 'Server Hello Done', 'Client Key Exchange', ...proves];
}

function tshark(file: string): string {
  return execFileSync('tshark', ['-r', file, '-O', 'tls,tcp,ip', ...checksums], options);
}

/** What tshark deciphered, in bytes. */
function decryptedBytes(file: string): number {
  const text = execFileSync('tshark', ['-r', file, '-q', '-z', 'follow,tls,raw,0', ...checksums], options);
  return [...text.matchAll(/^\t?([0-9a-f]+)$/gm)].reduce((sum, [, hex]) => sum + hex!.length / 2, 0);
}

function canRun(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A port without a protocol on top, so that nobody takes our data for HTTP. */
const server = { address: '198.51.100.1', port: 4_433 };
const checksums = [
  '-d',
  'tcp.port==4433,tls',
  '-o',
  'tcp.check_checksum:TRUE',
  '-o',
  'ip.check_checksum:TRUE',
];
const options: ExecFileSyncOptionsWithStringEncoding = {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
  maxBuffer: 1e8,
};
