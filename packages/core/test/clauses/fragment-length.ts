import { expect } from 'vitest';
import { extension } from '../../src/extensions/definition.ts';
import { maxFragmentLengthExtension } from '../../src/extensions/max-fragment-length.ts';
import { recordSizeLimitExtension } from '../../src/extensions/record-size-limit.ts';
import type { ClientOptions, ServerOptions } from '../../src/index.ts';
import { contentTypes as type } from '../../src/registry/content-types.ts';
import { withExtension, withoutExtension, type Peer } from '../harness/peer.ts';
import { scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer } from '../harness/scripted-server.ts';
import { bytes, clause, type Victim } from './clause.ts';

const lengths = [512, 1_024, 2_048, 4_096];

clause('RFC 6066 §4: a length that does not exist', ...[0, 5, 255].map((code) => () => asking(code)));
clause(
  'RFC 6066 §4: each length that exists',
  ...lengths.map((length, i) => () => {
    const client = asking(i + 1).finished();
    expect(client.victim.facts.maxFragmentLength).toBe(length);
    return cut(client, length);
  }),
);
clause('RFC 6066 §4: a length that we do not take part in', () => {
  const client = asking(7, { acceptMaxFragmentLength: false }).finished();
  expect(client.victim.facts.maxFragmentLength).toBeUndefined();
  return cut(client, 16_384);
});
clause(
  'RFC 6066 §4: another length than we asked for',
  () => answering(1),
  () => answering(3),
  () => answering(0),
);
clause('RFC 6066 §4: the length that we asked for', () => cut(finished(answering(2)), 1_024));
clause('RFC 6066 §4: no answer to our wish', () => {
  const server = scriptedServer({ maxFragmentLength: 1_024 }).before('end');
  return cut(server.data(new Uint8Array(16_384)), 16_384);
});
clause('RFC 6066 §4: a length without being asked', () => answering(2, {}));
clause(
  'RFC 6066 §4: a record above the length',
  (victim) => limited(victim).data(new Uint8Array(1_025)),
  (victim) => limited(victim).record(type.application_data, bytes(1), 1_024),
);
clause('RFC 6066 §4: a record of the length', (victim) =>
  limited(victim).data(new Uint8Array(1_024)).record(type.application_data, bytes(1), 1_023),
);

clause('RFC 8449 §5: both limits in the answer', () =>
  scriptedServer({ maxFragmentLength: 1_024, recordSizeLimit: 2_000 })
    .before('encryptedExtensions')
    .encryptedExtensions((message) => withExtension(message, extension('EE', maxFragmentLengthExtension, 2))),
);
clause('RFC 8449 §5: an illegal max_fragment_length beside record_size_limit', () => {
  const client = scriptedClient()
    .clientHello((hello) => withExtension(hello, extension('CH', maxFragmentLengthExtension, 9)))
    .finished();
  return cut(client, 16_384);
});

/** A ClientHello that asks for a length, and for no record_size_limit. */
function asking(code: number, options: Partial<ServerOptions> = {}) {
  return scriptedClient(options).clientHello((hello) =>
    withExtension(
      withoutExtension(hello, recordSizeLimitExtension.type),
      extension('CH', maxFragmentLengthExtension, code),
    ),
  );
}

/** EncryptedExtensions that answer with a length. */
function answering(code: number, options: Partial<ClientOptions> = { maxFragmentLength: 1_024 }) {
  return scriptedServer(options)
    .before('encryptedExtensions')
    .encryptedExtensions((message) =>
      withExtension(message, extension('EE', maxFragmentLengthExtension, code)),
    );
}

function finished(server: ReturnType<typeof answering>): Peer {
  return server.certificate().certificateVerify().finished();
}

function limited(victim: Victim): Peer {
  return victim === 'client' ? finished(answering(2)) : asking(2).finished();
}

/** Every protected record from EncryptedExtensions on holds at most `length` bytes, and data fills them. */
function cut(peer: Peer, length: number): Peer {
  peer.victim.send(new Uint8Array(2 * length + 1));
  const sizes = peer
    .drain()
    .received.filter(({ wasProtected }) => wasProtected)
    .map(({ content }) => content.length);
  expect(Math.max(...sizes)).toBe(length);
  expect(sizes.slice(-3)).toEqual([length, length, 1]);
  return peer;
}
