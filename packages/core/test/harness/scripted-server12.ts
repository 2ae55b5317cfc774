import { groupOf } from '../../src/config/defaults.ts';
import type { KeyExchangeKey, PrivateKey, SignatureAlgorithm } from '../../src/crypto/provider.ts';
import { alpnExtension } from '../../src/extensions/alpn.ts';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import { extension, type RawExtension } from '../../src/extensions/definition.ts';
import { ecPointFormatsExtension } from '../../src/extensions/ec-point-formats.ts';
import { encryptThenMacExtension } from '../../src/extensions/encrypt-then-mac.ts';
import { extendedMainSecretExtension } from '../../src/extensions/extended-main-secret.ts';
import { renegotiationInfoExtension } from '../../src/extensions/renegotiation-info.ts';
import { createClient, type ClientOptions } from '../../src/index.ts';
import { envelope } from '../../src/messages/envelope.ts';
import { decodeHandshake12, encodeMessage12, type Tls12Message } from '../../src/messages/tls12.ts';
import {
  clientKeyExchangeFields,
  readClientKeyExchange,
} from '../../src/messages/tls12/client-key-exchange.ts';
import {
  serverKeyExchangeOf,
  serverKeyExchangeParams,
} from '../../src/messages/tls12/server-key-exchange.ts';
import { clientCertificateTypes } from '../../src/registry/client-certificate-types.ts';
import { namedGroups, type NamedGroup } from '../../src/registry/groups.ts';
import { contentTypes } from '../../src/registry/content-types.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { pointFormats } from '../../src/registry/point-formats.ts';
import { signatureSchemes, type SignatureScheme } from '../../src/registry/signature-schemes.ts';
import { tls12 } from '../../src/tls12/module.ts';
import { suite12 } from '../../src/tls12/suites.ts';
import { concat } from '../../src/wire/bytes.ts';
import { encode } from '../../src/wire/codec.ts';
import type { ClientHello } from '../../src/messages/client-hello.ts';
import { ed25519Credential, p256Certificate, p256Key, takesFixtures } from './fixtures.ts';
import { olderProvider } from './older-provider.ts';
import { nowMs, type Peer } from './peer.ts';
import { Peer12, type Change12 } from './peer12.ts';

type Of<T extends Tls12Message['type']> = Extract<Tls12Message, { type: T }>;

export interface ServerScript12 {
  /** Whether it asks for a certificate. */
  readonly asksClient?: boolean;
  readonly group?: NamedGroup;
  readonly suite?: number;
  /** It resumes what the client offers, with this master secret. */
  readonly resumes?: Uint8Array;
  /** Whether it announces a staple and sends it. */
  readonly staples?: boolean;
  /** Without the extensions that make the handshake safe. */
  readonly withoutExtendedMainSecret?: boolean;
  readonly withoutRenegotiationInfo?: boolean;
  /** What else it answers. */
  readonly extensions?: readonly RawExtension[];
  readonly certificate?: Uint8Array;
  readonly key?: PrivateKey;
  readonly scheme?: SignatureScheme;
  readonly algorithm?: SignatureAlgorithm;
}

export type ServerStep12 = (typeof serverSteps)[number];

/**
 * A server of TLS 1.2 that follows a script, with a real client as its victim. The client has sent its ClientHello: it
 * offers x25519 and P-256, two ALPN protocols and a server name.
 */
export function scriptedServer12(
  options: Partial<ClientOptions> = {},
  script: ServerScript12 = {},
): ScriptedServer12 {
  const server = new ScriptedServer12(
    createClient({
      provider: olderProvider,
      versions: [tls12],
      serverName: 'sealwire.test',
      groups: [namedGroups.x25519, namedGroups.secp256r1],
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

export class ScriptedServer12 extends Peer12 {
  override readonly role = 'server';
  hello!: ClientHello;
  readonly #script: ServerScript12;
  readonly #key: KeyExchangeKey;

  constructor(victim: Peer['victim'], script: ServerScript12) {
    super(victim);
    this.#script = script;
    this.#key = groupOf(olderProvider, this.#group)!.generate();
    if (script.suite !== undefined) this.suite12 = suite12(script.suite)!;
  }

  get #group(): NamedGroup {
    return this.#script.group ?? namedGroups.x25519;
  }

  /** Goes through the handshake as it should be, up to but without `step`; `end`: all of it. */
  before(step: ServerStep12): this {
    for (const each of serverSteps) {
      if (each === step || each === 'end') return this;
      if (each === 'certificateRequest' && this.#script.asksClient !== true) continue;
      if (each === 'certificateStatus' && this.#script.staples !== true) continue;
      this[each]();
    }
    return this;
  }

  helloRequest(): this {
    // In no transcript (RFC 5246 §7.4.1.1).
    return this.record(contentTypes.handshake, encodeMessage12({ type: 'hello_request' }));
  }

  serverHello(change?: Change12<Of<'server_hello'>>): this {
    const { resumes } = this.#script;
    this.serverRandom = olderProvider.random(32);
    this.say12(
      {
        type: 'server_hello',
        serverVersion: this.profile.version,
        random: this.serverRandom,
        sessionId: resumes === undefined ? new Uint8Array(0) : this.hello.legacySessionId,
        cipherSuite: this.suite12.id,
        compressionMethod: 0,
        extensions: ExtensionBlock.of('SH12', this.#answers()),
      },
      change,
    );
    if (resumes !== undefined) this.resume(resumes);
    return this;
  }

  #answers(): RawExtension[] {
    const { withoutExtendedMainSecret, withoutRenegotiationInfo, staples, extensions = [] } = this.#script;
    const info = concat([this.previous.client, this.previous.server]);
    const list = [
      ...(withoutRenegotiationInfo === true ? [] : [extension('SH12', renegotiationInfoExtension, info)]),
      extension('SH12', ecPointFormatsExtension, [pointFormats.uncompressed]),
    ];
    if (this.hello.extensions.has(alpnExtension)) list.push(extension('SH12', alpnExtension, 'h2'));
    this.extendsMainSecret = withoutExtendedMainSecret !== true;
    if (this.extendsMainSecret) list.push(extension('SH12', extendedMainSecretExtension, true));
    this.encryptsThenMacs = extensions.some(({ type }) => type === encryptThenMacExtension.type);
    if (staples === true) list.push({ type: 5, data: new Uint8Array(0) });
    return [...list.filter(({ type }) => extensions.every((each) => each.type !== type)), ...extensions];
  }

  certificate(change?: Change12<Of<'certificate'>>): this {
    const certificateList = [this.#script.certificate ?? p256Certificate];
    return this.say12({ type: 'certificate', certificateList }, change);
  }

  certificateStatus(change?: Change12<Of<'certificate_status'>>): this {
    return this.say12({ type: 'certificate_status', response: new Uint8Array([1, 2, 3]) }, change);
  }

  serverKeyExchange(change?: Change12<Of<'server_key_exchange'>>): this {
    return this.say12(this.keyExchange(), change);
  }

  /** ServerKeyExchange with other parameters, rightly signed. */
  keyExchange(paramsBytes: Uint8Array = this.params()): Of<'server_key_exchange'> {
    const { hasSchemeField } = this.profile.signs;
    const { key = p256Key, algorithm = { type: 'ecdsa', hash: hasSchemeField ? 'sha256' : 'sha1' } } =
      this.#script;
    const { scheme = hasSchemeField ? signatureSchemes.ecdsa_secp256r1_sha256 : undefined } = this.#script;
    const content = concat([this.clientRandom, this.serverRandom, paramsBytes]);
    return serverKeyExchangeOf(paramsBytes, {
      algorithm: scheme,
      signature: key.sign(algorithm, content),
    });
  }

  params(share: Uint8Array = this.#key.share, namedCurve: NamedGroup = this.#group): Uint8Array {
    return encode(serverKeyExchangeParams.ecdhe, { namedCurve, public: share });
  }

  get share(): Uint8Array {
    return this.#key.share;
  }

  certificateRequest(change?: Change12<Of<'certificate_request'>>): this {
    return this.say12(
      {
        type: 'certificate_request',
        certificateTypes: [clientCertificateTypes.ecdsa_sign],
        supportedSignatureAlgorithms: [signatureSchemes.ed25519, signatureSchemes.ecdsa_secp256r1_sha256],
        certificateAuthorities: [],
      },
      change,
    );
  }

  /** The client answers with all of its flight, at once. */
  serverHelloDone(change?: Change12<Of<'server_hello_done'>>): this {
    return this.say12({ type: 'server_hello_done' }, change);
  }

  protected heard(raw: Uint8Array): void {
    if (raw[0] === handshakeTypes.finished) this.checkFinished(raw);
    this.transcript = this.transcript.append(raw);
    const message = decodeHandshake12(raw, this.profile.signs.hasSchemeField);
    if (message?.type === 'client_hello') {
      this.hello = message;
      this.clientRandom = message.random;
    }
    if (message?.type === 'client_key_exchange') {
      const { ecdhYc } = readClientKeyExchange(message, clientKeyExchangeFields.ecdhe);
      this.derive(this.#key.finish(ecdhYc)!);
    }
  }

  /** Bodies of the victim's messages of this type. */
  bodiesOf(type: number): Uint8Array[] {
    return this.messagesOf(type).map((raw) => envelope(raw).body);
  }
}

const serverSteps = [
  'serverHello',
  'certificate',
  'certificateStatus',
  'serverKeyExchange',
  'certificateRequest',
  'serverHelloDone',
  'newKeys',
  'finished',
  'end',
] as const;
