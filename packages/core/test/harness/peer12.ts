import { encodeHandshake, envelope } from '../../src/messages/envelope.ts';
import { encodeMessage12, type Tls12Message } from '../../src/messages/tls12.ts';
import { contentTypes } from '../../src/registry/content-types.ts';
import { suites12 } from '../../src/registry/suites12.ts';
import { protocolVersions, type ProtocolVersion } from '../../src/registry/versions.ts';
import {
  extendedMainSecret,
  keyBlock,
  keySizes,
  mainSecret,
  verifyData,
  type DirectionKeys,
} from '../../src/tls12/key-schedule.ts';
import { finishedHash, prf } from '../../src/tls12/prf.ts';
import { profileOf, type Profile } from '../../src/tls12/profile.ts';
import { recordProtection } from '../../src/tls12/record-protection.ts';
import { suite12, type Suite12 } from '../../src/tls12/suites.ts';
import { Transcript } from '../../src/transcript/transcript.ts';
import { concat } from '../../src/wire/bytes.ts';
import { olderProvider } from './older-provider.ts';
import { Peer, plainRecord, type Keys } from './peer.ts';

/** How a message deviates: another message, or the raw bytes of the whole message. Without a change it is correct. */
export type Change12<M extends Tls12Message> = (message: M) => Tls12Message | Uint8Array;

/**
 * One end of TLS 1.2 that follows a script, against a real `Connection`. Its transcript is the list of messages that
 * went over the wire, and it checks the victim's Finished against it.
 */
export abstract class Peer12 extends Peer {
  /** What it speaks. */
  profile: Profile = profileOf(protocolVersions.tls12);
  suite12: Suite12 = suite12(suites12.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)!;
  clientRandom: Uint8Array = new Uint8Array(32);
  serverRandom: Uint8Array = new Uint8Array(32);
  extendsMainSecret = false;
  encryptsThenMacs = false;
  main: Uint8Array | undefined;
  override transcript = Transcript.readable;
  abstract readonly role: 'client' | 'server';
  /** Keys that are there, and wait for their change_cipher_spec. */
  protected nextRead: Keys | undefined;
  protected nextWrite: Keys | undefined;
  /** What our records are made with, for whoever makes them otherwise. */
  ownKeys: DirectionKeys | undefined;
  #victimHasKeys = false;
  /** verify_data of this handshake, as far as it has been said. */
  #said: Record<'client' | 'server', Uint8Array> = { client: noBytes, server: noBytes };
  /** verify_data of the handshake before this one; empty: there was none. */
  previous: Readonly<Record<'client' | 'server', Uint8Array>> = { client: noBytes, server: noBytes };

  override get victimHasKeys(): boolean {
    return this.#victimHasKeys;
  }

  /** All messages so far, theirs and ours. */
  get messages(): Uint8Array {
    return this.transcript.bytes;
  }

  protected override heardChangeCipherSpec(): void {
    this.#victimHasKeys = true;
    this.readKeys = this.nextRead;
  }

  /** Forgets the handshake but for its Finished messages: another one begins, under its keys. */
  again(): this {
    this.previous = this.#said;
    this.#said = { client: noBytes, server: noBytes };
    this.transcript = Transcript.readable;
    return this;
  }

  /** Speaks another version, from its first message on. */
  speaking(version: ProtocolVersion): this {
    this.profile = profileOf(version);
    return this;
  }

  override seal(type: number, content: Uint8Array, padding = 0): Uint8Array {
    if (this.writeKeys === undefined) return plainRecord(type, content, this.profile.recordVersion);
    return super.seal(type, content, padding);
  }

  /** One change_cipher_spec, under whatever keys there are; our keys stay as they are. */
  override changeCipherSpec(content: Uint8Array = new Uint8Array([1])): this {
    return this.record(contentTypes.change_cipher_spec, content);
  }

  /** change_cipher_spec, and from there on our new keys. */
  newKeys(): this {
    this.changeCipherSpec();
    this.writeKeys = this.nextWrite;
    return this;
  }

  /** Our new keys without a word about it. */
  switchKeys(): this {
    this.writeKeys = this.nextWrite;
    return this;
  }

  finished(change?: Change12<Extract<Tls12Message, { type: 'finished' }>>): this {
    const verifyData = this.verifyData(this.role);
    this.#said[this.role] = verifyData;
    return this.say12({ type: 'finished', verifyData }, change);
  }

  say12<M extends Tls12Message>(message: M, change?: Change12<M>): this {
    const said = change === undefined ? message : change(message);
    return this.handshake(said instanceof Uint8Array ? said : encodeMessage12(said));
  }

  verifyData(sender: 'client' | 'server'): Uint8Array {
    // Whoever finishes before there are keys has nonsense to say.
    const main = this.main ?? new Uint8Array(48);
    return verifyData(this.#prf(), main, sender, this.#digest());
  }

  /** The victim's Finished is right for what both have said. */
  protected checkFinished(raw: Uint8Array): void {
    const victim = this.role === 'client' ? 'server' : 'client';
    const expected = this.verifyData(victim);
    this.#said[victim] = expected;
    if (envelope(raw).body.some((byte, i) => byte !== expected[i])) {
      throw new Error("the victim's Finished does not fit what both have said");
    }
  }

  /** Keys of both directions, when all messages up to ClientKeyExchange are in the transcript. */
  protected derive(premaster: Uint8Array): void {
    const { clientRandom, serverRandom } = this;
    this.resume(
      this.extendsMainSecret
        ? extendedMainSecret(this.#prf(), premaster, this.#digest())
        : mainSecret(this.#prf(), premaster, clientRandom, serverRandom),
    );
  }

  /** Keys of both directions from a master secret that is there, when both hellos are. */
  resume(main: Uint8Array): this {
    const { clientRandom, serverRandom } = this;
    this.main = main;
    const sizes = keySizes(this.profile, this.suite12, olderProvider);
    const block = keyBlock(this.#prf(), sizes, this.main, clientRandom, serverRandom);
    this.nextRead = this.#keysOf(this.role === 'client' ? block.server : block.client);
    this.ownKeys = this.role === 'client' ? block.client : block.server;
    this.nextWrite = this.#keysOf(this.ownKeys);
    return this;
  }

  #keysOf(keys: DirectionKeys): Keys {
    const { profile, suite12: suite } = this;
    const options = {
      profile,
      suite,
      provider: olderProvider,
      encryptThenMac: this.encryptsThenMacs,
      entropy: olderProvider,
    };
    return { secret: keys.key, protection: recordProtection(options, keys), sequence: 0 };
  }

  #prf() {
    return prf(this.profile, this.suite12, olderProvider);
  }

  /** Of all messages so far. */
  #digest(): Uint8Array {
    const hash = finishedHash(this.profile, this.suite12, olderProvider);
    return Transcript.empty.append(this.messages).digest(hash);
  }
}

/** The message's bytes with another body: cut, lengthened, changed. The length in the header is right. */
export function withBody12(message: Tls12Message, change: (body: Uint8Array) => Uint8Array): Uint8Array {
  const { type, body } = envelope(encodeMessage12(message));
  return encodeHandshake(type, change(body));
}

export function longer(message: Tls12Message): Uint8Array {
  return withBody12(message, (body) => concat([body, new Uint8Array(1)]));
}

export function shorter(message: Tls12Message): Uint8Array {
  return withBody12(message, (body) => body.subarray(0, -1));
}

const noBytes = new Uint8Array(0);
