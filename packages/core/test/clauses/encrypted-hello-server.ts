import { expect } from 'vitest';
import { outerExtension } from '../../src/ech/hello-extension.ts';
import { backendEch, serverEch, type ServerEchOptions } from '../../src/ech/server.ts';
import { extension, type RawExtension } from '../../src/extensions/definition.ts';
import { serverNameExtension } from '../../src/extensions/server-name.ts';
import { supportedVersionsExtension } from '../../src/extensions/supported-versions.ts';
import type { ServerOptions } from '../../src/index.ts';
import { extensionTypes as ext } from '../../src/registry/extension-types.ts';
import { hpkeAeads } from '../../src/registry/hpke-aeads.ts';
import { hpkeKdfs } from '../../src/registry/hpke-kdfs.ts';
import { namedGroups } from '../../src/registry/groups.ts';
import { protocolVersions } from '../../src/registry/versions.ts';
import { concat } from '../../src/wire/bytes.ts';
import { echKey, EncryptedHellos, innerEntry, type EchChanges } from '../harness/encrypted-hello.ts';
import { testProvider as provider } from '../harness/node-provider.ts';
import { withExtension, withExtensions } from '../harness/peer.ts';
import { scriptedClient, type ScriptedClient } from '../harness/scripted-client.ts';
import { bytes, clause } from './clause.ts';

const { encrypted_client_hello: echType, ech_outer_extensions: referenceType } = ext;

/** A client before a server that can open what it sends. */
const client = (options: Partial<ServerEchOptions> = {}, others: Partial<ServerOptions> = {}) =>
  scriptedClient({ acceptEch: serverEch({ provider, keys: [echKey], ...options }), ...others });

const hello = (changes: EchChanges, options: Partial<ServerEchOptions> = {}) =>
  client(options).wrappedHello(new EncryptedHellos().wrap(changes));

/** Whether the server took the inner hello, after a whole handshake with it. */
function taken(peer: ScriptedClient, isRetried = false): ScriptedClient {
  peer.finished();
  expect(peer.victim.facts).toMatchObject({
    handshakes: 1,
    encryptedClientHello: 'accepted',
    serverName: 'sealwire.test',
    helloRetried: isRetried,
  });
  return peer;
}

// ------------------------------------------------------------------------------------- §5 extension

const malformed = (...data: number[]) =>
  hello({ extension: () => ({ type: echType, data: bytes(...data) }) });

clause(
  'RFC 9849 §5: an extension that does not decode',
  () => malformed(),
  () => malformed(0),
  // No payload, an empty one, and a byte too many.
  () => malformed(0, 0, 1, 0, 1, 5, 0, 0),
  () => malformed(0, 0, 1, 0, 1, 5, 0, 0, 0, 0),
  () => malformed(0, 0, 1, 0, 1, 5, 0, 0, 0, 1, 0, 0),
  () => malformed(1, 0),
);
clause(
  'RFC 9849 §5: ech_outer_extensions in a ClientHello',
  () => scriptedClient().clientHello((message) => withExtension(message, reference(ext.key_share))),
  () => hello({ outer: (outer) => withExtension(outer, reference(ext.key_share)) }),
);

// ------------------------------------------------------------------------------- §5.1 what is inside

function reference(...types: readonly number[]): RawExtension {
  return {
    type: referenceType,
    data: bytes(2 * types.length, ...types.flatMap((type) => [type >>> 8, type & 0xff])),
  };
}

/** The inner extensions without those of `types`, and in place of the first of them the references. */
const referring =
  (types: readonly number[], references: readonly number[] = types): NonNullable<EchChanges['packed']> =>
  (entries) => {
    const at = entries.findIndex(({ type }) => types.includes(type));
    const rest = entries.filter(({ type }) => !types.includes(type));
    return [...rest.slice(0, at), reference(...references), ...rest.slice(at)];
  };

const replaced = (entry: RawExtension) => (entries: readonly RawExtension[]) =>
  entries.map((each) => (each.type === entry.type ? entry : each));

clause(
  'RFC 9849 §5.1: padding that is not zero',
  () => hello({ encoded: (encoded) => concat([encoded, bytes(0, 0, 1)]) }),
  () => hello({ encoded: (encoded) => concat([encoded, bytes(1)]) }),
);
clause('RFC 9849 §5.1: a reference to an extension that is not there', () =>
  hello({ packed: referring([ext.key_share], [ext.key_share, ext.cookie]) }),
);
clause('RFC 9849 §5.1: a reference that stands twice', () =>
  hello({ packed: referring([ext.key_share], [ext.key_share, ext.key_share]) }),
);
clause('RFC 9849 §5.1: a reference to encrypted_client_hello', () =>
  hello({ packed: referring([ext.key_share], [ext.key_share, echType]) }),
);
clause('RFC 9849 §5.1: references in another order', () =>
  hello({
    packed: referring(
      [ext.supported_groups, ext.signature_algorithms],
      [ext.signature_algorithms, ext.supported_groups],
    ),
  }),
);
clause(
  'RFC 9849 §5.1: references with others in between, and padding',
  () =>
    taken(
      hello({
        inner: (entries) => [
          ...entries.filter(({ type }) => !spread.includes(type)),
          ...entries.filter(({ type }) => spread.includes(type)),
        ],
        packed: referring(spread),
        encoded: (encoded) => concat([encoded, new Uint8Array(1_000)]),
      }),
    ),
  () => taken(hello({ packed: referring([ext.key_share]) })),
);
const spread: readonly number[] = [ext.supported_versions, ext.signature_algorithms, ext.key_share];

clause('RFC 9849 §5.1: a session id inside', () => hello({ sessionId: bytes(1) }));
clause(
  'RFC 9849 §5.1: an inner hello that does not decode',
  () => hello({ encoded: (encoded) => encoded.subarray(0, 40) }),
  () => hello({ encoded: () => bytes(0) }),
  () => hello({ packed: (entries) => [...entries, { type: referenceType, data: bytes(0) }] }),
  () => hello({ packed: (entries) => [...entries, { type: referenceType, data: bytes(1, 0) }] }),
  () => hello({ packed: (entries) => [...entries, { type: referenceType, data: bytes(2, 0, 51, 0) }] }),
  () => hello({ inner: replaced({ type: ext.supported_groups, data: bytes() }) }),
);

// ---------------------------------------------------------------------------------- §7 kinds of hello

clause('RFC 9849 §7: a hello of the inner type in the clear', () =>
  client().clientHello((message) => withExtension(message, innerEntry)),
);
clause('RFC 9849 §7: a hello without the extension', () => {
  const peer = client().clientHello().finished();
  expect(peer.victim.facts).toMatchObject({ handshakes: 1, serverName: 'sealwire.test' });
  expect(peer.victim.facts.encryptedClientHello).toBeUndefined();
  expect(peer.encryptedExtensions?.extensions.raw({ type: echType })).toBeUndefined();
  return peer.data(bytes(1));
});
clause(
  'RFC 9849 §7: a type that is neither inner nor outer',
  () => malformed(2),
  () => malformed(255, 0, 0),
);

const backend = () => scriptedClient({ acceptEch: backendEch(), groups: [namedGroups.x25519] });

clause('RFC 9849 §7: a hello of the outer type at a backend server', () =>
  backend().wrappedHello(new EncryptedHellos().wrap()),
);
clause(
  'RFC 9849 §7: a hello of the inner type at a backend server',
  () => {
    const peer = backend().clientHello((message) => withExtension(message, innerEntry));
    return taken(peer);
  },
  // Without the extension it is a server like any other.
  () => {
    const peer = backend().clientHello().finished();
    expect(peer.victim.facts.encryptedClientHello).toBeUndefined();
    return peer;
  },
);

// -------------------------------------------------------------------------------- §7.1 first hello

const versions = (...offered: number[]) => extension('CH', supportedVersionsExtension, offered as never);

clause(
  'RFC 9849 §7.1: an inner hello without its extension',
  () => hello({ inner: (entries) => entries.filter(({ type }) => type !== echType) }),
  () =>
    hello({
      inner: replaced(
        outerExtension({
          configId: 5,
          cipherSuite: { kdf: 1 as never, aead: 1 as never },
          enc: bytes(),
          payload: bytes(1),
        }),
      ),
    }),
);
clause(
  'RFC 9849 §7.1: an inner hello that offers older versions',
  () => hello({ inner: replaced(versions(protocolVersions.tls13, protocolVersions.tls12)) }),
  () => hello({ inner: replaced(versions(protocolVersions.tls10, protocolVersions.tls13)) }),
  () => hello({ inner: (entries) => entries.filter(({ type }) => type !== ext.supported_versions) }),
);
clause(
  'RFC 9849 §7.1: another name outside than the public one',
  () =>
    hello(
      {
        outer: (outer) =>
          withExtension(outer, extension('CH', serverNameExtension, { hostName: 'other.test' })),
      },
      { requirePublicName: true },
    ),
  () =>
    hello(
      {
        outer: (outer) =>
          withExtensions(outer, (entries) => entries.filter(({ type }) => type !== ext.server_name)),
      },
      { requirePublicName: true },
    ),
);

/** The server answers the outer hello, and says what its keys are. */
function ignored(
  changes: EchChanges,
  options: Partial<ServerEchOptions> = {},
  hellos = new EncryptedHellos(),
): ScriptedClient {
  const peer = client(options);
  peer.wrappedHello((message) => ({ sent: hellos.wrap(changes)(message).sent })).finished();
  expect(peer.victim.facts).toMatchObject({
    handshakes: 1,
    encryptedClientHello: 'rejected',
    serverName: 'public.test',
  });
  const answer = peer.encryptedExtensions!.extensions.raw({ type: echType })!;
  expect([...answer]).toEqual([echKey.config.length >>> 8, echKey.config.length & 0xff, ...echKey.config]);
  return peer;
}

clause(
  'RFC 9849 §7.1: a hello that cannot be decrypted',
  () => ignored({ extension: (value) => ({ ...value, payload: flipped(value.payload) }) }),
  () => ignored({ extension: (value) => ({ ...value, enc: flipped(value.enc) }) }),
  () => ignored({ extension: (value) => ({ ...value, enc: new Uint8Array(32) }) }),
  () => ignored({ extension: (value) => ({ ...value, enc: bytes() }) }),
  () => ignored({ extension: (value) => ({ ...value, configId: 6 }) }),
  () => ignored({ extension: (value) => ({ ...value, configId: 6 }) }, { trialDecryption: true }),
  // Encrypted to our key, and addressed to another one.
  () => ignored({ configId: 6 }),
  () => ignored({ extension: (value) => ({ ...value, cipherSuite: { kdf: 9 as never, aead: 1 as never } }) }),
  // With suites that we have, and our configuration does not list.
  ...[
    { kdf: hpkeKdfs.HKDF_SHA256, aead: hpkeAeads.AES_256_GCM },
    { kdf: hpkeKdfs.HKDF_SHA384, aead: hpkeAeads.AES_128_GCM },
  ].map((suite) => () => ignored({}, {}, new EncryptedHellos(suite))),
);
clause(
  'RFC 9849 §7.1: a hello that is taken',
  () => taken(hello({})),
  () => taken(hello({}, { requirePublicName: true })),
  // Whatever the name outside is, unless the server looks at it.
  () =>
    taken(
      hello({
        outer: (outer) =>
          withExtension(outer, extension('CH', serverNameExtension, { hostName: 'other.test' })),
      }),
    ),
  () => taken(hello({}, { trialDecryption: true })),
  () => taken(hello({ configId: 6 }, { trialDecryption: true })),
  () => taken(hello({ inner: replaced(versions(0x0a0a, protocolVersions.tls13)) })),
);

function flipped(data: Uint8Array): Uint8Array {
  return data.map((byte, i) => (i === 3 ? byte ^ 1 : byte));
}

// ------------------------------------------------------------------------------ §7.1.1 second hello

const retrying = { groups: [namedGroups.secp256r1] };

function second(changes: EchChanges, isFirstTaken = true): ScriptedClient {
  const hellos = new EncryptedHellos();
  const first: EchChanges = isFirstTaken
    ? {}
    : { extension: (value) => ({ ...value, payload: flipped(value.payload) }) };
  const kept = (value: ReturnType<ReturnType<EncryptedHellos['wrap']>>) =>
    isFirstTaken ? value : { sent: value.sent };
  const peer = client({}, retrying).wrappedHello((message) => kept(hellos.wrap(first)(message)));
  return peer.wrappedSecondHello((message) => kept(hellos.wrap(changes)(message)));
}

clause('RFC 9849 §7.1.1: a second hello without the extension', () => second({ extension: () => undefined }));
clause(
  'RFC 9849 §7.1.1: a second hello with another suite, config_id or a key',
  () => second({ extension: (value) => ({ ...value, configId: 6 }) }),
  () =>
    second({ extension: (value) => ({ ...value, cipherSuite: { ...value.cipherSuite, aead: 3 as never } }) }),
  () =>
    second({ extension: (value) => ({ ...value, cipherSuite: { ...value.cipherSuite, kdf: 2 as never } }) }),
  () => second({ extension: (value) => ({ ...value, enc: bytes(1) }) }),
  () => second({ extension: () => innerEntry }),
);
clause('RFC 9849 §7.1.1: a second hello that does not decrypt', () =>
  second({ extension: (value) => ({ ...value, payload: flipped(value.payload) }) }),
);
clause('RFC 9849 §7.1.1: a second inner hello that differs', () =>
  second({ inner: (entries) => [...entries, { type: 0x7a7a, data: bytes() }] }),
);
clause(
  'RFC 9849 §7.1.1: a second hello that is taken',
  () => taken(second({}), true),
  () => taken(second({ packed: referring([ext.key_share]) }), true),
);
clause('RFC 9849 §7.1.1: a second hello after one that was not taken', () => {
  const hellos = new EncryptedHellos();
  const broken: EchChanges = { extension: (value) => ({ ...value, payload: flipped(value.payload) }) };
  let first: RawExtension | undefined;
  const peer = client({}, retrying).wrappedHello((message) => {
    const { sent } = hellos.wrap({
      ...broken,
      extension: (value) => {
        first = outerExtension({ ...value, payload: flipped(value.payload) });
        return first;
      },
    })(message);
    return { sent };
  });
  // To those who watch, it looks like one that was taken.
  expect(peer.helloRetryRequest!.extensions.raw({ type: echType })).toHaveLength(8);
  // RFC 9849 §6.1.6: the client goes on with the outer hello, in which nothing changes but what was asked for.
  peer.wrappedSecondHello((message) => ({ sent: hellos.wrap({ extension: () => first })(message).sent }));
  peer.finished();
  expect(peer.victim.facts).toMatchObject({ encryptedClientHello: 'rejected', helloRetried: true });
  return peer;
});
