import type { CryptoProvider } from '@sealwire/core';
import { handshakeTypes } from '@sealwire/core/codecs';
import { dissect } from '../anatomy/dissect.ts';
import { findPart } from '../anatomy/part.ts';
import { type Structures, structuresOf, tls13Structures } from '../anatomy/structures.ts';
import { bytesOfHex, hexOf } from '../bytes.ts';
import { OlderCipher, type OlderConnection } from '../middle/older-cipher.ts';
import { olderConnection } from '../middle/older-connection.ts';
import type { Side } from '../pair/script.ts';

/**
 * What of an opened connection is special before TLS 1.3: all that follows a ChangeCipherSpec is sealed, its content type
 * is not, and another handshake brings other keys (RFC 5246 §7.1, §7.4.1.1).
 */
export class OlderOpener {
  readonly #provider: CryptoProvider;
  /** Main secrets by the ClientHello's random, in hex: renegotiations have their own. */
  readonly #secrets: ReadonlyMap<string, Uint8Array>;
  readonly #states: Record<Side, State | undefined> = { client: undefined, server: undefined };
  #clientRandom: Uint8Array = new Uint8Array(0);
  #connection: OlderConnection | undefined;
  #structures = tls13Structures;

  constructor(keyLog: readonly string[], provider: CryptoProvider) {
    this.#provider = provider;
    this.#secrets = new Map(
      keyLog
        .map((line) => line.split(' '))
        .filter(([label]) => label === 'CLIENT_RANDOM')
        .map(([, random = '', secret = '']) => [random.toLowerCase(), bytesOfHex(secret)]),
    );
  }

  /** By whose rules messages are taken apart now. */
  get structures(): Structures {
    return this.#structures;
  }

  /** A handshake message passed. */
  see(message: Uint8Array): void {
    if (message[0] === handshakeTypes.client_hello) {
      this.#clientRandom = findPart(dissect(message), 'random')?.content ?? this.#clientRandom;
    }
    if (message[0] !== handshakeTypes.server_hello) return;
    this.#structures = structuresOf(message);
    const mainSecret = this.#secrets.get(hexOf(this.#clientRandom));
    this.#connection = undefined;
    if (mainSecret !== undefined) this.#connection = olderConnection(message, this.#clientRandom, mainSecret);
  }

  /** A ChangeCipherSpec passed, which means nothing in TLS 1.3. */
  changeCipher(from: Side): void {
    if (this.#structures.version === 'tls13') return;
    const cipher =
      this.#connection === undefined ? undefined : new OlderCipher(this.#provider, this.#connection, from);
    this.#states[from] = { cipher, sequence: 0, changes: (this.#states[from]?.changes ?? 0) + 1 };
  }

  /** Whether what `from` sends now is sealed by the rules of TLS 1.2. */
  isSealed(from: Side): boolean {
    return this.#states[from] !== undefined;
  }

  /** The content of a sealed record and the name of its keys; `undefined` where no secret opens it. */
  open(from: Side, wire: Uint8Array): { readonly content: Uint8Array; readonly epoch: string } | undefined {
    const state = this.#states[from];
    const content = state?.cipher?.open(wire, state.sequence);
    if (state === undefined || content === undefined) return undefined;
    state.sequence++;
    return { content, epoch: state.changes === 1 ? 'negotiated' : 'renegotiated' };
  }
}

interface State {
  readonly cipher: OlderCipher | undefined;
  sequence: number;
  /** ChangeCipherSpecs so far. */
  readonly changes: number;
}
