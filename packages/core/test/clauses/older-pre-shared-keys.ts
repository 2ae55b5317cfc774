import { expect } from 'vitest';
import { extension } from '../../src/extensions/definition.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import { createClient, createServer, type ServerOptions } from '../../src/index.ts';
import { encodeMessage12, type Tls12Message } from '../../src/messages/tls12.ts';
import { clientKeyExchangeFields } from '../../src/messages/tls12/client-key-exchange.ts';
import { serverKeyExchangeParams } from '../../src/messages/tls12/server-key-exchange.ts';
import { clientCertificateTypes } from '../../src/registry/client-certificate-types.ts';
import { contentTypes } from '../../src/registry/content-types.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { namedGroups } from '../../src/registry/groups.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import type { CipherSuite } from '../../src/registry/suites13.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { fieldNumbers } from '../../src/tls12/key-exchange/finite-fields.ts';
import { tls12 } from '../../src/tls12/module.ts';
import { concat } from '../../src/wire/bytes.ts';
import { encode } from '../../src/wire/codec.ts';
import { p256Credential, p256Key } from '../harness/fixtures.ts';
import { olderProvider } from '../harness/older-provider.ts';
import { type Peer, plainRecord } from '../harness/peer.ts';
import { plainClientHello, plainPeer, plainServerHello } from '../harness/plain-peer.ts';
import { connect12 } from '../harness/pair12.ts';
import { psk12 } from '../harness/psk12.ts';
import type { ExternalPsk } from '../../src/values/external-psk.ts';
import { rsaCredential } from '../harness/rsa-keys.ts';
import { bytes, clause, type Attack } from './clause.ts';

/** Pre-shared keys in TLS 1.2 (RFC 4279, RFC 5489). */

const {
  TLS_PSK_WITH_AES_128_GCM_SHA256: bare,
  TLS_DHE_PSK_WITH_AES_128_GCM_SHA256: dhe,
  TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256: ecdhe,
  TLS_RSA_PSK_WITH_AES_128_GCM_SHA256: rsa,
} = suites12;
const options = { provider: olderProvider, versions: [tls12], externalPsks: [psk12] };

/** A client to which a server has said hello. */
function client(suite: CipherSuite): Peer {
  const verifyPeer = () => ({ ok: true, publicKey: p256Key.publicKey.spki }) as const;
  const groups = [namedGroups.x25519];
  const victim = createClient({ ...options, groups, cipherSuites: [suite], answers: { verifyPeer } });
  return plainPeer(victim).handshake(plainServerHello(suite));
}

/** A server that has said ServerHelloDone. */
function server(suite: CipherSuite, own: Partial<ServerOptions> = {}): Peer {
  const credentials = [rsaCredential];
  const victim = createServer({ ...options, cipherSuites: [suite], credentials, ...own });
  const schemes = [signatureSchemes.rsa_pss_rsae_sha256];
  return plainPeer(victim).handshake(
    plainClientHello([suite], [extension('CH', signatureAlgorithmsExtension, schemes)]),
  );
}

const said = (peer: Peer, message: Tls12Message): Peer => peer.handshake(encodeMessage12(message));
const keyExchange = (peer: Peer, ...pieces: readonly Uint8Array[]): Peer =>
  said(peer, { type: 'server_key_exchange', body: concat(pieces) });
const answer = (peer: Peer, ...pieces: readonly Uint8Array[]): Peer =>
  said(peer, { type: 'client_key_exchange', body: concat(pieces) });
const done = (peer: Peer): Peer => said(peer, { type: 'server_hello_done' });
const certificate = (peer: Peer): Peer =>
  said(peer, { type: 'certificate', certificateList: p256Credential.chain });
const request = (peer: Peer): Peer =>
  said(peer, {
    type: 'certificate_request',
    certificateTypes: [clientCertificateTypes.ecdsa_sign],
    supportedSignatureAlgorithms: [signatureSchemes.ed25519],
    certificateAuthorities: [],
  });
/** A Finished under keys that the server does not have. */
const finished = (peer: Peer): Peer =>
  peer.changeCipherSpec().write(plainRecord(contentTypes.handshake, new Uint8Array(40).fill(9)));

const noHint = bytes(0, 0);
const identity = encode(clientKeyExchangeFields.psk, { pskIdentity: psk12.identity });
const stranger = encode(clientKeyExchangeFields.psk, { pskIdentity: bytes(1, 2, 3) });
const { prime, generator } = fieldNumbers(namedGroups.ffdhe2048);

clause(
  'RFC 4279 §2: a certificate, or a request for one',
  () => certificate(client(bare)),
  () => request(client(bare)),
  () => request(keyExchange(client(bare), noHint)),
);

clause('RFC 4279 §2: a suite with a key that we do not have', () => {
  const victim = createClient({ ...options, externalPsks: [] });
  return plainPeer(victim).handshake(plainServerHello(ecdhe));
});

clause(
  'RFC 4279 §2: a hint that is cut, or followed by something',
  () => done(keyExchange(client(bare))),
  () => done(keyExchange(client(bare), bytes(0, 2, 65))),
  () => done(keyExchange(client(bare), bytes(0, 1, 65, 0))),
);

clause('RFC 4279 §2: a hint of no bytes', () => done(keyExchange(client(bare), noHint)));

clause(
  'RFC 4279 §2: an identity that is not known',
  ...[bare, dhe, ecdhe].map(
    (suite): Attack =>
      () =>
        finished(answer(server(suite), stranger, shareFor(suite))),
  ),
  () => finished(answer(server(bare), noHint)),
  // The same end with an identity that is known, and a key that is not.
  () => finished(answer(server(bare), identity)),
);

clause('RFC 4279 §2: an identity that is not known, and that may be said', () => {
  const lookupPsk = () => ({ ok: true, psks: [psk12], tellUnknown: true }) as const;
  return answer(server(bare, { answers: { lookupPsk } }), stranger);
});

clause(
  'RFC 4279 §2: an identity that is cut, or followed by something',
  () => answer(server(bare)),
  () => answer(server(bare), bytes(0, 2, 65)),
  () => answer(server(bare), identity, bytes(0)),
);

clause('RFC 4279 §5.3: an identity of 128 bytes, and a key of 64', (victim) => {
  const long: ExternalPsk = {
    identity: new Uint8Array(128).fill(0xff),
    key: new Uint8Array(64).fill(3),
    usedIn: 'tls12',
  };
  const shared = { provider: olderProvider, versions: [tls12], cipherSuites: [bare], externalPsks: [long] };
  const [a, b] = [createClient(shared), createServer(shared)];
  expect(connect12(a, b)).toEqual([]);
  expect(b.facts.externalPskIdentity).toEqual(long.identity);
  return victim === 'client' ? client(bare) : server(bare);
});

clause('RFC 4279 §5.3: an identity of no bytes, and a key of one', (victim) => {
  const short: ExternalPsk = { identity: new Uint8Array(0), key: new Uint8Array(1).fill(3), usedIn: 'tls12' };
  const shared = { provider: olderProvider, versions: [tls12], cipherSuites: [bare], externalPsks: [short] };
  const [a, b] = [createClient(shared), createServer(shared)];
  expect(connect12(a, b)).toEqual([]);
  expect(b.facts.externalPskIdentity).toEqual(short.identity);
  return victim === 'client' ? client(bare) : server(bare);
});

const longest = concat([bytes(0xff, 0xff), new Uint8Array(0xffff)]);

clause('RFC 4279 §5.3: an identity of 2^16 - 1 bytes', () =>
  finished(answer(server(bare, { limits: { handshakeMessageBytes: 0x1_0001 } }), longest)),
);

clause('RFC 4279 §5.3: an identity above our limit of messages', () =>
  server(bare).write(plainRecord(contentTypes.handshake, bytes(handshakeTypes.client_key_exchange, 1, 0, 1))),
);

clause('RFC 4279 §3: no ServerKeyExchange', () => done(client(dhe)));

clause(
  'RFC 4279 §3: a signature, or no parameters',
  () => done(keyExchange(client(dhe), noHint)),
  () => done(keyExchange(client(dhe), noHint, dhParams(prime), bytes(8, 4, 0, 1, 1))),
);

clause('RFC 4279 §3: a small group', () => {
  const small = fieldNumbers(namedGroups.ffdhe2048).prime.subarray(0, 128);
  return done(keyExchange(client(dhe), noHint, dhParams(small)));
});

clause(
  'RFC 4279 §3: no share',
  () => answer(server(dhe), identity),
  () => answer(server(dhe), identity, bytes(0, 0)),
);

clause(
  'RFC 4279 §3: a share outside of 2 to p-2',
  () => answer(server(dhe), identity, bytes(0, 1, 1)),
  () => answer(server(dhe), stranger, bytes(0, 1, 1)),
);

clause('RFC 4279 §4: a request for a certificate', () => request(certificate(client(rsa))));

clause('RFC 4279 §4: a key that nothing can be encrypted to', () => done(certificate(client(rsa))));

clause(
  'RFC 4279 §4: a secret that does not decrypt',
  ...[identity, stranger].flatMap((own): Attack[] => [
    () => finished(answer(server(rsa), own, noHint)),
    () => finished(answer(server(rsa), own, bytes(0, 128), new Uint8Array(128))),
    () => finished(answer(server(rsa), own, bytes(0, 127), new Uint8Array(127).fill(1))),
  ]),
);

clause('RFC 5489 §2: no ServerKeyExchange', () => done(client(ecdhe)));

clause('RFC 5489 §2: a curve that was not offered', () => {
  const params = { namedCurve: namedGroups.secp256r1, public: new Uint8Array(65).fill(4) };
  return done(keyExchange(client(ecdhe), noHint, encode(serverKeyExchangeParams.ecdhe, params)));
});

clause('RFC 5489 §2: a share that is no point', () =>
  answer(server(ecdhe), identity, bytes(65), new Uint8Array(65).fill(4)),
);

/** What a client says behind its identity. */
function shareFor(suite: CipherSuite): Uint8Array {
  if (suite === bare) return new Uint8Array(0);
  if (suite === dhe) return concat([bytes(1, 0), new Uint8Array(255), bytes(2)]);
  const group = olderProvider.groups.secp256r1!;
  const { share } = group.generate();
  return concat([bytes(share.length), share]);
}

function dhParams(dhP: Uint8Array): Uint8Array {
  return encode(serverKeyExchangeParams.dhe, { dhP, dhG: generator, dhYs: bytes(2) });
}
