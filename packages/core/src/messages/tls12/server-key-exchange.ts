import { TlsError } from '../../errors/tls-error.ts';
import { curveTypes } from '../../registry/curve-types.ts';
import type { NamedGroup } from '../../registry/groups.ts';
import { registryName } from '../../registry/registered.ts';
import { concat } from '../../wire/bytes.ts';
import {
  encode,
  opaque16,
  opaque8,
  registered,
  remainder,
  struct,
  uint16,
  type Codec,
} from '../../wire/codec.ts';
import { Reader } from '../../wire/reader.ts';
import { message } from '../message.ts';
import { digitallySigned, type DigitallySigned } from './digitally-signed.ts';

/**
 * ServerKeyExchange (RFC 5246 §7.4.3, RFC 8422 §5.4, RFC 4279, RFC 5489). Which structure it has depends on the cipher
 * suite, which the message does not say: it stays bytes until its key exchange reads it with `readServerKeyExchange`.
 */
export interface ServerKeyExchange {
  readonly type: 'server_key_exchange';
  readonly body: Uint8Array;
}

export const serverKeyExchange: Codec<ServerKeyExchange> = /* @__PURE__ */ message(
  'server_key_exchange',
  /* @__PURE__ */ struct({ body: remainder }),
);

/**
 * A finite-field group and the server's public key (RFC 5246 §7.4.3), numbers without sign, most significant byte first.
 *
 *     struct {
 *         opaque dh_p<1..2^16-1>;
 *         opaque dh_g<1..2^16-1>;
 *         opaque dh_Ys<1..2^16-1>;
 *     } ServerDHParams;
 */
export interface ServerDhParams {
  readonly dhP: Uint8Array;
  readonly dhG: Uint8Array;
  readonly dhYs: Uint8Array;
}

const serverDhParams = /* @__PURE__ */ struct({
  dhP: /* @__PURE__ */ opaque16({ min: 1 }),
  dhG: /* @__PURE__ */ opaque16({ min: 1 }),
  dhYs: /* @__PURE__ */ opaque16({ min: 1 }),
});

/**
 * A curve by its name and the server's public key (RFC 8422 §5.4).
 *
 *     struct {
 *         ECCurveType curve_type;
 *         select (curve_type) {
 *             case named_curve:
 *                 NamedCurve namedcurve;
 *         };
 *     } ECParameters;
 *
 *     struct {
 *         opaque point <1..2^8-1>;
 *     } ECPoint;
 *
 *     struct {
 *         ECParameters curve_params;
 *         ECPoint      public;
 *     } ServerECDHParams;
 */
export interface ServerEcdhParams {
  readonly namedCurve: NamedGroup;
  readonly public: Uint8Array;
}

const namedCurve = /* @__PURE__ */ registered<NamedGroup>(uint16, 'NamedGroup');
const point = /* @__PURE__ */ opaque8({ min: 1 });

const serverEcdhParams: Codec<ServerEcdhParams> = {
  read(reader) {
    const curveType = reader.u8();
    // There were values for explicit curves: "Those values are now deprecated", and no client can offer them (RFC 8422 §5.1.1, §5.4).
    if (curveType !== curveTypes.named_curve) {
      throw new TlsError(
        'peer.unofferedGroup',
        `the curve is given as ${registryName(curveTypes, curveType)}, not by its name`,
        { section: 'RFC 8422 §5.4', handshakeMessage: 'server_key_exchange', field: 'curve_type' },
      );
    }
    return { namedCurve: namedCurve.read(reader), public: point.read(reader) };
  },
  write(writer, value) {
    writer.u8(curveTypes.named_curve);
    namedCurve.write(writer, value.namedCurve);
    point.write(writer, value.public);
  },
  get shape() {
    const { named_curve } = curveTypes;
    return {
      is: 'struct',
      fields: [
        [
          'curve_params',
          {
            is: 'select',
            tagName: 'curve_type',
            tag: { is: 'uint', bytes: 1, registry: 'ECCurveType', values: [named_curve] },
            cases: { [named_curve]: ['namedcurve', namedCurve.shape] },
          },
        ],
        ['public', point.shape],
      ],
    } as const;
  },
};

/** What helps the client to choose its key (RFC 4279 §2); empty where another key exchange goes with it and it says nothing. */
const pskIdentityHint = /* @__PURE__ */ opaque16();

/**
 * What ServerKeyExchange holds in front of its signature, by the suite's key exchange. (With `rsa` there is none; of
 * those with `psk`, none is signed.)
 *
 *     opaque psk_identity_hint<0..2^16-1>;
 */
export const serverKeyExchangeParams = {
  dhe: serverDhParams,
  ecdhe: serverEcdhParams,
  psk: /* @__PURE__ */ struct({ pskIdentityHint }),
  dhePsk: /* @__PURE__ */ struct({ pskIdentityHint, params: serverDhParams }),
  ecdhePsk: /* @__PURE__ */ struct({ pskIdentityHint, params: serverEcdhParams }),
  rsaPsk: /* @__PURE__ */ struct({ pskIdentityHint }),
} as const;

/** How a ServerKeyExchange ends: not signed, or signed in the form of TLS 1.2 or the one before. */
export type SignatureForm = 'none' | 'bare' | 'withScheme';

export interface ServerKeyExchangeContent<P> {
  readonly params: P;
  /** The bytes of `params`, which are signed behind both randoms; a view. */
  readonly paramsBytes: Uint8Array;
  /** `undefined` where the form is `none`. */
  readonly signed: DigitallySigned | undefined;
}

/** Reads the whole body; what does not fit is `peer.malformedMessage`, an explicit curve `peer.unofferedGroup`. */
export function readServerKeyExchange<P>(
  { body }: ServerKeyExchange,
  params: Codec<P>,
  form: SignatureForm,
): ServerKeyExchangeContent<P> {
  const reader = new Reader(body, 'server_key_exchange');
  const value = params.read(reader);
  const paramsBytes = body.subarray(0, body.length - reader.remaining);
  const signed = form === 'none' ? undefined : digitallySigned(form === 'withScheme').read(reader);
  reader.end();
  return { params: value, paramsBytes, signed };
}

/** The message of encoded parameters and their signature, in the form that the signature has. */
export function serverKeyExchangeOf(
  paramsBytes: Uint8Array,
  signed: DigitallySigned | undefined,
): ServerKeyExchange {
  const signature =
    signed === undefined ? [] : [encode(digitallySigned(signed.algorithm !== undefined), signed)];
  return { type: 'server_key_exchange', body: concat([paramsBytes, ...signature]) };
}
