import {
  clientKeyExchangeFields,
  digitallySigned,
  handshakeTypes,
  helloRetryRequestRandom,
  messageCodecs,
  registries,
  serverKeyExchangeParams,
  type Shape,
  tls12Codecs,
  tls12Messages,
  tls13Messages,
} from '@sealwire/core/codecs';
import { sameBytes } from '../bytes.ts';

/** By whose rules a message is taken apart: what its own bytes do not say. */
export interface Structures {
  /** `tls11` stands for TLS 1.0, too: signatures do not name their scheme. */
  readonly version: 'tls13' | 'tls12' | 'tls11';
  /** What the key exchange messages of TLS 1.2 and older hold; without it they are bytes. */
  readonly keyExchange?: keyof typeof clientKeyExchangeFields;
  /** Whether ServerKeyExchange is signed; without it, it is not. */
  readonly isSigned?: boolean;
}

export const tls13Structures: Structures = { version: 'tls13' };

/** What holds from this ServerHello or HelloRetryRequest on, a whole message with its header. */
export function structuresOf(serverHello: Uint8Array): Structures {
  const body = serverHello.subarray(4);
  if (isRetry(body) || hasSupportedVersions(body)) return tls13Structures;
  const suite = 35 + (body[34] ?? 0);
  return {
    version: numberAt(body, 0) >= tls12Version ? 'tls12' : 'tls11',
    ...keyExchanges[prefixOf(numberAt(body, suite))],
  };
}

/** What a message of this handshake type and body looks like; `undefined` for a type that the version does not have. */
export function shapeOfBody(type: number, body: Uint8Array, structures: Structures): Shape | undefined {
  return structures.version === 'tls13' ? shapeIn13(type, body) : shapeBefore13(type, structures);
}

function shapeIn13(type: number, body: Uint8Array): Shape | undefined {
  const name = tls13Messages.get(type)?.name;
  const codec = Object.entries(messageCodecs).find(([each]) => each === name)?.[1];
  if (codec === undefined) return undefined;
  if (codec.shape.is !== 'variants') return codec.shape;
  const { server_hello, hello_retry_request, legacy_server_hello } = codec.shape.variants;
  if (isRetry(body)) return hello_retry_request;
  return hasSupportedVersions(body) ? server_hello : legacy_server_hello;
}

function shapeBefore13(type: number, { version, keyExchange, isSigned }: Structures): Shape | undefined {
  const hasSchemes = version === 'tls12';
  if (keyExchange !== undefined && type === handshakeTypes.client_key_exchange) {
    return clientKeyExchangeFields[keyExchange].shape;
  }
  if (keyExchange !== undefined && keyExchange !== 'rsa' && type === handshakeTypes.server_key_exchange) {
    const params = serverKeyExchangeParams[keyExchange].shape;
    return isSigned === true ? joined(params, digitallySigned(hasSchemes).shape) : params;
  }
  const name = tls12Messages(hasSchemes).get(type)?.name;
  return Object.entries(tls12Codecs(hasSchemes)).find(([each]) => each === name)?.[1].shape;
}

/** One structure of the fields of two. */
function joined(...shapes: readonly Shape[]): Shape {
  return { is: 'struct', fields: shapes.flatMap((shape) => (shape.is === 'struct' ? shape.fields : [])) };
}

/** RFC 9846 §4.2.4. */
export function isRetry(body: Uint8Array): boolean {
  return sameBytes(body.subarray(2, 34), helloRetryRequestRandom);
}

/** RFC 9846 §4.2.3: supported_versions tells a ServerHello of TLS 1.3 from an older one. */
function hasSupportedVersions(body: Uint8Array): boolean {
  let at = 35 + (body[34] ?? 0) + 5;
  while (at + 4 <= body.length) {
    if (numberAt(body, at) === 43) return true;
    at += 4 + numberAt(body, at + 2);
  }
  return false;
}

/** What the name of a suite says about keys: `ECDHE_RSA` of TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256. */
function prefixOf(suite: number): string {
  const [name = ''] =
    Object.entries(registries['CipherSuite'] ?? {}).find(([, each]) => each === suite) ?? [];
  return /^TLS_(\w+?)_WITH_/.exec(name)?.[1] ?? '';
}

function numberAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

const keyExchanges: Readonly<Record<string, Omit<Structures, 'version'>>> = {
  RSA: { keyExchange: 'rsa' },
  DHE_RSA: { keyExchange: 'dhe', isSigned: true },
  DH_anon: { keyExchange: 'dhe' },
  ECDHE_RSA: { keyExchange: 'ecdhe', isSigned: true },
  ECDHE_ECDSA: { keyExchange: 'ecdhe', isSigned: true },
  ECDH_anon: { keyExchange: 'ecdhe' },
  PSK: { keyExchange: 'psk' },
  DHE_PSK: { keyExchange: 'dhePsk' },
  // So RFC 6655 §6 calls two suites of DHE_PSK.
  PSK_DHE: { keyExchange: 'dhePsk' },
  ECDHE_PSK: { keyExchange: 'ecdhePsk' },
  RSA_PSK: { keyExchange: 'rsaPsk' },
};
const tls12Version = 0x0303;
