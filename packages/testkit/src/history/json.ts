import {
  ApiMisuseError,
  type CryptoProvider,
  type Decision,
  type PrivateKey,
  type ClientConfig,
  type ServerConfig,
  tls13,
  TlsError,
  type VersionModule,
} from '@sealwire/core';
import { tls10, tls11, tls12 } from '@sealwire/core/tls12';
import { bytesOfHex, hexOf } from '../bytes.ts';
import { keptAnswers, withoutKeepers } from './kept-answers.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Encoding {
  /** Whether private keys go into the text. */
  readonly privateKeys: 'omit' | 'include';
}

/**
 * Any value of a connection's interface as JSON. What JSON lacks is an object with a `$`: bytes, `undefined`, numbers
 * that are not finite, errors, keys, decisions. Functions are left out, and leave a mark.
 */
export function toJson(value: unknown, encoding: Encoding, within: readonly object[] = []): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : { $: 'number', text: String(value) };
    case 'bigint':
      return { $: 'bigint', text: String(value) };
    case 'undefined':
      return { $: 'undefined' };
    case 'function':
    case 'symbol':
      return { $: 'omitted', what: typeof value };
    default:
      return value === null ? null : objectToJson(value as object, encoding, within);
  }
}

function objectToJson(value: object, encoding: Encoding, within: readonly object[]): Json {
  if (within.includes(value)) return { $: 'omitted', what: 'cycle' };
  if (value instanceof Uint8Array) return { $: 'bytes', hex: hexOf(value) };
  const inner = [...within, value];
  const each = (item: unknown) => toJson(item, encoding, inner);
  if (Array.isArray(value)) return value.map(each);
  if (value instanceof TlsError) {
    const { code, message, section, handshakeMessage, field, receivedAlert, evidence } = value;
    return {
      $: 'TlsError',
      code,
      message,
      ...plain({ section, handshakeMessage, field, receivedAlert, evidence }, each),
    };
  }
  if (value instanceof Error) return { $: 'Error', name: value.name, message: value.message };
  if (value instanceof Map) return { $: 'map', entries: [...value].map((entry) => entry.map(each)) };
  if (value instanceof Set) return { $: 'set', items: [...value].map(each) };
  if (value instanceof Date) return { $: 'date', ms: value.getTime() };
  if (isPrivateKey(value)) return privateKeyToJson(value, encoding);
  if (isVersionModule(value)) return { $: 'versions', numbers: value.versions };
  if (isConfig(value)) {
    const { provider: _, entropy: __, answers: ___, role, ...options } = withoutKeepers(value);
    return {
      $: 'config',
      ...(role === 'client' && { role }),
      options: plain(options, each),
      policies: Object.keys(keptAnswers(value)),
    };
  }
  return plain(value, each);
}

function plain(value: object, each: (item: unknown) => Json): { [key: string]: Json } {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, each(item)]));
}

function privateKeyToJson(key: PrivateKey, { privateKeys }: Encoding): Json {
  return {
    $: 'privateKey',
    spki: hexOf(key.publicKey.spki),
    ...(key.decryptPkcs1 !== undefined && { decrypts: true }),
    ...(privateKeys === 'include' && { pkcs8: hexOf(key.exportPkcs8()) }),
  };
}

function isPrivateKey(value: object): value is PrivateKey {
  return 'publicKey' in value && 'kind' in value && 'sign' in value && typeof value.sign === 'function';
}

function isVersionModule(value: object): value is VersionModule {
  return 'versions' in value && 'isLegacy' in value && 'supports' in value;
}

/** Whether this is what `clientConfig` or `serverConfig` made. */
export function isConfig(value: unknown): value is ClientConfig | ServerConfig {
  return (
    typeof value === 'object' &&
    value !== null &&
    'role' in value &&
    'provider' in value &&
    'entropy' in value
  );
}

export interface Decoding {
  readonly provider: CryptoProvider;
  /** The decisions that the connection has asked, by id. */
  readonly decisions?: ReadonlyMap<number, Decision>;
  /** Makes another configuration of this side out of its options. */
  readonly config?: (
    role: 'client' | 'server',
    options: Record<string, unknown>,
    policies: readonly string[],
  ) => unknown;
  /** Hears of what the text leaves out, by its path. */
  readonly onOmitted?: (path: string) => void;
}

/** The value again; keys whose private part was left out can do everything but sign. */
export function fromJson(json: Json, decoding: Decoding, path = ''): unknown {
  if (json === null || typeof json !== 'object') return json;
  const each = (item: Json, key: string | number) =>
    fromJson(item, decoding, path === '' ? `${key}` : `${path}.${key}`);
  if (Array.isArray(json)) return json.map(each);
  const record = json as { readonly [key: string]: Json };
  const text = (key: string) => String(record[key]);
  switch (record['$']) {
    case undefined:
      return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, each(item, key)]));
    case 'bytes':
      return bytesOfHex(text('hex'));
    case 'number':
      return Number(text('text'));
    case 'bigint':
      return BigInt(text('text'));
    case 'undefined':
      return undefined;
    case 'TlsError': {
      const { $: _, code, message, ...fields } = record;
      const detail = Object.fromEntries(Object.entries(fields).map(([key, item]) => [key, each(item, key)]));
      return new TlsError(code as TlsError['code'], String(message), detail as never);
    }
    case 'Error': {
      const error = new Error(text('message'));
      error.name = text('name');
      return error;
    }
    case 'map':
      return new Map(each(record['entries'] ?? [], 'entries') as [unknown, unknown][]);
    case 'set':
      return new Set(each(record['items'] ?? [], 'items') as unknown[]);
    case 'date':
      return new Date(Number(record['ms']));
    case 'privateKey':
      return privateKeyFromJson(record, decoding.provider);
    case 'versions':
      return versionModule((record['numbers'] ?? []) as number[]);
    case 'decision':
      return decoding.decisions?.get(Number(record['id'])) ?? { kind: record['kind'], id: record['id'] };
    case 'config': {
      const options = each(record['options'] ?? {}, 'options') as Record<string, unknown>;
      const role = record['role'] === 'client' ? 'client' : 'server';
      return decoding.config?.(role, options, (record['policies'] ?? []) as string[]);
    }
    case 'omitted':
      decoding.onOmitted?.(path);
      return undefined;
    default:
      throw new ApiMisuseError(`a history holds no values of the kind ${JSON.stringify(record['$'])}`);
  }
}

function privateKeyFromJson(json: { readonly [key: string]: Json }, provider: CryptoProvider): PrivateKey {
  if (typeof json['pkcs8'] === 'string') {
    const key = provider.importPrivateKey(bytesOfHex(json['pkcs8']));
    if (key !== undefined) return key;
  }
  const publicKey = provider.importPublicKey(bytesOfHex(String(json['spki'])));
  if (publicKey === undefined)
    throw new ApiMisuseError(`${provider.name} does not know a key of this history`);
  const refuse = (): never => {
    throw new ApiMisuseError(
      "this history holds no private keys: give `credentials`, or record with privateKeys: 'include'",
    );
  };
  const decrypts = json['decrypts'] === true ? { decryptPkcs1: refuse } : {};
  return { kind: publicKey.kind, publicKey, sign: refuse, ...decrypts, exportPkcs8: refuse };
}

function versionModule(numbers: readonly number[]): VersionModule {
  const module = [tls13, tls12, tls11, tls10].find(({ versions }) => String(versions) === String(numbers));
  if (module !== undefined) return module;
  throw new ApiMisuseError(`a history of a version of TLS that nobody knows: ${String(numbers)}`);
}
