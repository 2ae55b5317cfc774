import { ExtensionBlock } from '../../src/extensions/block.ts';
import { extension, type RawExtension } from '../../src/extensions/definition.ts';
import { renegotiationInfoExtension } from '../../src/extensions/renegotiation-info.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import { supportedGroupsExtension } from '../../src/extensions/supported-groups.ts';
import { createClient, createServer, tls13 } from '../../src/index.ts';
import { namedGroups } from '../../src/registry/groups.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { tls12 } from '../../src/tls12/module.ts';
import { p256Credential } from '../harness/fixtures.ts';
import { testProvider } from '../harness/node-provider.ts';
import type { Peer } from '../harness/peer.ts';
import { plainClientHello, plainPeer, plainServerHello } from '../harness/plain-peer.ts';
import { scriptedServer12 } from '../harness/scripted-server12.ts';
import { nowMs } from '../harness/peer.ts';
import { expect } from 'vitest';
import { contentTypes } from '../../src/registry/content-types.ts';
import { clause, type Victim } from './clause.ts';

/** What can be wrong with the hellos of TLS 1.2 and below. */

const { TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: suite } = suites12;

function client(extensions: readonly RawExtension[]): Peer {
  const victim = createClient({ provider: testProvider, versions: [tls12] });
  return plainPeer(victim).handshake(plainServerHello(suite, extensions));
}

function server(extensions: readonly RawExtension[], signals: readonly (typeof suite)[] = []): Peer {
  const victim = createServer({
    provider: testProvider,
    versions: [tls13, tls12],
    credentials: [p256Credential],
  });
  return plainPeer(victim).handshake(
    plainClientHello(
      [suite, ...signals],
      [
        extension('CH', supportedGroupsExtension, [namedGroups.secp256r1]),
        extension('CH', signatureAlgorithmsExtension, [signatureSchemes.ecdsa_secp256r1_sha256]),
        ...extensions,
      ],
    ),
  );
}

const spliced = new Uint8Array(12).fill(1);

clause('RFC 5746 §3.4: verify_data in the first handshake', (victim: Victim) =>
  victim === 'client'
    ? client([extension('SH12', renegotiationInfoExtension, spliced)])
    : server([extension('CH', renegotiationInfoExtension, spliced)]),
);

clause('RFC 5746 §4.1: a server without renegotiation_info', () => client([]));

const legacy = { requireSecureRenegotiation: false, acceptRenegotiation: true };
clause('RFC 5746 §4.1: a server without renegotiation_info that is wanted', () =>
  scriptedServer12(legacy, { withoutRenegotiationInfo: true }).before('end').data(Uint8Array.of(1)),
);
clause('RFC 5746 §4.2: a HelloRequest of such a server', () => {
  const peer = scriptedServer12(legacy, { withoutRenegotiationInfo: true })
    .before('end')
    .again()
    .helloRequest();
  expect(peer.received.at(-1)).toMatchObject({ type: contentTypes.alert, content: Uint8Array.of(1, 100) });
  expect(peer.victim.renegotiate(undefined, nowMs)).toBe(false);
  expect(peer.messagesOf(1)).toHaveLength(1);
  return peer.data(Uint8Array.of(1));
});
const insecure = { ...legacy, allowInsecureRenegotiation: true };
const asksInsecurely = () =>
  scriptedServer12(insecure, { withoutRenegotiationInfo: true }).before('end').again().helloRequest();
clause('RFC 5746 §4.2: a HelloRequest of such a server, which is allowed by name', () => {
  const peer = asksInsecurely();
  const info = peer.hello.extensions.get(renegotiationInfoExtension);
  // What was said in the handshake before: a server that knows of it, and takes this for a first handshake, finds out.
  expect(info).toEqual(peer.previous.client);
  peer.before('end');
  expect(peer.victim.facts).toMatchObject({ handshakes: 2, secureRenegotiation: false });
  return peer.data(Uint8Array.of(1));
});
clause('RFC 5746 §4.2: renegotiation_info in the second ServerHello alone', function* () {
  for (const bytes of [0, 24]) {
    const info = extension('SH12', renegotiationInfoExtension, spliced.subarray(0, bytes));
    yield asksInsecurely().serverHello((hello) => ({
      ...hello,
      extensions: ExtensionBlock.of('SH12', [...hello.extensions.entries, info]),
    }));
  }
});

clause('RFC 7507 §3: a fallback to less than both speak', () => server([], [suites12.TLS_FALLBACK_SCSV]));
