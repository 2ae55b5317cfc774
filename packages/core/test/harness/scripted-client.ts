import { signedContent } from '../../src/auth/signed-content.ts';
import { groupOf } from '../../src/config/defaults.ts';
import type { KeyExchangeKey } from '../../src/crypto/provider.ts';
import { alpnExtension } from '../../src/extensions/alpn.ts';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import { extension } from '../../src/extensions/definition.ts';
import { keyShareExtension } from '../../src/extensions/key-share.ts';
import { recordSizeLimitExtension } from '../../src/extensions/record-size-limit.ts';
import { serverNameExtension } from '../../src/extensions/server-name.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import { supportedGroupsExtension } from '../../src/extensions/supported-groups.ts';
import { supportedVersionsExtension } from '../../src/extensions/supported-versions.ts';
import { createServer, type ServerOptions } from '../../src/index.ts';
import type { CertificateRequest } from '../../src/messages/certificate-request.ts';
import type { CertificateVerify } from '../../src/messages/certificate-verify.ts';
import type { Certificate } from '../../src/messages/certificate.ts';
import type { ClientHello } from '../../src/messages/client-hello.ts';
import type { Finished } from '../../src/messages/finished.ts';
import { decodeHandshake } from '../../src/messages/tls13.ts';
import { extensionTypes } from '../../src/registry/extension-types.ts';
import { namedGroups, type NamedGroup } from '../../src/registry/groups.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { suites13 } from '../../src/registry/suites13.ts';
import { protocolVersions } from '../../src/registry/versions.ts';
import { EarlySecrets, finishedMac, type HandshakeSecrets } from '../../src/tls13/key-schedule.ts';
import { hashOf, suite13 } from '../../src/tls13/suites.ts';
import { ed25519Certificate, ed25519Key, p256Credential, publicKeyOf } from './fixtures.ts';
import { testProvider } from './node-provider.ts';
import { nowMs, Peer, type Change, type Keys } from './peer.ts';

export type ClientStep = (typeof clientSteps)[number];

/**
 * A client that follows a script, with a real server as its victim. The server waits for the ClientHello, and
 * takes x25519 and P-256; the hello has a share of x25519 alone.
 */
export function scriptedClient(options: Partial<ServerOptions> = {}): ScriptedClient {
  const client = new ScriptedClient(
    createServer({
      provider: testProvider,
      credentials: [p256Credential],
      groups: [namedGroups.x25519, namedGroups.secp256r1],
      alpnProtocols: ['h2'],
      ...options,
      answers: {
        verifyPeer: ({ evidence }) =>
          evidence.type === 'x509'
            ? { ok: true, publicKey: publicKeyOf(evidence.chain[0]!.certificate) }
            : undefined,
        ...options.answers,
      },
    }),
  );
  client.victim.start(nowMs);
  return client.drain();
}

/** A client whose server asks for another hello: it takes P-256 alone. */
export function retriedClient(options: Partial<ServerOptions> = {}): ScriptedClient {
  return scriptedClient({ groups: [namedGroups.secp256r1], ...options }).clientHello();
}

export class ScriptedClient extends Peer {
  /** What the server has asked of our certificate, if it has. */
  request: CertificateRequest | undefined;
  /** The last ClientHello as it would have been without a change. */
  #hello: ClientHello | undefined;
  #share: KeyExchangeKey | undefined;
  #cookie: Uint8Array | undefined;
  #secrets: HandshakeSecrets | undefined;
  #clientHandshake: Keys | undefined;
  #clientApplication: Keys | undefined;

  /** Goes through the handshake as it should be, up to but without `step`; `end`: all of it. */
  before(step: ClientStep): this {
    for (const each of clientSteps) {
      if (each === step || each === 'end') return this;
      if (this.request !== undefined || (each !== 'certificate' && each !== 'certificateVerify'))
        this[each]();
    }
    return this;
  }

  clientHello(change?: Change<ClientHello>): this {
    this.#hello = {
      type: 'client_hello',
      legacyVersion: protocolVersions.tls12,
      random: testProvider.random(32),
      legacySessionId: testProvider.random(32),
      cipherSuites: [suites13.TLS_AES_128_GCM_SHA256, suites13.TLS_CHACHA20_POLY1305_SHA256],
      legacyCompressionMethods: new Uint8Array([0]),
      extensions: ExtensionBlock.of('CH', [
        extension('CH', serverNameExtension, { hostName: 'sealwire.test' }),
        extension('CH', supportedVersionsExtension, [protocolVersions.tls13]),
        extension('CH', supportedGroupsExtension, [namedGroups.x25519, namedGroups.secp256r1]),
        extension('CH', signatureAlgorithmsExtension, [signatureSchemes.ecdsa_secp256r1_sha256]),
        extension('CH', alpnExtension, ['h2']),
        extension('CH', recordSizeLimitExtension, 16_385),
        this.#newShare(namedGroups.x25519),
      ]),
    };
    return this.say(this.#hello, change);
  }

  /** The hello that answers a HelloRetryRequest for P-256. */
  secondHello(change?: Change<ClientHello>): this {
    const { extensions } = this.#hello!;
    const shared = extensions.with(this.#newShare(namedGroups.secp256r1));
    const cookie = this.#cookie;
    this.#hello = {
      ...this.#hello!,
      extensions: cookie === undefined ? shared : shared.with({ type: extensionTypes.cookie, data: cookie }),
    };
    return this.say(this.#hello, change);
  }

  certificate(change?: Change<Certificate>): this {
    return this.say(
      {
        type: 'certificate',
        certificateRequestContext: new Uint8Array(0),
        certificateList: [{ certData: ed25519Certificate, extensions: ExtensionBlock.of('CT', []) }],
      },
      change,
    );
  }

  certificateVerify(change?: Change<CertificateVerify>): this {
    const signature = ed25519Key.sign({ type: 'ed25519' }, signedContent('client', this.digest()));
    return this.say({ type: 'certificate_verify', algorithm: signatureSchemes.ed25519, signature }, change);
  }

  /** Finished; then application keys for what we send. */
  finished(change?: Change<Finished>): this {
    const hash = hashOf(this.suite, testProvider);
    const verifyData = finishedMac(hash, this.#clientHandshake!.secret, this.digest());
    this.say({ type: 'finished', verifyData }, change, () => this.remember());
    this.writeKeys = this.#clientApplication;
    return this;
  }

  /** Follows the server's flight; keys change where its messages say so. */
  protected heard(raw: Uint8Array): void {
    const message = decodeHandshake(raw);
    if (message?.type === 'hello_retry_request') {
      this.suite = suite13(message.cipherSuite)!;
      this.transcript = this.transcript.replacedByMessageHash(hashOf(this.suite, testProvider));
      this.#cookie = message.extensions.raw({ type: extensionTypes.cookie });
    }
    this.transcript = this.transcript.append(raw);
    if (message?.type === 'certificate_request') this.request = message;
    if (message?.type === 'server_hello') {
      this.suite = suite13(message.cipherSuite)!;
      const serverShare = message.extensions.get(keyShareExtension)!.keyExchange;
      this.#secrets = new EarlySecrets(hashOf(this.suite, testProvider)).advance(
        this.#share!.finish(serverShare),
      );
      this.#clientHandshake = this.keys(this.#secrets.clientTrafficSecret(this.digest()));
      this.readKeys = this.keys(this.#secrets.serverTrafficSecret(this.digest()));
      this.writeKeys = this.#clientHandshake;
    }
    if (message?.type === 'finished') {
      const secrets = this.#secrets!.advance();
      this.#clientApplication = this.keys(secrets.clientTrafficSecret(this.digest()));
      this.readKeys = this.keys(secrets.serverTrafficSecret(this.digest()));
    }
  }

  #newShare(group: NamedGroup) {
    this.#share = groupOf(testProvider, group)!.generate();
    return extension('CH', keyShareExtension, [{ group, keyExchange: this.#share.share }]);
  }
}

const clientSteps = ['clientHello', 'certificate', 'certificateVerify', 'finished', 'end'] as const;
