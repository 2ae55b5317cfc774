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
import type { ExternalPsk } from '../../src/values/external-psk.ts';
import { earlyDataExtension } from '../../src/extensions/early-data.ts';
import { bindersLength, preSharedKeyExtension } from '../../src/extensions/pre-shared-key.ts';
import { pskKeyExchangeModesExtension } from '../../src/extensions/psk-key-exchange-modes.ts';
import { encodeMessage } from '../../src/messages/tls13.ts';
import { pskKeyExchangeModes, type PskKeyExchangeMode } from '../../src/registry/psk-key-exchange-modes.ts';
import { binderOf } from '../../src/tls13/binder.ts';
import type { CertificateVerify } from '../../src/messages/certificate-verify.ts';
import type { Certificate } from '../../src/messages/certificate.ts';
import type { ClientHello } from '../../src/messages/client-hello.ts';
import type { EncryptedExtensions } from '../../src/messages/encrypted-extensions.ts';
import type { Finished } from '../../src/messages/finished.ts';
import type { HelloRetryRequest } from '../../src/messages/server-hello.ts';
import { decodeHandshake, type Tls13Message } from '../../src/messages/tls13.ts';
import { extensionTypes } from '../../src/registry/extension-types.ts';
import { namedGroups, type NamedGroup } from '../../src/registry/groups.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { suites13 } from '../../src/registry/suites13.ts';
import { protocolVersions } from '../../src/registry/versions.ts';
import { EarlySecrets, finishedMac, type HandshakeSecrets } from '../../src/tls13/key-schedule.ts';
import { hashOf, suite13 } from '../../src/tls13/suites.ts';
import { ed25519Certificate, ed25519Key, p256Credential, takesFixtures } from './fixtures.ts';
import { testProvider } from './node-provider.ts';
import { nowMs, Peer, type Change, type Keys } from './peer.ts';

export interface PskHelloOptions {
  readonly early?: boolean;
  readonly modes?: readonly PskKeyExchangeMode[];
  /** Default: that of the key alone. */
  readonly identities?: readonly Uint8Array[];
  /** In place of the right one, for every identity. */
  readonly binder?: Uint8Array;
  readonly change?: (hello: ClientHello) => ClientHello;
  readonly damaged?: Change<ClientHello>;
}

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
      answers: { verifyPeer: takesFixtures, ...options.answers },
    }),
  );
  client.victim.start(nowMs);
  return client.drain();
}

/** A client whose server asks for another hello: it takes P-256 alone. */
export function retriedClient(options: Partial<ServerOptions> = {}): ScriptedClient {
  return scriptedClient({ groups: [namedGroups.secp256r1], ...options }).clientHello();
}

/** Packs a hello: the message to send, and the bytes of the one that counts. */
export type Wrap = (hello: ClientHello) => {
  readonly sent: Tls13Message | Uint8Array;
  readonly hashed?: Uint8Array;
};

export class ScriptedClient extends Peer {
  helloRetryRequest: HelloRetryRequest | undefined;
  encryptedExtensions: EncryptedExtensions | undefined;
  /** What the server has asked of our certificate, if it has. */
  request: CertificateRequest | undefined;
  /** The last ClientHello as it would have been without a change. */
  #hello: ClientHello | undefined;
  #share: KeyExchangeKey | undefined;
  #cookie: Uint8Array | undefined;
  #psk: Uint8Array | undefined;
  #early: Keys | undefined;
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
    return this.say(this.#firstHello(), change);
  }

  /** The first hello inside of another one: what is sent, and what is hashed if the server opens it (RFC 9849). */
  wrappedHello(wrap: Wrap): this {
    return this.#sayWrapped(wrap(this.#firstHello()));
  }

  /** The hello that answers a HelloRetryRequest for P-256. */
  secondHello(change?: Change<ClientHello>): this {
    return this.say(this.#nextHello(), change);
  }

  wrappedSecondHello(wrap: Wrap): this {
    return this.#sayWrapped(wrap(this.#nextHello()));
  }

  #sayWrapped({ sent, hashed }: ReturnType<Wrap>): this {
    const before = this.transcript;
    return this.handshake(sent, () => {
      if (hashed !== undefined) this.transcript = before.append(hashed);
    });
  }

  #firstHello(): ClientHello {
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
    return this.#hello;
  }

  /**
   * A hello with a pre-shared key, and 0-RTT data announced where `early`. The binder is right; `damaged` changes the
   * hello after it was made, `change` before, with the binder left out of account.
   */
  pskHello(psk: ExternalPsk, options: PskHelloOptions = {}): this {
    const { early = false, modes = [pskKeyExchangeModes.psk_dhe_ke], identities = [psk.identity] } = options;
    const hash = hashOf(this.suite, testProvider);
    this.#psk = psk.key;
    const before = this.transcript;
    const without = (hello: ClientHello): ClientHello => ({
      ...hello,
      extensions: ExtensionBlock.of('CH', [
        ...hello.extensions.entries,
        extension('CH', pskKeyExchangeModesExtension, modes),
        ...(early ? [extension('CH', earlyDataExtension, true)] : []),
        extension('CH', preSharedKeyExtension, {
          identities: identities.map((identity) => ({ identity, obfuscatedTicketAge: 0 })),
          binders: identities.map(() => new Uint8Array(hash.outputBytes)),
        }),
      ]),
    });
    return this.clientHello((hello) => {
      const unbound = options.change?.(without(hello)) ?? without(hello);
      const raw = encodeMessage(unbound);
      const offered = unbound.extensions.get(preSharedKeyExtension)!;
      const covered = raw.subarray(0, raw.length - bindersLength(offered));
      const binder = binderOf(hash, psk.key, 'ext binder', before.digestWith(hash, covered));
      const binders = identities.map(() => options.binder ?? binder);
      const bound: ClientHello = {
        ...unbound,
        extensions: unbound.extensions.with(
          extension('CH', preSharedKeyExtension, { identities: offered.identities, binders }),
        ),
      };
      const whole = options.damaged?.(bound) ?? bound;
      if (early) this.#startEarlyData(psk, whole instanceof Uint8Array ? whole : encodeMessage(whole));
      return whole;
    });
  }

  /** From the hello on we protect what we send under the key of 0-RTT data. */
  #startEarlyData(psk: ExternalPsk, raw: Uint8Array): void {
    const hash = hashOf(this.suite, testProvider);
    this.#early = this.keys(new EarlySecrets(hash, psk.key).clientEarlyTrafficSecret(hash.digest([raw])));
  }

  /** 0-RTT data, under its key. */
  earlyData(bytes: Uint8Array): this {
    const keys = this.writeKeys;
    this.writeKeys = this.#early;
    this.data(bytes);
    this.writeKeys = keys;
    return this;
  }

  /** Any record under the key of 0-RTT data; not transcribed. */
  earlyRecord(type: number, content: Uint8Array): this {
    const keys = this.writeKeys;
    this.writeKeys = this.#early;
    this.record(type, content);
    this.writeKeys = keys;
    return this;
  }

  /** From now on everything is under the key of 0-RTT data. */
  staysEarly(): this {
    this.writeKeys = this.#early;
    return this;
  }

  /** EndOfEarlyData, under the key of 0-RTT data. */
  endOfEarlyData(): this {
    const keys = this.writeKeys;
    this.writeKeys = this.#early;
    this.handshake({ type: 'end_of_early_data' });
    this.writeKeys = keys;
    return this;
  }

  #nextHello(): ClientHello {
    const { extensions } = this.#hello!;
    const shared = extensions.with(this.#newShare(namedGroups.secp256r1));
    const cookie = this.#cookie;
    this.#hello = {
      ...this.#hello!,
      extensions: cookie === undefined ? shared : shared.with({ type: extensionTypes.cookie, data: cookie }),
    };
    return this.#hello;
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
      this.helloRetryRequest = message;
      this.#cookie = message.extensions.raw({ type: extensionTypes.cookie });
    }
    this.transcript = this.transcript.append(raw);
    if (message?.type === 'encrypted_extensions') this.encryptedExtensions = message;
    if (message?.type === 'certificate_request') this.request = message;
    if (message?.type === 'server_hello') {
      this.suite = suite13(message.cipherSuite)!;
      const serverShare = message.extensions.get(keyShareExtension)?.keyExchange;
      const isResumed = message.extensions.has(preSharedKeyExtension);
      this.#secrets = new EarlySecrets(
        hashOf(this.suite, testProvider),
        isResumed ? this.#psk : undefined,
      ).advance(serverShare === undefined ? undefined : this.#share!.finish(serverShare));
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
