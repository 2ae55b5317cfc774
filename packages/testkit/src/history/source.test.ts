import { type Connection, givenEntropy, type PublicKey } from '@sealwire/core';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import type { HistoryStep } from './history.ts';
import { HistoryLog } from './record.ts';
import { HistorySource } from './source.ts';

/** Takes messages of up to 48 bytes, and shows what it drew. */
const key = {
  encryptPkcs1: (message: Uint8Array, source: (length: number) => Uint8Array) =>
    message.length > 48 ? undefined : Uint8Array.from([...message, ...source(8)]),
} as unknown as PublicKey;

const message = new Uint8Array(48).fill(7);
const tooLong = new Uint8Array(49);

/** What a connection that encrypts both in its first step leaves behind. */
function recorded(): { readonly step: HistoryStep; readonly ciphertext: Uint8Array | undefined } {
  const log = new HistoryLog('client', { privateKeys: 'omit' });
  const { entropy } = log.seams({ entropy: givenEntropy(seededRandom('recorded')), answers: {} });
  const results: (Uint8Array | undefined)[] = [];
  class Encrypting {
    start() {
      results.push(entropy.encryptPkcs1(key, message), entropy.encryptPkcs1(key, tooLong));
    }
  }
  const connection = new Encrypting();
  log.attach(connection as unknown as Connection);
  connection.start();
  expect(results[1]).toBeUndefined();
  return { step: log.history({}, {}).steps[0]!, ciphertext: results[0] };
}

describe('RSA encryption in a history', () => {
  it('gives back what it gave', () => {
    const { step, ciphertext } = recorded();
    const source = new HistorySource(() => undefined);
    source.begin(step, 'compare');
    expect(source.entropy.encryptPkcs1(key, message)).toEqual(ciphertext);
    expect(source.entropy.encryptPkcs1(key, tooLong)).toBeUndefined();
    expect(source.difference).toBeUndefined();
    expect(source.leftOver()).toBeUndefined();
  });

  it('tells of another message', () => {
    const { step, ciphertext } = recorded();
    const source = new HistorySource(() => undefined);
    source.begin(step, 'compare');
    expect(source.entropy.encryptPkcs1(key, message.with(0, 8))).not.toEqual(ciphertext);
    expect(source.difference).toMatchObject({ what: 'entropy', actual: 'encryptPkcs1 48 bytes' });
  });

  it('tells of what was not asked for', () => {
    const source = new HistorySource(() => undefined);
    source.begin(recorded().step, 'compare');
    expect(source.leftOver()).toMatchObject({ expected: { draw: 'encryptPkcs1' } });
  });
});
