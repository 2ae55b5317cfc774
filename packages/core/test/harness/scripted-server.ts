import { signedContent } from '../../src/auth/signed-content.ts';
import { groupOf } from '../../src/config/defaults.ts';
import { alpnExtension } from '../../src/extensions/alpn.ts';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import { extension } from '../../src/extensions/definition.ts';
import { encryptedClientHelloExtension } from '../../src/extensions/encrypted-client-hello.ts';
import { keyShareExtension } from '../../src/extensions/key-share.ts';
import { recordSizeLimitExtension } from '../../src/extensions/record-size-limit.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import { supportedVersionsExtension } from '../../src/extensions/supported-versions.ts';
import { createClient, type ClientOptions } from '../../src/index.ts';
import { earlyDataExtension } from '../../src/extensions/early-data.ts';
import { preSharedKeyExtension } from '../../src/extensions/pre-shared-key.ts';
import type { ExternalPsk } from '../../src/values/external-psk.ts';
import type { EchOutcome, ReceivedByEch, ServerEch } from '../../src/machine/ech.ts';
import type { CertificateRequest } from '../../src/messages/certificate-request.ts';
import type { CertificateVerify } from '../../src/messages/certificate-verify.ts';
import type { Certificate } from '../../src/messages/certificate.ts';
import type { ClientHello } from '../../src/messages/client-hello.ts';
import type { EncryptedExtensions } from '../../src/messages/encrypted-extensions.ts';
import type { Finished } from '../../src/messages/finished.ts';
import {
  helloRetryRequestRandom,
  type HelloRetryRequest,
  type ServerHello,
} from '../../src/messages/server-hello.ts';
import { decodeHandshake } from '../../src/messages/tls13.ts';
import { namedGroups, type NamedGroup } from '../../src/registry/groups.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { protocolVersions } from '../../src/registry/versions.ts';
import { EarlySecrets, finishedMac, type HandshakeSecrets } from '../../src/tls13/key-schedule.ts';
import { hashOf } from '../../src/tls13/suites.ts';
import { ed25519Credential, p256Certificate, p256Key, takesFixtures } from './fixtures.ts';
import { testProvider } from './node-provider.ts';
import { nowMs, Peer, type Change, type Keys } from './peer.ts';

export type ServerStep = (typeof serverSteps)[number];

export interface ServerScript {
  /** Ask the client for a certificate, wherever `before` passes that step. */
  readonly asksClient?: boolean;
  readonly group?: NamedGroup;
  /** A key that the client offers first: the server selects it, and can read 0-RTT data. */
  readonly psk?: ExternalPsk;
  /** Opens encrypted hellos, and says so to the client (RFC 9849). */
  readonly ech?: ServerEch;
}

/**
 * A server that follows a script, with a real client as its victim. The client has sent its ClientHello.
 * It offers x25519 (with a share) and P-256, one ALPN protocol, a server name and a record size limit.
 */
export function scriptedServer(
  options: Partial<ClientOptions> = {},
  script: ServerScript = {},
): ScriptedServer {
  const server = new ScriptedServer(
    createClient({
      provider: testProvider,
      serverName: 'sealwire.test',
      groups: [namedGroups.x25519, namedGroups.secp256r1],
      keyShares: [namedGroups.x25519],
      alpnProtocols: ['h2', 'http/1.1'],
      credentials: [ed25519Credential],
      ...options,
      answers: { verifyPeer: takesFixtures, ...options.answers },
    }),
    script,
  );
  server.victim.start(nowMs);
  return server.drain();
}

export class ScriptedServer extends Peer {
  /** The latest ClientHello; the inner one where it was encrypted and could be opened. */
  hello!: ClientHello;
  /** The latest ClientHello as it was sent. */
  outerHello!: ClientHello;
  outcome: EchOutcome | undefined;
  readonly #script: ServerScript;
  #group: NamedGroup;
  #secrets: HandshakeSecrets | undefined;
  #serverHandshake: Keys | undefined;
  #clientApplication: Keys | undefined;
  #clientHandshake: Keys | undefined;

  constructor(victim: Peer['victim'], script: ServerScript) {
    super(victim);
    this.#script = script;
    this.#group = script.group ?? namedGroups.x25519;
  }

  /** Goes through the handshake as it should be, up to but without `step`; `end`: all of it. */
  before(step: ServerStep): this {
    for (const each of serverSteps) {
      if (each === step || each === 'end') return this;
      if (each !== 'certificateRequest' || this.#script.asksClient === true) this[each]();
    }
    return this;
  }

  helloRetryRequest(change?: Change<HelloRetryRequest>): this {
    const message: HelloRetryRequest = {
      ...this.#helloFields(),
      type: 'hello_retry_request',
      random: helloRetryRequestRandom,
      extensions: ExtensionBlock.of('HRR', [
        extension('HRR', supportedVersionsExtension, protocolVersions.tls13),
        extension('HRR', keyShareExtension, namedGroups.secp256r1),
      ]),
    };
    this.transcript = this.transcript.replacedByMessageHash(hashOf(this.suite, testProvider));
    this.#group = namedGroups.secp256r1;
    return this.say(this.#confirmed(message), change);
  }

  /** The ServerHello that suits the last ClientHello; then handshake keys in both directions. */
  serverHello(change?: Change<ServerHello>): this {
    const shares = this.hello.extensions.get(keyShareExtension) ?? [];
    const theirs = shares.find(({ group }) => group === this.#group);
    const key = groupOf(testProvider, this.#group)!.respond(theirs?.keyExchange ?? new Uint8Array(0));
    const keyExchange = key?.share ?? new Uint8Array(32);
    const message: ServerHello = {
      ...this.#helloFields(),
      type: 'server_hello',
      random: testProvider.random(32),
      extensions: ExtensionBlock.of('SH', [
        extension('SH', supportedVersionsExtension, protocolVersions.tls13),
        extension('SH', keyShareExtension, { group: this.#group, keyExchange }),
        ...(this.#script.psk === undefined ? [] : [extension('SH', preSharedKeyExtension, 0)]),
      ]),
    };
    // The client may answer at once, so its keys must be known before it hears us.
    this.say(this.#confirmed(message), change, () => this.#deriveHandshakeKeys(key?.secret));
    this.writeKeys = this.#serverHandshake;
    return this;
  }

  encryptedExtensions(change?: Change<EncryptedExtensions>): this {
    const own = [extension('EE', alpnExtension, 'h2')];
    if (this.outcome?.kind === 'rejected') {
      own.push(extension('EE', encryptedClientHelloExtension, this.outcome.retryConfigs));
    }
    if (this.hello.extensions.has(recordSizeLimitExtension)) {
      own.push(extension('EE', recordSizeLimitExtension, 16_385));
    }
    return this.say({ type: 'encrypted_extensions', extensions: ExtensionBlock.of('EE', own) }, change);
  }

  certificateRequest(change?: Change<CertificateRequest>): this {
    const schemes = [signatureSchemes.ed25519, signatureSchemes.ecdsa_secp256r1_sha256];
    return this.say(
      {
        type: 'certificate_request',
        certificateRequestContext: new Uint8Array(0),
        extensions: ExtensionBlock.of('CR', [extension('CR', signatureAlgorithmsExtension, schemes)]),
      },
      change,
    );
  }

  certificate(change?: Change<Certificate>): this {
    return this.say(
      {
        type: 'certificate',
        certificateRequestContext: new Uint8Array(0),
        certificateList: [{ certData: p256Certificate, extensions: ExtensionBlock.of('CT', []) }],
      },
      change,
    );
  }

  certificateVerify(change?: Change<CertificateVerify>): this {
    const content = signedContent('server', this.digest());
    const signature = p256Key.sign({ type: 'ecdsa', hash: 'sha256' }, content);
    const algorithm = signatureSchemes.ecdsa_secp256r1_sha256;
    return this.say({ type: 'certificate_verify', algorithm, signature }, change);
  }

  /** Finished; then application keys for what we send. */
  finished(change?: Change<Finished>): this {
    const hash = hashOf(this.suite, testProvider);
    const verifyData = finishedMac(hash, this.#serverHandshake!.secret, this.digest());
    let serverApplication: Keys | undefined;
    this.say({ type: 'finished', verifyData }, change, () => {
      const secrets = this.#secrets!.advance();
      this.#clientApplication = this.keys(secrets.clientTrafficSecret(this.digest()));
      serverApplication = this.keys(secrets.serverTrafficSecret(this.digest()));
    });
    this.writeKeys = serverApplication;
    return this;
  }

  protected heard(raw: Uint8Array): void {
    const message = decodeHandshake(raw);
    if (message?.type === 'client_hello') this.#heardHello(message, raw);
    else this.transcript = this.transcript.append(raw);
    if (raw[0] === handshakeTypes.end_of_early_data) this.readKeys = this.#clientHandshake;
    if (raw[0] === handshakeTypes.finished && this.completeTranscript === undefined) {
      this.readKeys = this.#clientApplication;
      this.remember();
    }
  }

  #heardHello(outer: ClientHello, raw: Uint8Array): void {
    this.outerHello = outer;
    if (this.outcome?.kind === 'accepted') {
      this.#take(this.outcome.receiveAgain(outer, raw));
      return;
    }
    const opened = this.#script.ech?.receive(outer, raw);
    this.outcome = opened?.outcome;
    this.#take(opened ?? { hello: outer, raw });
  }

  /** What follows a hello with early_data is under the key of 0-RTT data, until we say that we do not take it. */
  #take({ hello, raw }: Pick<ReceivedByEch, 'hello' | 'raw'>): void {
    this.hello = hello;
    this.transcript = this.transcript.append(raw);
    const { psk } = this.#script;
    if (psk === undefined || !hello.extensions.has(earlyDataExtension)) return;
    const hash = hashOf(this.suite, testProvider);
    this.readKeys = this.keys(new EarlySecrets(hash, psk.key).clientEarlyTrafficSecret(hash.digest([raw])));
  }

  #confirmed<M extends ServerHello | HelloRetryRequest>(message: M): M {
    if (this.outcome?.kind !== 'accepted') return message;
    return this.outcome.confirm(
      message,
      this.hello.random,
      this.transcript,
      hashOf(this.suite, testProvider),
    );
  }

  /** The client has learnt that its 0-RTT data is not taken. */
  readsNoEarlyData(): this {
    this.readKeys = this.#clientHandshake;
    return this;
  }

  #helloFields() {
    return {
      legacyVersion: protocolVersions.tls12,
      legacySessionIdEcho: this.hello.legacySessionId,
      cipherSuite: this.suite.id,
      legacyCompressionMethod: 0,
    };
  }

  get #readsEarlyData(): boolean {
    return this.#script.psk !== undefined && this.hello.extensions.has(earlyDataExtension);
  }

  /** For the transcript up to our ServerHello. Whoever sends nonsense gets keys of nonsense. */
  #deriveHandshakeKeys(secret: Uint8Array = new Uint8Array(32)): void {
    const hash = hashOf(this.suite, testProvider);
    this.#secrets = new EarlySecrets(hash, this.#script.psk?.key).advance(secret);
    this.#serverHandshake = this.keys(this.#secrets.serverTrafficSecret(this.digest()));
    this.#clientHandshake = this.keys(this.#secrets.clientTrafficSecret(this.digest()));
    if (!this.#readsEarlyData) this.readKeys = this.#clientHandshake;
  }
}

const serverSteps = [
  'serverHello',
  'encryptedExtensions',
  'certificateRequest',
  'certificate',
  'certificateVerify',
  'finished',
  'end',
] as const;
