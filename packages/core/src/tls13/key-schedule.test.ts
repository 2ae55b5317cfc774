import { describe, expect, it } from 'vitest';
import { testProvider } from '../../test/harness/node-provider.ts';
import * as messages from '../../test/vectors/rfc8448-messages.ts';
import { InternalError } from '../errors/tls-error.ts';
import { concat, hex } from '../wire/bytes.ts';
import { hkdfExpandLabel } from '../crypto/hkdf.ts';
import {
  EarlySecrets,
  exportKeyingMaterial,
  finishedMac,
  nextTrafficSecret,
  trafficKey,
} from './key-schedule.ts';

const sha256 = testProvider.hashes.sha256!;

/** RFC 8448 §3: the secret of the key exchange, and transcript hashes of the messages. */
const sharedSecret = bytes('8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d');
const hellos = [messages.clientHello, messages.serverHello];
const toCertificateVerify = [
  ...hellos,
  messages.encryptedExtensions,
  messages.certificate,
  messages.certificateVerify,
];
const toServerFinished = [...toCertificateVerify, messages.serverFinished];

describe('the key schedule of RFC 8448 §3', () => {
  it('has the traffic secrets and keys of the handshake', () => {
    const secrets = new EarlySecrets(sha256).advance(sharedSecret);
    const client = secrets.clientTrafficSecret(sha256.digest(hellos));
    const server = secrets.serverTrafficSecret(sha256.digest(hellos));
    expect(hex(client)).toBe('b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21');
    expect(hex(server)).toBe('b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38');
    const { key, iv } = trafficKey(sha256, server, 16);
    expect([hex(key), hex(iv)]).toEqual(['3fce516009c21727d0f2e4e86ee403bc', '5d313eb2671276ee13000b30']);
    const own = trafficKey(sha256, client, 16);
    expect([hex(own.key), hex(own.iv)]).toEqual([
      'dbfaa693d1762c5b666af5d950258d01',
      '5bd3c71b836e0b76bb73265f',
    ]);
    const verifyData = finishedMac(sha256, server, sha256.digest(toCertificateVerify));
    expect(verifyData).toEqual(messages.serverFinished.subarray(4));
  });

  it('has the secrets of application data', () => {
    const traffic = new EarlySecrets(sha256).advance(sharedSecret).advance();
    const hash = sha256.digest(toServerFinished);
    expect(hex(traffic.clientTrafficSecret(hash))).toBe(
      '9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5',
    );
    expect(hex(traffic.serverTrafficSecret(hash))).toBe(
      'a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643',
    );
    expect(hex(traffic.exporterSecret(hash))).toBe(
      'fe22f881176eda18eb8f44529e6792c50c9a3f89452f68d8ae311b4309d3cf50',
    );
    const { key, iv } = trafficKey(sha256, traffic.clientTrafficSecret(hash), 16);
    expect([hex(key), hex(iv)]).toEqual(['17422dda596ed5d9acd890e3c63f5051', '5b78923dee08579033e523d9']);
  });

  it('has the resumption secret, and from it the PSK and binder key of §4', () => {
    const traffic = new EarlySecrets(sha256).advance(sharedSecret).advance();
    // The client's Finished, from its handshake secret.
    const handshake = new EarlySecrets(sha256).advance(sharedSecret);
    const clientSecret = handshake.clientTrafficSecret(sha256.digest(hellos));
    const verifyData = finishedMac(sha256, clientSecret, sha256.digest(toServerFinished));
    const clientFinished = concat([new Uint8Array([20, 0, 0, 32]), verifyData]);
    const resumption = traffic.resumptionSecret(sha256.digest([...toServerFinished, clientFinished]));
    expect(hex(resumption)).toBe('7df235f2031d2a051287d02b0241b0bfdaf86cc856231f2d5aba46c434ec196c');
    const psk = hkdfExpandLabel(sha256, resumption, 'resumption', new Uint8Array(2), 32);
    expect(hex(psk)).toBe('4ecd0eb6ec3b4d87f5d6028f922ca4c5851a277fd41311c9e62d2c9492e1c4f3');
    const early = new EarlySecrets(sha256, psk);
    // The second ClientHello of §4 carries its binder in the last 32 bytes, which with their lengths are left out.
    const hello = messages.resumptionClientHello;
    const truncated = hello.subarray(0, hello.length - 35);
    const binder = finishedMac(sha256, early.binderKey('res binder'), sha256.digest([truncated]));
    expect(binder).toEqual(hello.subarray(-32));
    expect(hex(early.clientEarlyTrafficSecret(sha256.digest([hello])))).toBe(
      '3fbbe6a60deb66c30a32795aba0eff7eaa10105586e7be5c09678d63b6caab62',
    );
    expect(hex(early.earlyExporterSecret(sha256.digest([hello])))).toBe(
      'b2026866610937d7423e5be90862ccf24c0e6091186d34f812089ff5be2ef7df',
    );
  });
});

describe('stages', () => {
  it('are spent by advancing and by wiping', () => {
    const early = new EarlySecrets(sha256);
    const handshake = early.advance(sharedSecret);
    expect(() => early.binderKey('ext binder')).toThrow(InternalError);
    expect(() => early.advance()).toThrow(InternalError);
    const traffic = handshake.advance();
    expect(() => handshake.clientTrafficSecret(new Uint8Array(32))).toThrow(InternalError);
    traffic.wipe();
    expect(() => traffic.exporterSecret(new Uint8Array(32))).toThrow(InternalError);
  });

  it('differ by PSK and by shared secret', () => {
    const hash = new Uint8Array(32);
    const of = (psk?: Uint8Array, shared?: Uint8Array) =>
      hex(new EarlySecrets(sha256, psk).advance(shared).clientTrafficSecret(hash));
    const other = new Uint8Array(32).fill(1);
    expect(new Set([of(), of(other), of(undefined, other), of(other, other)]).size).toBe(4);
    // Zeros stand in for what is missing (RFC 9846 §7.1).
    expect(of(new Uint8Array(32), new Uint8Array(32))).toBe(of());
  });
});

describe('after the handshake', () => {
  it('secrets move on by "traffic upd"', () => {
    const secret = new Uint8Array(32).fill(7);
    const next = nextTrafficSecret(sha256, secret);
    expect(next).toEqual(hkdfExpandLabel(sha256, secret, 'traffic upd', new Uint8Array(0), 32));
    expect(nextTrafficSecret(sha256, next)).not.toEqual(next);
  });

  it('exported keying material depends on label, context and length', () => {
    const exporter = new Uint8Array(32).fill(7);
    const of = (label: string, context: number[], length: number) =>
      hex(exportKeyingMaterial(sha256, exporter, label, new Uint8Array(context), length));
    const all = [of('a', [], 32), of('b', [], 32), of('a', [0], 32), of('a', [], 33).slice(0, 64)];
    expect(new Set(all).size).toBe(4);
    expect(of('a', [], 100)).toHaveLength(200);
  });
});

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}
