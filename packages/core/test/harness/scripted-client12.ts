import { groupOf } from '../../src/config/defaults.ts';
import { alpnExtension } from '../../src/extensions/alpn.ts';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import { extension, type RawExtension } from '../../src/extensions/definition.ts';
import { ecPointFormatsExtension } from '../../src/extensions/ec-point-formats.ts';
import { encryptThenMacExtension } from '../../src/extensions/encrypt-then-mac.ts';
import { extendedMainSecretExtension } from '../../src/extensions/extended-main-secret.ts';
import { renegotiationInfoExtension } from '../../src/extensions/renegotiation-info.ts';
import { serverNameExtension } from '../../src/extensions/server-name.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import { supportedGroupsExtension } from '../../src/extensions/supported-groups.ts';
import { createServer, type ServerOptions } from '../../src/index.ts';
import type { ClientHello } from '../../src/messages/client-hello.ts';
import { decodeHandshake12, type Tls12Message } from '../../src/messages/tls12.ts';
import {
  clientKeyExchangeFields,
  clientKeyExchangeOf,
} from '../../src/messages/tls12/client-key-exchange.ts';
import type { CertificateRequest12 } from '../../src/messages/tls12/certificate-request.ts';
import {
  readServerKeyExchange,
  serverKeyExchangeParams,
  type ServerEcdhParams,
} from '../../src/messages/tls12/server-key-exchange.ts';
import type { ServerHello12 } from '../../src/messages/tls12/server-hello.ts';
import { namedGroups } from '../../src/registry/groups.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { pointFormats } from '../../src/registry/point-formats.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { tls12 } from '../../src/tls12/module.ts';
import { suite12 } from '../../src/tls12/suites.ts';
import { ed25519Certificate, ed25519Key, p256Credential, takesFixtures } from './fixtures.ts';
import { olderProvider } from './older-provider.ts';
import { nowMs } from './peer.ts';
import { Peer12, type Change12 } from './peer12.ts';

type Of<T extends Tls12Message['type']> = Extract<Tls12Message, { type: T }>;

export type ClientStep12 = (typeof clientSteps)[number];

/** A client of TLS 1.2 that follows a script, with a real server as its victim, which waits for the ClientHello. */
export function scriptedClient12(options: Partial<ServerOptions> = {}): ScriptedClient12 {
  const client = new ScriptedClient12(
    createServer({
      provider: olderProvider,
      versions: [tls12],
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

export class ScriptedClient12 extends Peer12 {
  override readonly role = 'client';
  serverHello: ServerHello12 | undefined;
  params: ServerEcdhParams | undefined;
  /** The master secret of the session that it offers. */
  resumes: Uint8Array | undefined;
  /** What the server has asked of our certificate, if it has. */
  request: CertificateRequest12 | undefined;

  /** Goes through the handshake as it should be, up to but without `step`; `end`: all of it. */
  before(step: ClientStep12): this {
    return step === 'clientHello' ? this : this.clientHello().afterHello(step);
  }

  /** As `before`, when the ClientHello has left. */
  afterHello(step: ClientStep12): this {
    for (const each of clientSteps.slice(1)) {
      if (each === step || each === 'end') return this;
      if (this.request !== undefined || (each !== 'certificate' && each !== 'certificateVerify'))
        this[each]();
    }
    return this;
  }

  clientHello(change?: Change12<ClientHello>): this {
    const hello: ClientHello = {
      type: 'client_hello',
      legacyVersion: this.profile.version,
      random: olderProvider.random(32),
      legacySessionId: new Uint8Array(0),
      cipherSuites: [this.suite12.id],
      legacyCompressionMethods: new Uint8Array([0]),
      extensions: ExtensionBlock.of('CH', [
        extension('CH', serverNameExtension, { hostName: 'sealwire.test' }),
        extension('CH', supportedGroupsExtension, [namedGroups.x25519, namedGroups.secp256r1]),
        extension('CH', ecPointFormatsExtension, [pointFormats.uncompressed]),
        extension('CH', signatureAlgorithmsExtension, [signatureSchemes.ecdsa_secp256r1_sha256]),
        extension('CH', alpnExtension, ['h2']),
        extension('CH', extendedMainSecretExtension, true),
        extension('CH', renegotiationInfoExtension, this.previous.client),
      ]),
    };
    this.clientRandom = hello.random;
    return this.say12(hello, change);
  }

  /** From the server's first flight to the end, and data under the new keys. */
  completed(): this {
    return this.clientKeyExchange()
      .newKeys()
      .finished()
      .data(new Uint8Array([1]));
  }

  certificate(change?: Change12<Of<'certificate'>>): this {
    return this.say12({ type: 'certificate', certificateList: [ed25519Certificate] }, change);
  }

  /** Our share, and the keys that come of it; `change`: another message, with the same keys. */
  clientKeyExchange(change?: Change12<Of<'client_key_exchange'>>): this {
    const { namedCurve, public: theirs } = this.params!;
    const own = groupOf(olderProvider, namedCurve)!.respond(theirs)!;
    const message = clientKeyExchangeOf(clientKeyExchangeFields.ecdhe, { ecdhYc: own.share });
    this.say12(message, change);
    if (this.failure === undefined) this.derive(own.secret);
    return this;
  }

  certificateVerify(change?: Change12<Of<'certificate_verify'>>): this {
    const signature = ed25519Key.sign({ type: 'ed25519' }, this.messages);
    return this.say12({ type: 'certificate_verify', algorithm: signatureSchemes.ed25519, signature }, change);
  }

  protected heard(raw: Uint8Array): void {
    if (raw[0] === handshakeTypes.finished) this.checkFinished(raw);
    this.transcript = this.transcript.append(raw);
    const { hasSchemeField } = this.profile.signs;
    const message = decodeHandshake12(raw, hasSchemeField);
    if (message?.type === 'server_hello') this.#heardHello(message);
    if (message?.type === 'certificate_request') this.request = message;
    if (message?.type === 'server_key_exchange') {
      const form = hasSchemeField ? 'withScheme' : 'bare';
      this.params = readServerKeyExchange(message, serverKeyExchangeParams.ecdhe, form).params;
    }
  }

  #heardHello(hello: ServerHello12): void {
    this.serverHello = hello;
    this.serverRandom = hello.random;
    this.suite12 = suite12(hello.cipherSuite)!;
    this.extendsMainSecret = hello.extensions.has(extendedMainSecretExtension);
    this.encryptsThenMacs = hello.extensions.has(encryptThenMacExtension);
    if (this.resumes !== undefined) this.resume(this.resumes);
  }
}

/** `hello` with one extension more, or another one in the place of the one of its type. */
export function helloWith(hello: ClientHello, entry: RawExtension): ClientHello {
  const others = hello.extensions.entries.filter(({ type }) => type !== entry.type);
  return { ...hello, extensions: ExtensionBlock.of('CH', [...others, entry]) };
}

export function helloWithout(
  hello: ClientHello,
  ...types: readonly { readonly type: number }[]
): ClientHello {
  const entries = hello.extensions.entries.filter(({ type }) => !types.some((each) => each.type === type));
  return { ...hello, extensions: ExtensionBlock.of('CH', entries) };
}

const clientSteps = [
  'clientHello',
  'certificate',
  'clientKeyExchange',
  'certificateVerify',
  'newKeys',
  'finished',
  'end',
] as const;
