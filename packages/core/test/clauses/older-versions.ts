import { expect } from 'vitest';
import { contentTypes as type } from '../../src/registry/content-types.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { protocolVersions } from '../../src/registry/versions.ts';
import { tls10, tls11, tls12 } from '../../src/tls12/module.ts';
import { plainRecord } from '../harness/peer.ts';
import { scriptedClient12, type ScriptedClient12 } from '../harness/scripted-client12.ts';
import {
  scriptedServer12,
  type ScriptedServer12,
  type ServerScript12,
} from '../harness/scripted-server12.ts';
import { bytes, clauses, type Case, type Victim } from './clause.ts';

/** TLS 1.1 and 1.0, through peers that speak nothing else. */

const { TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: suite, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: later } =
  suites12;

const versions = [
  ['TLS 1.1', protocolVersions.tls11],
  ['TLS 1.0', protocolVersions.tls10],
] as const;

type Version = (typeof versions)[number][1];

/** The victim speaks TLS 1.2 as well. */
const spoken = [tls12, tls11, tls10];

function server(version: Version, script: ServerScript12 = {}): ScriptedServer12 {
  return scriptedServer12({ versions: spoken, cipherSuites: [later, suite] }, { suite, ...script }).speaking(
    version,
  );
}

/** Its ClientHello has left. */
function client(version: Version): ScriptedClient12 {
  return scriptedClient12({ versions: spoken, cipherSuites: [later, suite] })
    .speaking(version)
    .clientHello((hello) => ({ ...hello, cipherSuites: [suite] }));
}

/** The victim waits for our change_cipher_spec. */
const atChange = (victim: Victim, version: Version) =>
  victim === 'client' ? server(version).before('newKeys') : client(version).clientKeyExchange();

const connected = (victim: Victim, version: Version) => atChange(victim, version).newKeys().finished();

/** The same with each version. */
function both(name: string, attack: (victim: Victim, version: Version) => ReturnType<Case[1]>): void {
  clauses(
    name,
    versions.map(([label, version]): Case => [label, (victim) => attack(victim, version)]),
  );
}

both('RFC 4346 §6.2.1: a record of another version than was agreed on', (victim, version) =>
  atChange(victim, version).write(plainRecord(type.change_cipher_spec, bytes(1), protocolVersions.tls12)),
);

both('RFC 4346 §6.2.3.2: data in records of these versions', (victim, version) =>
  connected(victim, version).data(bytes(1)).data(new Uint8Array(16_384)).data(bytes()).data(bytes(2)),
);

both('RFC 4346 §6.2.3.2: a record of these versions that does not verify', function* (victim, version) {
  for (const at of [5, 20, -1]) {
    const peer = connected(victim, version);
    const record = peer.seal(type.application_data, new Uint8Array(30));
    yield peer.write(record.with(at, record.at(at)! ^ 4));
  }
});

both('RFC 4346 §7.1: a change_cipher_spec of these versions out of its place', function* (victim, version) {
  yield (victim === 'client' ? server(version).serverHello() : client(version)).changeCipherSpec();
  yield connected(victim, version).changeCipherSpec();
});

both('RFC 4346 §7.4.1.3: a suite of TLS 1.2', (_, version) =>
  server(version).serverHello((hello) => ({ ...hello, cipherSuite: later })),
);

/** A server of all versions is offered these in an older one. */
const offered = (version: Version, cipherSuites: readonly number[]) =>
  scriptedClient12({ versions: spoken, cipherSuites: [later, suite] })
    .speaking(version)
    .clientHello((hello) => ({ ...hello, cipherSuites: cipherSuites as never }));

both('RFC 4346 §7.4.1.3: suites of TLS 1.2 alone', (_, version) => offered(version, [later]));

both('RFC 4346 §7.4.1.3: a suite of TLS 1.2 before another', (_, version) => {
  const peer = offered(version, [later, suite]);
  expect(peer.serverHello?.cipherSuite).toBe(suite);
  return peer.completed();
});

both('RFC 4346 §7.4.3: a signature that names its scheme', (_, version) =>
  server(version, { scheme: signatureSchemes.ecdsa_sha1 }).before('newKeys'),
);

both('RFC 4346 §7.4.3: a signature with the hash of TLS 1.2', (_, version) =>
  server(version, { algorithm: { type: 'ecdsa', hash: 'sha256' } }).before('newKeys'),
);

both('RFC 4346 §7.4.9: a Finished of these versions', (victim, version) => connected(victim, version));

both('RFC 4346 §7.4.9: a Finished of these versions that is wrong', (victim, version) =>
  atChange(victim, version)
    .newKeys()
    .finished((message) => ({ ...message, verifyData: message.verifyData.map((byte) => byte ^ 1) })),
);
