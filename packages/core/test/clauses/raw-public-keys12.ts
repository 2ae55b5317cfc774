import { expect } from 'vitest';
import {
  clientCertificateTypeExtension,
  serverCertificateTypeExtension,
} from '../../src/extensions/certificate-type.ts';
import { extension } from '../../src/extensions/definition.ts';
import { pinnedPublicKeys, type ClientOptions, type ServerOptions } from '../../src/index.ts';
import { encodeHandshake } from '../../src/messages/envelope.ts';
import { certificateTypes, type CertificateType } from '../../src/registry/certificate-types.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { concat } from '../../src/wire/bytes.ts';
import { encode, opaque24 } from '../../src/wire/codec.ts';
import { ed25519Key, p256Certificate, p256Key } from '../harness/fixtures.ts';
import { helloWith, scriptedClient12, type ScriptedClient12 } from '../harness/scripted-client12.ts';
import { scriptedServer12, type ScriptedServer12 } from '../harness/scripted-server12.ts';
import { bytes, clause, type Victim } from './clause.ts';

/** Raw public keys in TLS 1.2 (RFC 7250). */

const { RawPublicKey, X509 } = certificateTypes;
const rawAlone = { peerCertificateTypes: ['rawPublicKey'] } as const;
const spkis = { client: p256Key.publicKey.spki, server: ed25519Key.publicKey.spki };
const certificate = (body: Uint8Array) => encodeHandshake(handshakeTypes.certificate, body);
const raw = (spki: Uint8Array) => certificate(encode(opaque24(), spki));

/** A client that waits for Certificate. */
function client(options: Partial<ClientOptions> = rawAlone, type: CertificateType = RawPublicKey) {
  const verifyPeer = pinnedPublicKeys([spkis.client]);
  return scriptedServer12(
    { ...options, answers: { verifyPeer } },
    { extensions: [extension('SH12', serverCertificateTypeExtension, type)] },
  ).serverHello();
}

/** A server that waits for Certificate. */
function server(options: Partial<ServerOptions> = {}, types: readonly CertificateType[] = [RawPublicKey]) {
  const verifyPeer = pinnedPublicKeys([spkis.server]);
  const own = { ...rawAlone, clientAuthentication: 'require', ...options, answers: { verifyPeer } } as const;
  return scriptedClient12(own).clientHello((hello) =>
    helloWith(hello, extension('CH', clientCertificateTypeExtension, types)),
  );
}

function shows(victim: Victim, message: Uint8Array): ScriptedClient12 | ScriptedServer12 {
  return victim === 'client' ? client().handshake(message) : server().handshake(message);
}

clause('RFC 7250 §4.2: raw public keys in TLS 1.2', (victim) => {
  const evidence = { type: 'rawPublicKey', spki: spkis[victim] };
  if (victim === 'client') {
    const peer = client().handshake(raw(spkis.client));
    peer.serverKeyExchange().serverHelloDone().newKeys().finished();
    expect(peer.victim.facts.peerEvidence).toEqual(evidence);
    return peer.data(bytes(1));
  }
  const peer = server();
  expect(peer.serverHello?.extensions.get(clientCertificateTypeExtension)).toBe(RawPublicKey);
  peer.handshake(raw(spkis.server)).clientKeyExchange().certificateVerify().newKeys().finished();
  expect(peer.victim.facts.peerEvidence).toEqual(evidence);
  return peer.data(bytes(1));
});

clause('RFC 6066 §8: a CertificateStatus for a raw public key', () => {
  const verifyPeer = pinnedPublicKeys([spkis.client]);
  const server = scriptedServer12(
    { ...rawAlone, requestOcsp: true, answers: { verifyPeer } },
    { staples: true, extensions: [extension('SH12', serverCertificateTypeExtension, RawPublicKey)] },
  ).serverHello();
  server.handshake(raw(spkis.client)).certificateStatus();
  server.serverKeyExchange().serverHelloDone().newKeys().finished();
  expect(server.victim.facts.peerEvidence).toEqual({ type: 'rawPublicKey', spki: spkis.client });
  return server.data(bytes(1));
});

clause(
  'RFC 7250 §4.2: a certificate type of TLS 1.2 that was not offered',
  () => client(rawAlone, X509),
  () => client(rawAlone, 1 as CertificateType),
  () => client({ peerCertificateTypes: ['rawPublicKey', 'x509'] }, 1 as CertificateType),
);

clause('RFC 7250 §4.2: a server of TLS 1.2 with X.509 alone', () =>
  scriptedServer12(rawAlone).serverHello().certificate(),
);

clause(
  'RFC 7250 §4.2: a raw public key of TLS 1.2 that is cut, or followed by something',
  (victim) =>
    shows(
      victim,
      raw(spkis[victim])
        .subarray(0, -1)
        .with(3, raw(spkis[victim])[3]! - 1),
    ),
  (victim) => shows(victim, certificate(concat([encode(opaque24(), spkis[victim]), bytes(0)]))),
  (victim) => shows(victim, certificate(new Uint8Array(0))),
);

/**
 * Whole as a message, and no key: certificate, nothing but an algorithm, no DER, a key with something behind it; other types for its
 * three parts, a fourth part, a length that says no more than a shorter one, the beginning.
 */
const noKeys: readonly ((spki: Uint8Array) => Uint8Array)[] = [
  () => p256Certificate,
  (spki) => concat([bytes(0x30, spki[3]! + 2), spki.subarray(2, spki[3]! + 4)]),
  () => bytes(1, 2, 3),
  (spki) => concat([spki, bytes(0x05, 0x00)]),
  (spki) => spki.with(0, 0x31),
  (spki) => spki.with(2, 0x31),
  (spki) => spki.with(4 + spki[3]!, 0x04),
  (spki) => concat([bytes(0x30, spki[1]! + 2), spki.subarray(2), bytes(0x05, 0x00)]),
  (spki) => concat([bytes(0x30, 0x84, 0, 0, 0, spki[1]!), spki.subarray(2)]),
  () => bytes(0x30),
];
clause(
  'RFC 7250 §3: a raw public key of TLS 1.2 that is none',
  ...noKeys.map((made) => (victim: Victim) => shows(victim, raw(made(spkis[victim])))),
);

clause('RFC 7250 §4.2: a raw public key of no bytes in TLS 1.2', () =>
  client().handshake(raw(new Uint8Array(0))),
);

clause(
  'RFC 7250 §4.2: no certificate type in common in TLS 1.2',
  () => server({}, [X509, 9 as CertificateType]),
  () =>
    scriptedClient12().clientHello((hello) =>
      helloWith(hello, extension('CH', serverCertificateTypeExtension, [1 as CertificateType])),
    ),
);

clause('RFC 5246 §7.4.6: a client without a raw public key', () =>
  server().handshake(raw(new Uint8Array(0))),
);
