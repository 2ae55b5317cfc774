import type { HashFunction } from '../crypto/provider.ts';
import { TlsError } from '../errors/tls-error.ts';
import type { ClientHello } from '../messages/client-hello.ts';
import type { HelloRetryRequest, ServerHello } from '../messages/server-hello.ts';
import type { Transcript } from '../transcript/transcript.ts';
import type { Context } from './step.ts';

/**
 * Encrypted Client Hello (RFC 9849) as `hello` and the versions see it. The room `ech` makes these values, and a
 * configuration brings them: who does not configure it does not bundle it.
 */

/** A client's part: made by `clientEch` or `greaseEch`. */
export interface ClientEch {
  /** False: nothing is encrypted, it only looks so. */
  readonly canEncrypt: boolean;
  /**
   * For one connection; draws what it needs. `hello` is complete but for binders, and has an empty
   * encrypted_client_hello where that extension is to stand.
   */
  begin(hello: ClientHello, context: Context): EchPair;
}

/** The hello that is meant, and the one that is sent. */
export interface EchPair {
  /** `hello` in the order in which it can be packed, without binders. */
  readonly inner: ClientHello;
  /** What is sent in its place, and how it goes on. `inner`: with binders. */
  wrap(inner: ClientHello): {
    readonly sent: ClientHello;
    readonly offer: EchOffer;
    /** Absent: nothing was encrypted. */
    readonly keys?: EchKeys;
  };
}

/** What opens an encrypted hello, for the key log alone (RFC 9850 §2.3); copies, to be wiped. */
export interface EchKeys {
  /** The random of the outer hello. */
  readonly clientRandom: Uint8Array;
  /** shared_secret of the KEM. */
  readonly secret: Uint8Array;
  /** The ECHConfig. */
  readonly config: Uint8Array;
}

/** How far it has come. `SentHello.hello` is the inner hello once that was taken, and until then the one sent. */
export type EchProgress =
  | {
      readonly state: 'offered';
      readonly offer: RealEchOffer;
      /** The transcript as it is if the inner hello is taken. */
      readonly transcript: Transcript;
    }
  | { readonly state: 'accepted'; readonly offer: RealEchOffer }
  | { readonly state: 'rejected'; readonly offer: RealEchOffer }
  | { readonly state: 'grease'; readonly offer: GreaseEchOffer };

export type EchOffer = RealEchOffer | GreaseEchOffer;

/** There was nobody to encrypt to; what the server says about it means nothing (RFC 9849 §6.2.1). */
export interface GreaseEchOffer extends AnswerChecks {
  readonly kind: 'grease';
}

export interface RealEchOffer extends AnswerChecks {
  readonly kind: 'real';
  readonly inner: ClientHello;
  /** Who answers in the end if the server does not take the inner hello. */
  readonly publicName: string;
  /** Whether this message says that the inner hello was taken; `before`: the transcript of the inner hello up to it. */
  isConfirmed(message: ServerHello | HelloRetryRequest, before: Transcript, hash: HashFunction): boolean;
  /** What is sent in the place of a second inner hello; once. */
  wrapAgain(inner: ClientHello): ClientHello;
}

/** The end of a connection to the public name, after a complete handshake (RFC 9849 §6.1.6). */
export function encryptedHelloRejection(
  publicName: string | undefined,
  retryConfigs: Uint8Array | undefined,
): TlsError {
  const advice =
    retryConfigs === undefined
      ? 'it offers no configuration: Encrypted Client Hello is off there'
      : 'its retry configurations are for the next attempt';
  return new TlsError(
    'incompatible.encryptedHelloRejected',
    `the server could not decrypt the hello and proved to be ${publicName}; ${advice}`,
    { section: 'RFC 9849 §6.1.6', retryConfigs },
  );
}

interface AnswerChecks {
  /** A copy of the ECHConfigList in EncryptedExtensions; `peer.malformedMessage` where it is none. */
  retryConfigs(data: Uint8Array): Uint8Array;
  /** `peer.malformedMessage` for an extension of HelloRetryRequest that cannot be a confirmation. */
  checkRetry(message: HelloRetryRequest): void;
}

/** A server's part: made by `serverEch` or `backendEch`. */
export interface ServerEch {
  /** The hello to answer, which is the inner one if there is one for us. */
  receive(hello: ClientHello, raw: Uint8Array): ReceivedByEch;
}

export interface ReceivedByEch {
  readonly hello: ClientHello;
  /** The whole message of `hello`, as it is hashed. */
  readonly raw: Uint8Array;
  /** `undefined`: the extension is not there. */
  readonly outcome: EchOutcome | undefined;
  /** Absent: nothing was decrypted. */
  readonly keys?: EchKeys;
}

export type EchOutcome = AcceptedEch | RejectedEch;

export interface AcceptedEch {
  readonly kind: 'accepted';
  /** The name in the outer hello; `undefined` where there is none, and on a backend. */
  readonly publicName: string | undefined;
  /** The message with the signal that the inner hello was taken (RFC 9849 §7.2). */
  confirm<M extends ServerHello | HelloRetryRequest>(
    message: M,
    innerRandom: Uint8Array,
    before: Transcript,
    hash: HashFunction,
  ): M;
  /** The inner hello of the answer to a HelloRetryRequest (RFC 9849 §7.1.1). */
  receiveAgain(hello: ClientHello, raw: Uint8Array): Pick<ReceivedByEch, 'hello' | 'raw'>;
}

export interface RejectedEch {
  readonly kind: 'rejected';
  /** The ECHConfigList for EncryptedExtensions. */
  readonly retryConfigs: Uint8Array;
}
