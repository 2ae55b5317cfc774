import { extension } from '../../src/extensions/definition.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import { createClient, createServer } from '../../src/index.ts';
import { encodeMessage12 } from '../../src/messages/tls12.ts';
import {
  clientKeyExchangeFields,
  clientKeyExchangeOf,
} from '../../src/messages/tls12/client-key-exchange.ts';
import { contentTypes } from '../../src/registry/content-types.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { tls12 } from '../../src/tls12/module.ts';
import { p256Credential, p256Key } from '../harness/fixtures.ts';
import { olderProvider } from '../harness/older-provider.ts';
import { type Peer, plainRecord } from '../harness/peer.ts';
import { plainClientHello, plainPeer, plainServerHello } from '../harness/plain-peer.ts';
import { rsaCredential } from '../harness/rsa-keys.ts';
import { clause } from './clause.ts';

/** Static RSA (RFC 5246 §7.4.7.1): what a bad ciphertext comes to must say nothing about it. */

const { TLS_RSA_WITH_AES_128_GCM_SHA256: suite } = suites12;
const options = { provider: olderProvider, versions: [tls12], cipherSuites: [suite] };

function server(): Peer {
  const victim = createServer({ ...options, credentials: [rsaCredential] });
  return plainPeer(victim).handshake(
    plainClientHello(
      [suite],
      [extension('CH', signatureAlgorithmsExtension, [signatureSchemes.rsa_pss_rsae_sha256])],
    ),
  );
}

/** A client that goes on to Finished, under keys that the server cannot have. */
function sends(encryptedPreMasterSecret: Uint8Array): Peer {
  const fields = clientKeyExchangeFields.rsa;
  return server()
    .handshake(encodeMessage12(clientKeyExchangeOf(fields, { encryptedPreMasterSecret })))
    .changeCipherSpec()
    .write(plainRecord(contentTypes.handshake, new Uint8Array(40).fill(9)));
}

const [spki] = rsaCredential.chain as [Uint8Array];
const encrypted = (message: readonly number[]): Uint8Array =>
  olderProvider.importPublicKey(spki)!.encryptPkcs1!(Uint8Array.from(message))!;
const secret = [...new Uint8Array(46).fill(5)];

clause(
  'RFC 5246 §7.4.7.1: a premaster secret that does not decrypt',
  () => sends(new Uint8Array(0)),
  () => sends(new Uint8Array(127).fill(1)),
  () => sends(new Uint8Array(129).fill(1)),
  () => sends(new Uint8Array(128)),
  () => sends(new Uint8Array(128).fill(1)),
  () => sends(encrypted([])),
  () => sends(encrypted([3, 3, ...secret.slice(1)])),
  () => sends(encrypted([3, 3, ...secret, 5])),
  () => sends(encrypted([3, 1, ...secret])),
  () => sends(encrypted([3, 3, ...secret])),
);

clause('RFC 5246 §7.4.7.1: no ciphertext at all', () =>
  server().handshake(encodeMessage12({ type: 'client_key_exchange', body: new Uint8Array(0) })),
);

clause('RFC 5246 §7.4.2: a key that nothing can be encrypted to', () => {
  const verifyPeer = () => ({ ok: true, publicKey: p256Key.publicKey.spki }) as const;
  const victim = createClient({ ...options, answers: { verifyPeer } });
  return plainPeer(victim)
    .handshake(plainServerHello(suite))
    .handshake(encodeMessage12({ type: 'certificate', certificateList: p256Credential.chain }))
    .handshake(encodeMessage12({ type: 'server_hello_done' }));
});
