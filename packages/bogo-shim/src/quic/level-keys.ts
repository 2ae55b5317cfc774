import type { QuicLevel, QuicOutput } from '@sealwire/core/quic';
import { ExpectationFailed } from '../shim/failure.ts';
import type { MockRecord } from './framing.ts';

interface Keys {
  readonly cipherSuite: number;
  readonly secret: Uint8Array;
}

const none: Keys = { cipherSuite: 0, secret: new Uint8Array(0) };

/** The secrets of each encryption level, in the place of packet protection. */
export class LevelKeys {
  readonly #keys = { read: new Map<QuicLevel, Keys>(), write: new Map<QuicLevel, Keys>() };

  add({ level, direction, cipherSuite, secret }: Extract<QuicOutput, { type: 'keys' }>): void {
    this.#keys[direction].set(level, { cipherSuite, secret });
  }

  has(direction: 'read' | 'write', level: QuicLevel): boolean {
    return level === 'initial' || this.#keys[direction].has(level);
  }

  seal(type: number, level: QuicLevel, content: Uint8Array): MockRecord {
    const { cipherSuite, secret } = this.#keysOf('write', level);
    return { type, level, cipherSuite, body: Buffer.concat([secret, content]) };
  }

  /** The content, if suite and secret are ours. */
  open({ level, cipherSuite, body }: MockRecord): Uint8Array {
    const keys = this.#keysOf('read', level);
    const secret = body.subarray(0, keys.secret.length);
    if (cipherSuite !== keys.cipherSuite || !Buffer.from(secret).equals(keys.secret))
      throw new ExpectationFailed(`the runner has other keys for the level ${level}`);
    return body.subarray(secret.length);
  }

  #keysOf(direction: 'read' | 'write', level: QuicLevel): Keys {
    if (!this.has(direction, level)) throw new ExpectationFailed(`no keys to ${direction} at level ${level}`);
    return this.#keys[direction].get(level) ?? none;
  }
}
