import { describe, expect, it } from 'vitest';
import { olderProvider } from '../../test/harness/older-provider.ts';
import { bytes, handshakeOf } from '../../test/harness/recorded-connection.ts';
import { recordedConnections } from '../../test/vectors/tls12-connections.ts';
import { contentTypes } from '../registry/content-types.ts';
import { suites12 } from '../registry/suites12.ts';
import { Transcript } from '../transcript/transcript.ts';
import { concat } from '../wire/bytes.ts';
import { keyBlock, keySizes, verifyData } from './key-schedule.ts';
import { finishedHash, prf } from './prf.ts';
import { profileOf } from './profile.ts';
import { recordProtection } from './record-protection.ts';
import { suite12 } from './suites.ts';

describe.each(recordedConnections)('records of $name', (connection) => {
  const handshake = handshakeOf(connection);
  const { version, suite: id, clientRandom, serverRandom, protectedRecords } = handshake;
  const profile = profileOf(version);
  const suite = suite12(id)!;
  const own = prf(profile, suite, olderProvider);
  const main = bytes(connection.mainSecret);
  const sizes = keySizes(profile, suite, olderProvider);
  const keys = keyBlock(own, sizes, main, clientRandom, serverRandom);
  const { encryptThenMac } = connection;
  const random = () => new Uint8Array(0);
  const protection = (side: 'client' | 'server', draw: (length: number) => Uint8Array = random) =>
    recordProtection(
      { profile, suite, provider: olderProvider, encryptThenMac, entropy: { random: draw } },
      keys[side],
    );
  const opened = (side: 'client' | 'server') => {
    const reading = protection(side);
    return protectedRecords[side].map((record, sequence) => reading.tryOpen(record, sequence)!);
  };

  it('open, and hold what was said', () => {
    const [finished, ...rest] = opened('client');
    expect(finished).toMatchObject({ type: contentTypes.handshake, innerBytes: 16 });
    const said = (records: typeof rest) =>
      new TextDecoder().decode(
        concat(records.filter(({ type }) => type === 23).map(({ content }) => content)),
      );
    expect(said(rest)).toBe('hello from the other side of the wire, twice over: hello\nx\n');
    const [, ...answers] = opened('server');
    const line = 'hello from the other side of the wire, twice over: hello';
    const reversed = [...line].reverse().join('');
    expect([`${line}\nx\n`, `${reversed}\nx\n`]).toContain(said(answers));
    expect([...rest, ...answers].every(({ type }) => type === 23 || type === contentTypes.alert)).toBe(true);
  });

  it('begin with the Finished of each side (RFC 5246 §7.4.9)', () => {
    const hash = finishedHash(profile, suite, olderProvider);
    const [clientFinished] = opened('client');
    const [serverFinished] = opened('server');
    const header = new Uint8Array([20, 0, 0, 12]);
    const toClient = Transcript.empty.append(handshake.messages);
    const toServer = toClient.append(clientFinished!.content);
    const expected = (side: 'client' | 'server', transcript: Transcript) =>
      concat([header, verifyData(own, main, side, transcript.digest(hash))]);
    expect(clientFinished!.content).toEqual(expected('client', toClient));
    expect(serverFinished!.content).toEqual(expected('server', toServer));
  });

  it('are sealed to the very bytes, given the IVs that they carry', () => {
    for (const side of ['client', 'server'] as const) {
      const records = protectedRecords[side];
      const contents = opened(side);
      let at = 0;
      const blockBytes = suite.cipher.type === 'cbc' && suite.cipher.cbc === '3des-ede-cbc' ? 8 : 16;
      const sealing = protection(side, (length) => {
        expect(length).toBe(blockBytes);
        return records[at]!.slice(5, 5 + length);
      });
      // OpenSSL and GnuTLS start GCM's and CCM's explicit nonces elsewhere than at the sequence number.
      const ownNonces = suite.cipher.type === 'aead' && suite.cipher.explicitNonceBytes > 0;
      for (; at < records.length; at++) {
        const { type, content } = contents[at]!;
        const record = concat(sealing.seal(type, [content], 0, at));
        if (!ownNonces) expect(record).toEqual(records[at]);
        else expect(record.subarray(0, 5)).toEqual(records[at]!.subarray(0, 5));
        expect(protection(side).hidesType).toBe(false);
      }
    }
  });

  it('do not open with a bit changed, in another place, or under another key', () => {
    const record = protectedRecords.client[0]!;
    for (let bit = 0; bit < record.length * 8; bit++) {
      // The length is what the record was cut by: nothing else looks at it.
      if (bit >> 3 === 3 || bit >> 3 === 4) continue;
      const changed = record.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(protection('client').tryOpen(changed, 0)).toBeUndefined();
    }
    expect(protection('client').tryOpen(record, 1)).toBeUndefined();
    expect(protection('server').tryOpen(record, 0)).toBeUndefined();
    for (let length = 5; length < record.length; length++)
      expect(protection('client').tryOpen(record.subarray(0, length), 0)).toBeUndefined();
  });
});

describe('which protection it is', () => {
  const made = (version: number, id: number, encryptThenMac: boolean) => {
    const profile = profileOf(version);
    const suite = suite12(id)!;
    const sizes = keySizes(profile, suite, olderProvider);
    const keys = {
      mac: new Uint8Array(sizes.mac),
      key: new Uint8Array(sizes.key),
      iv: new Uint8Array(sizes.iv),
    };
    const random = (length: number) => new Uint8Array(length);
    return recordProtection(
      { profile, suite, provider: olderProvider, encryptThenMac, entropy: { random } },
      keys,
    );
  };

  it('splits the first byte off where IVs are chained: in TLS 1.0 with a block cipher', () => {
    const aes = suites12.TLS_RSA_WITH_AES_128_CBC_SHA;
    for (const encryptThenMac of [true, false]) {
      expect(made(0x0301, aes, encryptThenMac).splitsFirstByte).toBe(true);
      expect(made(0x0302, aes, encryptThenMac).splitsFirstByte).toBe(false);
      expect(made(0x0303, aes, encryptThenMac).splitsFirstByte).toBe(false);
    }
    expect(made(0x0301, suites12.TLS_RSA_WITH_NULL_SHA, false).splitsFirstByte).toBe(false);
    expect(made(0x0303, suites12.TLS_RSA_WITH_AES_128_GCM_SHA256, false).splitsFirstByte).toBe(false);
  });

  it('is the same for an AEAD whether encrypt-then-MAC was agreed or not (RFC 7366 §3)', () => {
    for (const id of [suites12.TLS_RSA_WITH_AES_128_GCM_SHA256, suites12.TLS_RSA_WITH_NULL_SHA256]) {
      const [one, other] = [true, false].map((agreed) => concat(made(0x0303, id, agreed).seal(23, [], 0, 0)));
      expect(one).toEqual(other);
    }
  });

  it('lasts as long as its suite says', () => {
    for (const [id, limit] of [
      [suites12.TLS_RSA_WITH_AES_128_GCM_SHA256, 2 ** 24],
      [suites12.TLS_RSA_WITH_3DES_EDE_CBC_SHA, 2 ** 18],
      [suites12.TLS_RSA_WITH_NULL_SHA256, 2 ** 48],
    ] as const) {
      expect(made(0x0303, id, false)).toMatchObject({
        recordLimit: limit,
        updateAfter: limit,
        maxFragmentBytes: 2 ** 14 + 2_048,
      });
    }
  });

  it('is none where the provider lacks what the suite needs', () => {
    const bare = { ...olderProvider, aeads: {}, hashes: {}, cbcs: {} };
    const keys = { mac: new Uint8Array(20), key: new Uint8Array(16), iv: new Uint8Array(0) };
    for (const id of [
      suites12.TLS_RSA_WITH_AES_128_GCM_SHA256,
      suites12.TLS_RSA_WITH_AES_128_CBC_SHA,
      suites12.TLS_RSA_WITH_NULL_SHA,
    ]) {
      const options = { profile: profileOf(0x0303), suite: suite12(id)!, provider: bare };
      expect(() =>
        recordProtection(
          { ...options, encryptThenMac: false, entropy: { random: () => new Uint8Array(16) } },
          keys,
        ),
      ).toThrow('core tests has no');
    }
  });
});
