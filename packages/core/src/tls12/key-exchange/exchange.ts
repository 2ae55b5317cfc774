import type { ClientConfig } from '../../config/client.ts';
import type { ServerConfig } from '../../config/server.ts';
import type { KeyExchangeKey, KeyKind } from '../../crypto/provider.ts';
import type { Context } from '../../machine/step.ts';
import type { ClientHello } from '../../messages/client-hello.ts';
import type { ClientKeyExchange } from '../../messages/tls12/client-key-exchange.ts';
import type { DigitallySigned } from '../../messages/tls12/digitally-signed.ts';
import type { ServerKeyExchange, SignatureForm } from '../../messages/tls12/server-key-exchange.ts';
import type { DecryptPremasterReply } from '../../values/decisions.ts';
import type { Facts } from '../../values/facts.ts';

/**
 * How the two sides of a cipher suite come to a premaster secret (RFC 5246 §7.4.3, §7.4.7). One object for each
 * KeyExchangeAlgorithm; nobody else asks which one it is.
 */
export type KeyExchange = Agreement | Transport | PreShared;

/** The server begins, with a ServerKeyExchange that its certificate's key signs; the client answers and the server finishes. */
export interface Agreement {
  readonly kind: 'agreement';
  /** Server: whether it could be done with this client. */
  isPossible(config: ServerConfig, hello: ClientHello, context: Context): boolean;
  /** Server: a fresh key, and what ServerKeyExchange says of it. */
  begin(terms: ServerTerms, context: Context): Begun;
  /** Client: reads ServerKeyExchange; what does not fit is `peer.malformedMessage`. */
  read(message: ServerKeyExchange, form: SignatureForm): Announced;
  /** Server: the premaster secret; `message` is the client's answer. */
  finish(key: KeyExchangeKey, message: ClientKeyExchange): Uint8Array;
}

/** The client alone draws the secret, and encrypts it to the key of the server's certificate; there is no ServerKeyExchange. */
export interface Transport {
  readonly kind: 'transport';
  /** Client: `spki` is the accepted key of the server. */
  encrypt(hello: ClientHello, spki: Uint8Array, context: Context): Response;
  /** Server: what the application is to decrypt. */
  ciphertextOf(message: ClientKeyExchange): Uint8Array;
  /** Server: what counts instead if it does not decrypt; drawn before it is known whether it will. */
  drawFallback(context: Context): Uint8Array;
  /** Server: the premaster secret, in any case. */
  secretOf(reply: DecryptPremasterReply, fallback: Uint8Array, clientVersion: number): Uint8Array;
}

/**
 * A key that both sides have already (RFC 4279 §2), alone or with what another key exchange gives; what is done with it
 * stands in `psk.ts`. ServerKeyExchange may be missing where the other one has none, and is never signed.
 */
export interface PreShared {
  readonly kind: 'preShared';
  /** `undefined`: the key alone, without forward secrecy. */
  readonly other: Agreement | Transport | undefined;
}

export interface ServerTerms {
  readonly config: ServerConfig;
  readonly hello: ClientHello;
  /** The kind of our certificate's key, as far as it is known. */
  readonly certificateKey: KeyKind | undefined;
}

export interface Begun {
  readonly key: KeyExchangeKey;
  /** What is signed behind both randoms. */
  readonly paramsBytes: Uint8Array;
  readonly facts: Partial<Facts>;
}

/** What a ServerKeyExchange says. */
export interface Announced {
  readonly paramsBytes: Uint8Array;
  readonly signed: DigitallySigned | undefined;
  /** Our answer; refuses what we did not offer and what is not good enough. */
  respond(config: ClientConfig, context: Context): Response;
}

export interface Response {
  readonly message: ClientKeyExchange;
  readonly premaster: Uint8Array;
  readonly facts: Partial<Facts>;
}
