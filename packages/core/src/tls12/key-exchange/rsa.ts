import { TlsError } from '../../errors/tls-error.ts';
import {
  clientKeyExchangeFields,
  clientKeyExchangeOf,
  readClientKeyExchange,
} from '../../messages/tls12/client-key-exchange.ts';
import { copyOf } from '../../wire/bytes.ts';
import type { Transport } from './exchange.ts';

/**
 * The premaster secret encrypted to the RSA key of the server's certificate (RFC 5246 §7.4.7.1): who gets that key one day
 * can read all that was ever said.
 *
 * A server that lets its client know whether a ciphertext had the right padding decrypts any ciphertext for whoever asks
 * often enough. So whatever is wrong with it, what goes on is a secret that was drawn before, and the handshake ends at the
 * client's Finished like that of a client which does not know the secret. The version is not compared, either: it is
 * written over what the client says, "explicitly constructing the pre_master_secret with the ClientHello.client_version".
 */
export const rsa: Transport = {
  kind: 'transport',
  encrypt(hello, spki, { provider, entropy }) {
    const premaster = entropy.random(premasterBytes);
    writeVersion(premaster, hello.legacyVersion);
    const key = provider.importPublicKey(spki);
    const encrypted = key?.kind.type === 'rsa' ? entropy.encryptPkcs1(key, premaster) : undefined;
    if (encrypted === undefined) {
      throw new TlsError(
        'peer.schemeDoesNotFitKey',
        'nothing can be encrypted to the key of the server, which the cipher suite asks for',
        { section: 'RFC 5246 §7.4.2', handshakeMessage: 'certificate' },
      );
    }
    return {
      message: clientKeyExchangeOf(clientKeyExchangeFields.rsa, { encryptedPreMasterSecret: encrypted }),
      premaster,
      facts: {},
    };
  },
  ciphertextOf: (message) =>
    copyOf(readClientKeyExchange(message, clientKeyExchangeFields.rsa).encryptedPreMasterSecret),
  drawFallback: ({ entropy }) => entropy.random(premasterBytes),
  secretOf(reply, fallback, clientVersion) {
    const decrypted = reply.ok ? reply.premaster : fallback;
    const premaster = copyOf(decrypted.length === premasterBytes ? decrypted : fallback);
    writeVersion(premaster, clientVersion);
    return premaster;
  },
};

/** "The latest (newest) version supported by the client", which is that of its hello whatever was agreed on. */
function writeVersion(premaster: Uint8Array, version: number): void {
  premaster[0] = version >>> 8;
  premaster[1] = version & 0xff;
}

const premasterBytes = 48;
