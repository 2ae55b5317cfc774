import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../../../test/harness/hex.ts';
import { refusal } from '../../../test/harness/refusal.ts';
import { bytes, registered } from '../../../test/arbitraries/extensions.ts';
import { alertFor } from '../../errors/alerts.ts';
import type { SignatureScheme } from '../../registry/signature-schemes.ts';
import { concat } from '../../wire/bytes.ts';
import { encode, type Codec } from '../../wire/codec.ts';
import {
  clientKeyExchangeFields,
  clientKeyExchangeOf,
  readClientKeyExchange,
} from './client-key-exchange.ts';
import {
  readServerKeyExchange,
  serverKeyExchangeOf,
  serverKeyExchangeParams,
  type SignatureForm,
} from './server-key-exchange.ts';

const hint = bytes(0, 60);
const dh = fc.record({ dhP: bytes(1, 128), dhG: bytes(1, 4), dhYs: bytes(1, 128) });
const ecdh = fc.record({ namedCurve: registered<never>(0xffff), public: bytes(1, 255) });
const serverValues: { readonly [K in keyof typeof serverKeyExchangeParams]: Arbitrary<unknown> } = {
  dhe: dh,
  ecdhe: ecdh,
  psk: fc.record({ pskIdentityHint: hint }),
  dhePsk: fc.record({ pskIdentityHint: hint, params: dh }),
  ecdhePsk: fc.record({ pskIdentityHint: hint, params: ecdh }),
  rsaPsk: fc.record({ pskIdentityHint: hint }),
};

const identity = bytes(0, 60);
const clientValues: { readonly [K in keyof typeof clientKeyExchangeFields]: Arbitrary<unknown> } = {
  rsa: fc.record({ encryptedPreMasterSecret: bytes(0, 256) }),
  dhe: fc.record({ dhYc: bytes(1, 256) }),
  ecdhe: fc.record({ ecdhYc: bytes(1, 255) }),
  psk: fc.record({ pskIdentity: identity }),
  dhePsk: fc.record({ pskIdentity: identity, dhYc: bytes(1, 256) }),
  ecdhePsk: fc.record({ pskIdentity: identity, ecdhYc: bytes(1, 255) }),
  rsaPsk: fc.record({ pskIdentity: identity, encryptedPreMasterSecret: bytes(0, 256) }),
};

const signatures: { readonly [F in SignatureForm]: Arbitrary<Signed | undefined> } = {
  none: fc.constant(undefined),
  bare: fc.record({ algorithm: fc.constant(undefined), signature: bytes(0, 128) }),
  withScheme: fc.record({ algorithm: registered<SignatureScheme>(0xffff), signature: bytes(0, 128) }),
};

interface Signed {
  readonly algorithm: SignatureScheme | undefined;
  readonly signature: Uint8Array;
}

const forms = Object.keys(signatures) as SignatureForm[];

describe.each(Object.entries(serverKeyExchangeParams))('ServerKeyExchange of %s', (name, typed) => {
  const codec = typed as Codec<unknown>;
  const values = serverValues[name as keyof typeof serverValues];

  it.each(forms)('is read as it was written, %s', (form) => {
    fc.assert(
      fc.property(values, signatures[form], (params, signed) => {
        const message = serverKeyExchangeOf(encode(codec, params), signed);
        const read = readServerKeyExchange(message, codec, form);
        expect(read.params).toEqual(params);
        expect(read.signed).toEqual(signed);
        // What is signed is what came, not what would be written.
        expect(read.paramsBytes).toEqual(encode(codec, params));
        expect(read.paramsBytes.buffer).toBe(message.body.buffer);
      }),
    );
  });

  it.each(forms)('is refused cut short or with more behind it, %s', (form) => {
    fc.assert(
      fc.property(values, signatures[form], (params, signed) => {
        const { type, body } = serverKeyExchangeOf(encode(codec, params), signed);
        const read = (changed: Uint8Array) =>
          refusal(() => readServerKeyExchange({ type, body: changed }, codec, form));
        for (let length = 0; length < body.length; length++) {
          expect(read(body.subarray(0, length))).toBe('peer.malformedMessage');
        }
        expect(read(concat([body, new Uint8Array(1)]))).toBe('peer.malformedMessage');
      }),
      { numRuns: 10 },
    );
  });

  it('answers any bytes with a value or a TlsError', () => {
    fc.assert(
      fc.property(bytes(0, 80), fc.constantFrom(...forms), (body, form) => {
        const message = { type: 'server_key_exchange', body } as const;
        expect(refusal(() => readServerKeyExchange(message, codec, form))).toMatch(
          /^(accepted|peer\.(malformedMessage|unofferedGroup))$/,
        );
      }),
    );
  });
});

describe.each(Object.entries(clientKeyExchangeFields))('ClientKeyExchange of %s', (name, typed) => {
  const codec = typed as Codec<unknown>;
  const values = clientValues[name as keyof typeof clientValues];

  it('is read as it was written', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(readClientKeyExchange(clientKeyExchangeOf(codec, value), codec)).toEqual(value);
      }),
    );
  });

  it('is refused cut short or with more behind it', () => {
    fc.assert(
      fc.property(values, (value) => {
        const { type, body } = clientKeyExchangeOf(codec, value);
        const read = (changed: Uint8Array) =>
          refusal(() => readClientKeyExchange({ type, body: changed }, codec));
        for (let length = 0; length < body.length; length++) {
          expect(read(body.subarray(0, length))).toBe('peer.malformedMessage');
        }
        expect(read(concat([body, new Uint8Array(1)]))).toBe('peer.malformedMessage');
      }),
      { numRuns: 20 },
    );
  });
});

describe('bounds', () => {
  const server: [keyof typeof serverKeyExchangeParams, string, string, string][] = [
    ['dhe', '0001 17 0001 05 0001 08', 'accepted', 'the smallest group'],
    ['dhe', '0000 0001 05 0001 08', 'peer.malformedMessage', 'dh_p<1..2^16-1>'],
    ['dhe', '0001 17 0000 0001 08', 'peer.malformedMessage', 'dh_g<1..2^16-1>'],
    ['dhe', '0001 17 0001 05 0000', 'peer.malformedMessage', 'dh_Ys<1..2^16-1>'],
    ['ecdhe', '03 001d 01 09', 'accepted', 'a named curve'],
    ['ecdhe', '03 001d 00', 'peer.malformedMessage', 'point<1..2^8-1>'],
    ['ecdhe', '01 001d 01 09', 'peer.unofferedGroup', 'explicit_prime'],
    ['ecdhe', '02 001d 01 09', 'peer.unofferedGroup', 'explicit_char2'],
    ['ecdhe', 'f8 001d 01 09', 'peer.unofferedGroup', 'reserved for private use'],
    ['psk', '0000', 'accepted', 'an empty hint'],
    ['ecdhePsk', '0000 03 001d 01 09', 'accepted', 'no hint'],
    ['ecdhePsk', '03 001d 01 09', 'peer.malformedMessage', 'no room for a hint'],
  ];

  it.each(server)('ServerKeyExchange of %s %s is %s (%s)', (name, body, outcome) => {
    const codec = serverKeyExchangeParams[name] as Codec<unknown>;
    const message = { type: 'server_key_exchange', body: hex(body) } as const;
    expect(refusal(() => readServerKeyExchange(message, codec, 'none'))).toBe(outcome);
  });

  it('blames the curve that was not offered with illegal_parameter', () => {
    expect(alertFor['peer.unofferedGroup']).toBe('illegal_parameter');
  });

  const client: [keyof typeof clientKeyExchangeFields, string, string, string][] = [
    ['rsa', '0001 ff', 'accepted', 'a ciphertext with its length'],
    ['rsa', '0000', 'accepted', 'an empty one, which will not decrypt'],
    ['rsa', 'ff'.repeat(128), 'peer.malformedMessage', 'a ciphertext without its length, as in SSL 3.0'],
    ['dhe', '0000', 'peer.malformedMessage', 'dh_Yc<1..2^16-1>'],
    ['dhe', '', 'peer.malformedMessage', 'the key of a certificate'],
    ['ecdhe', '00', 'peer.malformedMessage', 'point<1..2^8-1>'],
    ['ecdhe', '', 'peer.malformedMessage', 'the key of a certificate'],
    ['psk', '0000', 'accepted', 'an empty identity'],
    ['psk', '', 'peer.malformedMessage', 'no identity'],
  ];

  it.each(client)('ClientKeyExchange of %s %s is %s (%s)', (name, body, outcome) => {
    const codec = clientKeyExchangeFields[name] as Codec<unknown>;
    const message = { type: 'client_key_exchange', body: hex(body) } as const;
    expect(refusal(() => readClientKeyExchange(message, codec))).toBe(outcome);
  });
});
