import { spelt } from '../config/checks.ts';
import { ownOptions } from '../config/option-names.ts';
import { requireProvider } from './require-provider.ts';
import type { CryptoProvider, KeyExchangeKey } from '../crypto/provider.ts';
import { ApiMisuseError, TlsError } from '../errors/tls-error.ts';
import { encryptedClientHelloExtension } from '../extensions/encrypted-client-hello.ts';
import { serverNameExtension } from '../extensions/server-name.ts';
import { supportedVersionsExtension } from '../extensions/supported-versions.ts';
import { hpkeOf, type HpkeContext } from '../hpke/hpke.ts';
import { kemOf } from '../hpke/kem.ts';
import type { AcceptedEch, ServerEch } from '../machine/ech.ts';
import { clientHello, type ClientHello } from '../messages/client-hello.ts';
import { envelope } from '../messages/envelope.ts';
import { offersOlderThanTls13 } from '../negotiate/version.ts';
import { ascii, concat, copyOf, sameBytes } from '../wire/bytes.ts';
import { decode, encode } from '../wire/codec.ts';
import {
  encodeEchConfigList,
  parseEchConfig,
  type EchConfig,
  type EchConfigContents,
} from './config-list.ts';
import { confirmed } from './confirmation.ts';
import { decodeInner } from './encoded-inner.ts';
import { outerExtension, readEchClientHello, type OuterEch } from './hello-extension.ts';
import type { EchKey } from './keys.ts';

export interface ServerEchOptions {
  readonly provider: CryptoProvider;
  /** All keys that clients may still know of, most wanted first; keep old ones as long as DNS may serve them. */
  readonly keys: readonly EchKey[];
  /** How many of `keys`, from the first on, are handed to clients whose hello could not be decrypted. Default 1. */
  readonly retryConfigs?: number;
  /**
   * Try every key, whatever config_id a client sends, because the clients draw it (RFC 9849 §10.4). Each hello then
   * costs as many key exchanges as there are keys. Default false.
   */
  readonly trialDecryption?: boolean;
  /** Refuse an outer hello whose server_name is not its configuration's public_name (RFC 9849 §7.1). Default false. */
  readonly requirePublicName?: boolean;
}

/**
 * Encrypted Client Hello for a server's option `acceptEch` (RFC 9849 §7), client-facing and backend server in one. The server
 * needs certificates for the names inside and for each public name. `ApiMisuseError` for keys that do not fit.
 */
export function serverEch(options: ServerEchOptions): ServerEch {
  const {
    provider,
    keys,
    retryConfigs: count = 1,
    trialDecryption = false,
    requirePublicName = false,
  } = ownOptions('serverEch', options, optionNames);
  requireProvider(provider);
  if (!Array.isArray(keys)) throw new ApiMisuseError(`keys must be an array, got ${spelt(keys)}`);
  for (const [name, value] of Object.entries({ trialDecryption, requirePublicName }))
    if (typeof value !== 'boolean')
      throw new ApiMisuseError(`${name} must be a boolean, got ${spelt(value)}`);
  if (keys.length === 0) throw new ApiMisuseError('keys must hold at least one ECH key');
  if (!Number.isInteger(count) || count < 1 || count > keys.length) {
    throw new ApiMisuseError(`retryConfigs must be an integer from 1 to ${keys.length}, got ${count}`);
  }
  const ring = keys.map((key) => usableKey(key, provider));
  const retryConfigs = encodeEchConfigList(keys.slice(0, count).map(({ config }) => config));
  return {
    receive(hello, raw) {
      const extension = extensionOf(hello);
      if (extension === undefined) return { hello, raw, outcome: undefined };
      // RFC 9849 §7: such a hello never comes from the network.
      if (extension === 'inner') refuse('a hello of the inner type came in the clear');
      const opened = openFirst(hello, extension, ring, trialDecryption, provider);
      if (opened === undefined) return { hello, raw, outcome: { kind: 'rejected', retryConfigs } };
      const publicName = hello.extensions.get(serverNameExtension)?.hostName;
      const expected = opened.key.contents.publicName;
      if (requirePublicName && publicName?.toLowerCase() !== expected.toLowerCase()) {
        refuse(`the outer server_name is ${publicName ?? 'absent'}, the configuration's is ${expected}`);
      }
      const inner = innerOf(opened.encoded, hello);
      const keys = {
        clientRandom: copyOf(hello.random),
        secret: opened.secret,
        config: copyOf(opened.key.config.bytes),
      };
      return { ...inner, outcome: accepted(extension, opened.context, publicName), keys };
    },
  };
}

/**
 * For a server behind one that has decrypted the hello (RFC 9849 §3.1, split mode): it receives the inner hello, and
 * says so to the client. Only for connections that come from such a server, or with `ignoreOuter` from anybody: then hellos of the
 * outer type, which somebody else has a key for, are taken as they are. Where an older version is selected, nothing is confirmed (§7.2).
 */
export function backendEch(options: { readonly ignoreOuter?: boolean } = {}): ServerEch {
  const { ignoreOuter = false } = ownOptions('backendEch', options, { ignoreOuter: true });
  return {
    receive(hello, raw) {
      const extension = extensionOf(hello);
      if (extension === undefined || (ignoreOuter && extension !== 'inner'))
        return { hello, raw, outcome: undefined };
      if (extension !== 'inner') refuse('a hello of the outer type came to a backend server');
      const receiveAgain: AcceptedEch['receiveAgain'] = (second, secondRaw) => ({
        hello: ofInnerType(second),
        raw: secondRaw,
      });
      return {
        hello,
        raw,
        outcome: { kind: 'accepted', publicName: undefined, confirm: confirmed, receiveAgain },
      };
    },
  };
}

const optionNames: Readonly<Record<keyof ServerEchOptions, true>> = {
  provider: true,
  keys: true,
  retryConfigs: true,
  trialDecryption: true,
  requirePublicName: true,
};

interface RingKey {
  readonly config: EchConfig;
  readonly contents: EchConfigContents;
  readonly key: KeyExchangeKey;
}

function usableKey(key: EchKey, provider: CryptoProvider): RingKey {
  const { config: bytes, privateKey } = key ?? {};
  if (!(bytes instanceof Uint8Array) || !(privateKey instanceof Uint8Array))
    throw new ApiMisuseError('keys must hold what generateEchKey makes: { config, privateKey }');
  const config = parseEchConfig(bytes);
  if (config?.contents === undefined) {
    throw new ApiMisuseError('the config of an ECH key must be one ECHConfig of version 0xfe0d');
  }
  const { contents } = config;
  const restored = kemOf(provider, contents.kem)?.group.restore(privateKey);
  if (restored === undefined || !sameBytes(restored.share, contents.publicKey)) {
    throw new ApiMisuseError(
      `the private key of ECH config ${contents.configId} does not fit its public key`,
    );
  }
  return { config, contents, key: restored };
}

function extensionOf({ extensions }: ClientHello): OuterEch | 'inner' | undefined {
  const data = extensions.raw(encryptedClientHelloExtension);
  return data === undefined ? undefined : readEchClientHello(data);
}

/** RFC 9849 §7.1: the first candidate that decrypts it; `undefined` where none does. */
function openFirst(
  outer: ClientHello,
  { configId, cipherSuite, enc, payload }: OuterEch,
  ring: readonly RingKey[],
  trialDecryption: boolean,
  provider: CryptoProvider,
) {
  const aad = boundBytes(outer, { configId, cipherSuite, enc, payload });
  for (const each of ring) {
    const { contents, config, key } = each;
    if (!trialDecryption && contents.configId !== configId) continue;
    const { kdf, aead } = cipherSuite;
    if (!contents.cipherSuites.some((suite) => suite.kdf === kdf && suite.aead === aead)) continue;
    const info = concat([ascii('tls ech\0'), config.bytes]);
    let secret: Uint8Array = new Uint8Array(0);
    const hpke = hpkeOf(provider, contents.kem, kdf, aead);
    const context = hpke?.open(enc, info, key, (shared) => (secret = shared));
    const encoded = context?.open(0, aad, payload);
    if (context !== undefined && encoded !== undefined) return { key: each, context, encoded, secret };
    secret.fill(0);
  }
  return undefined;
}

function accepted(first: OuterEch, context: HpkeContext, publicName: string | undefined): AcceptedEch {
  return {
    kind: 'accepted',
    publicName,
    confirm: confirmed,
    receiveAgain(outer) {
      const extension = extensionOf(outer);
      if (extension === undefined) {
        throw new TlsError(
          'peer.missingExtension',
          'the second ClientHello lacks encrypted_client_hello',
          at,
        );
      }
      if (
        extension === 'inner' ||
        extension.configId !== first.configId ||
        extension.cipherSuite.kdf !== first.cipherSuite.kdf ||
        extension.cipherSuite.aead !== first.cipherSuite.aead ||
        extension.enc.length > 0
      ) {
        refuse('the second hello changes config_id or cipher_suite, or encapsulates a key again', at.section);
      }
      const encoded = context.open(1, boundBytes(outer, extension), extension.payload);
      if (encoded === undefined) {
        throw new TlsError('peer.undecryptableSecondHello', 'the second inner hello does not decrypt', at);
      }
      return innerOf(encoded, outer);
    },
  };
}

/** ClientHelloOuterAAD (RFC 9849 §5.2). A ClientHello has one encoding, so that its fields give its bytes. */
function boundBytes(outer: ClientHello, extension: OuterEch): Uint8Array {
  const blank = outerExtension({ ...extension, payload: new Uint8Array(extension.payload.length) });
  return encode(clientHello, { ...outer, extensions: outer.extensions.with(blank) });
}

function innerOf(encoded: Uint8Array, outer: ClientHello) {
  const raw = decodeInner(encoded, outer);
  return { hello: checkedInner(decode(clientHello, envelope(raw).body, 'client_hello_inner')), raw };
}

/** RFC 9849 §7.1: of the inner type, and for TLS 1.3 alone. */
function checkedInner(hello: ClientHello): ClientHello {
  ofInnerType(hello);
  const versions = hello.extensions.get(supportedVersionsExtension);
  if (versions === undefined || offersOlderThanTls13(versions))
    refuse('the inner hello offers older versions');
  return hello;
}

function ofInnerType(hello: ClientHello): ClientHello {
  const data = hello.extensions.raw(encryptedClientHelloExtension);
  if (data !== undefined && readEchClientHello(data) === 'inner') return hello;
  return refuse('the inner hello lacks an encrypted_client_hello of the inner type');
}

function refuse(what: string, section = 'RFC 9849 §7.1'): never {
  throw new TlsError('peer.illegalEncryptedHello', what, { ...at, section });
}

const at = {
  section: 'RFC 9849 §7.1.1',
  handshakeMessage: 'client_hello',
  field: 'encrypted_client_hello',
};
