import { expect } from 'vitest';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import { extension, type RawExtension } from '../../src/extensions/definition.ts';
import { maxFragmentLengthExtension } from '../../src/extensions/max-fragment-length.ts';
import { recordSizeLimitExtension } from '../../src/extensions/record-size-limit.ts';
import type { ClientOptions, ServerOptions } from '../../src/index.ts';
import { contentTypes as type } from '../../src/registry/content-types.ts';
import { plainRecord, type Peer } from '../harness/peer.ts';
import { helloWith, scriptedClient12, type ScriptedClient12 } from '../harness/scripted-client12.ts';
import { scriptedServer12, type ScriptedServer12 } from '../harness/scripted-server12.ts';
import { bytes, clause, type Victim } from './clause.ts';

/** Limits on the size of records, in TLS 1.2. */

/** A server whose client asks for these limits; its first flight is there. */
function server(asked: readonly RawExtension[], options: Partial<ServerOptions> = {}): ScriptedClient12 {
  return scriptedClient12({ alpnProtocols: [], ...options }).clientHello((hello) =>
    asked.reduce(helloWith, hello),
  );
}

/** A client whose server answers with these limits. */
function client(answered: readonly RawExtension[], options: Partial<ClientOptions> = {}): ScriptedServer12 {
  return scriptedServer12({ maxFragmentLength: 512, ...options }).serverHello((hello) => ({
    ...hello,
    extensions: ExtensionBlock.of('SH12', [...hello.extensions.entries, ...answered]),
  }));
}

const fragment = (code: number) => extension('CH', maxFragmentLengthExtension, code);
const limit = (bytes: number) => extension('CH', recordSizeLimitExtension, bytes);

/** 512 bytes are agreed on, and the hellos are all that was said. */
const agreed = (victim: Victim): Peer =>
  victim === 'client' ? client([fragment(1)]) : server([fragment(1)]);

/** The same, connected. */
const finished = (victim: Victim): Peer =>
  victim === 'client'
    ? completed(client([fragment(1)]))
    : server([fragment(1)])
        .clientKeyExchange()
        .newKeys()
        .finished();

function completed(peer: ScriptedServer12): Peer {
  return peer.certificate().serverKeyExchange().serverHelloDone().newKeys().finished();
}

clause(
  'RFC 6066 §4: a length of TLS 1.2 that does not exist',
  ...[0, 5, 255].map((code) => () => server([fragment(code)])),
);

clause(
  'RFC 6066 §4: another length of TLS 1.2 than we asked for',
  ...[0, 2, 5].map((code) => () => client([fragment(code)])),
);

clause('RFC 6066 §4: a length of TLS 1.2 without being asked', () =>
  scriptedServer12().serverHello((hello) => ({
    ...hello,
    extensions: ExtensionBlock.of('SH12', [...hello.extensions.entries, fragment(1)]),
  })),
);

clause('RFC 6066 §4: a length of TLS 1.2', (victim) => {
  const peer = finished(victim).data(new Uint8Array(512));
  expect(peer.victim.facts.maxFragmentLength).toBe(512);
  // The server's Certificate does not fit into one record; a client has agreed to nothing before its second flight.
  const flight = peer.received.filter((_, i) => victim === 'server' || i > 0);
  expect(Math.max(...flight.map(({ content }) => content.length))).toBeLessThanOrEqual(512);
  return filled(peer, 512);
});

clause('RFC 6066 §4: a record of TLS 1.2 above the length, without protection', (victim) =>
  agreed(victim).write(plainRecord(type.handshake, new Uint8Array(513)).subarray(0, 5)),
);

clause('RFC 6066 §4: content of TLS 1.2 above the length', (victim) =>
  finished(victim).data(new Uint8Array(513)),
);

clause('RFC 6066 §4: a protected record of TLS 1.2 far above the length', (victim) =>
  finished(victim).write(plainRecord(type.application_data, new Uint8Array(833)).subarray(0, 5)),
);

clause('RFC 8449 §4: a limit of TLS 1.2 below 64', (victim) =>
  victim === 'client' ? client([limit(63)], { recordSizeLimit: 100 }) : server([limit(63)]),
);

clause('RFC 8449 §4: a limit of TLS 1.2', (victim) => {
  const peer =
    victim === 'client'
      ? completed(client([limit(64)], { recordSizeLimit: 100 }))
      : server([limit(64)], { recordSizeLimit: 100 })
          .clientKeyExchange()
          .newKeys()
          .finished();
  expect(peer.victim.facts.peerRecordSizeLimit).toBe(64);
  return filled(peer.data(new Uint8Array(100)), 64);
});

clause('RFC 8449 §4: a record of TLS 1.2 above our limit', (victim) => {
  const peer =
    victim === 'client'
      ? completed(client([limit(64)], { recordSizeLimit: 100 }))
      : server([limit(64)], { recordSizeLimit: 100 })
          .clientKeyExchange()
          .newKeys()
          .finished();
  return peer.data(new Uint8Array(101));
});

clause('RFC 8449 §5: both limits in the answer of TLS 1.2', () =>
  client([limit(64), fragment(1)], { recordSizeLimit: 100 }),
);

clause('RFC 8449 §5: both limits in a hello of TLS 1.2', () => {
  const peer = server([limit(64), fragment(9)])
    .clientKeyExchange()
    .newKeys()
    .finished();
  expect(peer.victim.facts).not.toHaveProperty('maxFragmentLength');
  return filled(peer.data(bytes(1)), 64);
});

/** The victim's data fills records of this size. */
function filled(peer: Peer, length: number): Peer {
  const before = peer.received.length;
  peer.victim.send(new Uint8Array(2 * length + 1));
  const sizes = peer
    .drain()
    .received.slice(before)
    .map(({ content }) => content.length);
  expect(sizes).toEqual([length, length, 1]);
  return peer;
}
