import { expect } from 'vitest';
import { extension, type RawExtension } from '../../src/extensions/definition.ts';
import { ecPointFormatsExtension } from '../../src/extensions/ec-point-formats.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import { supportedGroupsExtension } from '../../src/extensions/supported-groups.ts';
import { createClient, createServer } from '../../src/index.ts';
import { decodeHandshake12, encodeMessage12 } from '../../src/messages/tls12.ts';
import {
  clientKeyExchangeFields,
  clientKeyExchangeOf,
} from '../../src/messages/tls12/client-key-exchange.ts';
import {
  serverKeyExchangeOf,
  serverKeyExchangeParams,
  type ServerDhParams,
} from '../../src/messages/tls12/server-key-exchange.ts';
import { namedGroups, type NamedGroup } from '../../src/registry/groups.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { pointFormats } from '../../src/registry/point-formats.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import type { CipherSuite } from '../../src/registry/suites13.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { fieldNumbers } from '../../src/tls12/key-exchange/finite-fields.ts';
import { tls12 } from '../../src/tls12/module.ts';
import { concat } from '../../src/wire/bytes.ts';
import { encode } from '../../src/wire/codec.ts';
import { olderProvider } from '../harness/older-provider.ts';
import type { Peer } from '../harness/peer.ts';
import { plainClientHello, plainPeer, plainRandom, plainServerHello } from '../harness/plain-peer.ts';
import { rsaCredential } from '../harness/rsa-keys.ts';
import { clause } from './clause.ts';

/** What can be wrong with Diffie-Hellman in finite fields (RFC 7919, RFC 5246 §7.4.3). */

const { TLS_DHE_RSA_WITH_AES_128_GCM_SHA256: suite } = suites12;
const options = { provider: olderProvider, versions: [tls12], cipherSuites: [suite] };

/** A server that signs these parameters. */
function client(params: ServerDhParams): Peer {
  const [certificate] = rsaCredential.chain as [Uint8Array];
  const verifyPeer = () => ({ ok: true, publicKey: certificate }) as const;
  const victim = createClient({ ...options, answers: { verifyPeer } });
  const peer = plainPeer(victim);
  const paramsBytes = encode(serverKeyExchangeParams.dhe, params);
  const content = concat([victim.facts.clientRandom!, plainRandom, paramsBytes]);
  if (rsaCredential.key === 'external') throw new Error('the key of the fixture is gone');
  return peer
    .handshake(plainServerHello(suite))
    .handshake(encodeMessage12({ type: 'certificate', certificateList: [certificate] }))
    .handshake(
      encodeMessage12(
        serverKeyExchangeOf(paramsBytes, {
          algorithm: signatureSchemes.rsa_pkcs1_sha256,
          signature: rsaCredential.key.sign({ type: 'rsa-pkcs1', hash: 'sha256' }, content),
        }),
      ),
    )
    .handshake(encodeMessage12({ type: 'server_hello_done' }));
}

function server(
  groups: readonly NamedGroup[],
  offered: readonly CipherSuite[] = [suite],
  more: readonly RawExtension[] = [],
  ownGroups: readonly NamedGroup[] = [namedGroups.x25519],
): Peer {
  const cipherSuites = [suite, suites12.TLS_RSA_WITH_AES_128_GCM_SHA256];
  const victim = createServer({ ...options, cipherSuites, credentials: [rsaCredential], groups: ownGroups });
  return plainPeer(victim).handshake(
    plainClientHello(offered, [
      extension('CH', supportedGroupsExtension, groups),
      extension('CH', signatureAlgorithmsExtension, [signatureSchemes.rsa_pss_rsae_sha256]),
      ...more,
    ]),
  );
}

function share(dhYc: Uint8Array): Peer {
  return server([namedGroups.ffdhe2048]).handshake(
    encodeMessage12(clientKeyExchangeOf(clientKeyExchangeFields.dhe, { dhYc })),
  );
}

const { prime: dhP, generator: dhG } = fieldNumbers(namedGroups.ffdhe2048);
const one = new Uint8Array([1]);
const dhYs = new Uint8Array([4]);
const minusOne = Uint8Array.from([...dhP.subarray(0, -1), dhP.at(-1)! - 1]);
const outside = [new Uint8Array(1), new Uint8Array(256), one, minusOne, concat([one, dhP])];

clause(
  'RFC 7919 §3: a small group',
  () => client({ dhP: dhP.subarray(0, 128), dhG, dhYs }),
  () => client({ dhP: new Uint8Array(300), dhG, dhYs }),
  () => client({ dhP: Uint8Array.from(dhP, (byte, i) => (i === 0 ? 0x7f : byte)), dhG, dhYs }),
);

clause(
  'RFC 7919 §3: parameters that make no group',
  () => client({ dhP: minusOne, dhG, dhYs }),
  () => client({ dhP: concat([dhP, dhP, dhP, dhP, dhP]), dhG, dhYs }),
);

clause(
  'RFC 7919 §3: a share outside of 2 to p-2',
  ...outside.map((bad) => () => client({ dhP, dhG, dhYs: bad })),
);

clause(
  'RFC 7919 §4: no group in common',
  () => server([namedGroups.x25519, namedGroups.ffdhe8192]),
  // One that nobody has, and yet one of them (RFC 7919 §2).
  ...[0x01f0, 0x01ff].map((group) => () => server([group as NamedGroup])),
  () => server([namedGroups.ffdhe2048], [suite], [], [namedGroups.x25519, namedGroups.ffdhe3072]),
);

clause('RFC 7919 §4: groups of no fields, whatever their numbers', () => {
  // From 512 on, and below 256; what lies between are fields (§2).
  const peer = server([0x00ff, 0x0200, namedGroups.X25519MLKEM768] as NamedGroup[]);
  expect(peer.victim.facts).toMatchObject({ cipherSuite: suite, dhBits: 2048 });
  return peer;
});

clause('RFC 7919 §4: no group in common, and a suite without one', () => {
  const peer = server([namedGroups.ffdhe8192], [suite, suites12.TLS_RSA_WITH_AES_128_GCM_SHA256]);
  expect(peer.victim.facts.cipherSuite).toBe(suites12.TLS_RSA_WITH_AES_128_GCM_SHA256);
  return peer;
});

clause('RFC 7919 §4: no suite in common that needs a group', () =>
  server([namedGroups.ffdhe2048], [suites12.TLS_RSA_WITH_AES_256_CBC_SHA]),
);

clause('RFC 8422 §5.2: point formats, and no suite of curves in common', () => {
  const peer = server(
    [namedGroups.ffdhe2048],
    [suite],
    [extension('CH', ecPointFormatsExtension, [pointFormats.uncompressed])],
  );
  const [hello] = peer.messagesOf(handshakeTypes.server_hello);
  const message = decodeHandshake12(hello!, true);
  if (message?.type !== 'server_hello') return expect.fail('no ServerHello');
  expect(message.extensions.has(ecPointFormatsExtension)).toBe(false);
  return peer;
});

clause('RFC 7919 §4: a share outside of 2 to p-2', ...outside.map((bad) => () => share(bad)));
