import { decode, encode, opaque16, opaque8, remainder, struct, type Codec } from '../../wire/codec.ts';
import { message } from '../message.ts';

/**
 * ClientKeyExchange (RFC 5246 §7.4.7, RFC 8422 §5.7, RFC 4279, RFC 5489). Which structure it has depends on the cipher
 * suite, which the message does not say: it stays bytes until its key exchange reads it with `readClientKeyExchange`.
 */
export interface ClientKeyExchange {
  readonly type: 'client_key_exchange';
  readonly body: Uint8Array;
}

export const clientKeyExchange: Codec<ClientKeyExchange> = /* @__PURE__ */ message(
  'client_key_exchange',
  /* @__PURE__ */ struct({ body: remainder }),
);

// "the RSA-encrypted PreMasterSecret in a ClientKeyExchange is preceded by two length bytes" (RFC 5246 §7.4.7.1). Any
// length is taken: one that no ciphertext has goes the way of all that do not decrypt.
const encryptedPreMasterSecret = /* @__PURE__ */ opaque16();
const dhYc = /* @__PURE__ */ opaque16({ min: 1 });
const ecdhYc = /* @__PURE__ */ opaque8({ min: 1 });
const pskIdentity = /* @__PURE__ */ opaque16();

/**
 * What ClientKeyExchange holds, by the suite's key exchange. Public keys are always there: certificates with keys for
 * Diffie-Hellman, which would leave them out, are not spoken.
 *
 *     struct {
 *         public-key-encrypted PreMasterSecret pre_master_secret;
 *     } EncryptedPreMasterSecret;
 *
 *     opaque dh_Yc<1..2^16-1>;
 *     opaque point <1..2^8-1>;
 *     opaque psk_identity<0..2^16-1>;
 */
export const clientKeyExchangeFields = {
  rsa: /* @__PURE__ */ struct({ encryptedPreMasterSecret }),
  dhe: /* @__PURE__ */ struct({ dhYc }),
  ecdhe: /* @__PURE__ */ struct({ ecdhYc }),
  psk: /* @__PURE__ */ struct({ pskIdentity }),
  dhePsk: /* @__PURE__ */ struct({ pskIdentity, dhYc }),
  ecdhePsk: /* @__PURE__ */ struct({ pskIdentity, ecdhYc }),
  rsaPsk: /* @__PURE__ */ struct({ pskIdentity, encryptedPreMasterSecret }),
} as const;

/** Reads the whole body; what does not fit is `peer.malformedMessage`. Byte fields are views. */
export function readClientKeyExchange<F>({ body }: ClientKeyExchange, fields: Codec<F>): F {
  return decode(fields, body, 'client_key_exchange');
}

export function clientKeyExchangeOf<F>(fields: Codec<F>, value: F): ClientKeyExchange {
  return { type: 'client_key_exchange', body: encode(fields, value) };
}
