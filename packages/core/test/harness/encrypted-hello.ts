import { type EchCipherSuite, parseEchConfig } from '../../src/ech/config-list.ts';
import { generateEchKey } from '../../src/ech/keys.ts';
import { outerExtension, type OuterEch } from '../../src/ech/hello-extension.ts';
import { encryptedClientHelloExtension } from '../../src/extensions/encrypted-client-hello.ts';
import { extension, type RawExtension } from '../../src/extensions/definition.ts';
import { writeExtensions } from '../../src/extensions/matrix.ts';
import { serverNameExtension } from '../../src/extensions/server-name.ts';
import { hpkeOf } from '../../src/hpke/hpke.ts';
import { clientHello, type ClientHello } from '../../src/messages/client-hello.ts';
import { encodeHandshake } from '../../src/messages/envelope.ts';
import { encodeMessage } from '../../src/messages/tls13.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { ascii, concat } from '../../src/wire/bytes.ts';
import { encode } from '../../src/wire/codec.ts';
import { Writer } from '../../src/wire/writer.ts';
import { testProvider } from './node-provider.ts';
import { withExtension } from './peer.ts';
import type { Wrap } from './scripted-client.ts';

/** The key of every server that is attacked with encrypted hellos. */
export const echKey = generateEchKey({ provider: testProvider, publicName: 'public.test', configId: 5 });

/** How an encrypted hello deviates. */
export interface EchChanges {
  /** The inner hello's extensions, before anything is packed. */
  readonly inner?: (entries: readonly RawExtension[]) => readonly RawExtension[];
  /** EncodedClientHelloInner as a whole. */
  readonly encoded?: (bytes: Uint8Array) => Uint8Array;
  /** Extensions of EncodedClientHelloInner, where they are not those of the inner hello. */
  readonly packed?: (entries: readonly RawExtension[]) => readonly RawExtension[];
  /** The outer hello, before it is bound. */
  readonly outer?: (hello: ClientHello) => ClientHello;
  /** encrypted_client_hello after sealing. */
  readonly extension?: (value: OuterEch) => OuterEch | RawExtension | undefined;
  /** What the outer hello says, and is bound to say. Default: that of `echKey`. */
  readonly configId?: number;
  /** legacy_session_id inside. */
  readonly sessionId?: Uint8Array;
}

/**
 * An attacker's own client of Encrypted Client Hello, independent of ours: everything is written by hand, so that
 * anything can be written wrongly. One object for the two hellos of a connection.
 */
export class EncryptedHellos {
  readonly #contents = parseEchConfig(echKey.config)!.contents!;
  readonly #outerRandom = testProvider.random(32);
  readonly #sealing;
  #sequence = 0;

  readonly #suite: EchCipherSuite;

  /** `suite`: in place of the first one of `echKey`. */
  constructor(suite?: EchCipherSuite) {
    const { kem, cipherSuites, publicKey } = this.#contents;
    this.#suite = suite ?? cipherSuites[0]!;
    const hpke = hpkeOf(testProvider, kem, this.#suite.kdf, this.#suite.aead)!;
    const info = concat([ascii('tls ech\0'), echKey.config]);
    this.#sealing = hpke.seal(publicKey, info, hpke.kem.group.generate())!;
  }

  /** For `wrappedHello` and `wrappedSecondHello`. */
  wrap(changes: EchChanges = {}): Wrap {
    return (hello) => {
      const own = [...hello.extensions.entries, innerEntry];
      const inner = changes.inner?.(own) ?? own;
      const packed = changes.packed?.(inner) ?? inner;
      const plain = bodyOf(hello, changes.sessionId ?? new Uint8Array(0), packed);
      const encoded = changes.encoded?.(plain) ?? plain;
      const outer = this.#outer(hello);
      const changed = changes.outer?.(outer) ?? outer;
      return {
        sent: this.#seal(changed, encoded, changes),
        hashed: encodeHandshake(handshakeTypes.client_hello, bodyOf(hello, changed.legacySessionId, inner)),
      };
    };
  }

  #outer(hello: ClientHello): ClientHello {
    const name = extension('CH', serverNameExtension, { hostName: 'public.test' });
    return { ...hello, random: this.#outerRandom, extensions: hello.extensions.with(name) };
  }

  #seal(outer: ClientHello, encoded: Uint8Array, { extension: change, configId }: EchChanges): Uint8Array {
    const sequence = this.#sequence++;
    const value = (payload: Uint8Array): OuterEch => ({
      configId: configId ?? this.#contents.configId,
      cipherSuite: this.#suite,
      enc: sequence === 0 ? this.#sealing.enc : new Uint8Array(0),
      payload,
    });
    const blank = value(new Uint8Array(encoded.length + 16));
    const aad = encode(clientHello, withExtension(outer, outerExtension(blank)));
    const sealed = value(this.#sealing.context.seal(sequence, aad, encoded));
    const sent = change === undefined ? sealed : change(sealed);
    if (sent === undefined) return encodeMessage(outer);
    return encodeMessage(withExtension(outer, 'type' in sent ? sent : outerExtension(sent)));
  }
}

/** The body of a hello whose extensions may be anything. */
function bodyOf(
  hello: ClientHello,
  legacySessionId: Uint8Array,
  entries: readonly RawExtension[],
): Uint8Array {
  const whole = encode(clientHello, { ...hello, legacySessionId });
  const length = whole.length - block(hello.extensions.entries).length;
  return concat([whole.subarray(0, length), block(entries)]);
}

function block(entries: readonly RawExtension[]): Uint8Array {
  const writer = new Writer();
  writeExtensions(writer, entries);
  return writer.finish();
}

export const innerEntry: RawExtension = {
  type: encryptedClientHelloExtension.type,
  data: new Uint8Array([1]),
};
