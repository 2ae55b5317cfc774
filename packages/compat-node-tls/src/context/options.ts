import type { SecureContextOptions } from 'node:tls';
import { api } from '../api.ts';
import { invalidArgType, invalidArgValue } from '../errors/arguments.ts';
import { codedError } from '../errors/node-codes.ts';
import { validateArray, validateBuffer, validateInt32, validateString } from '../errors/validators.ts';
import { nodeMajor } from '../process/host.ts';
import type { InnerContext } from './inner-context.ts';

/** The options of `tls.createSecureContext` as they come: nobody has looked at their types. */
export type GivenOptions = { readonly [name in OptionName]?: unknown };

type OptionName =
  | keyof SecureContextOptions
  | 'allowPartialTrustChain'
  | 'certificateCompression'
  | 'clientCertEngine'
  | 'privateKeyEngine'
  | 'privateKeyIdentifier'
  | 'sealwire';

/**
 * Tells a context its options in the order of Node, which decides which mistake is reported first and what each option finds there:
 * the security level before keys, authorities before the chains that they complete, keys after their certificates.
 */
export function configure(context: InnerContext, options: GivenOptions): void {
  const { ciphers = api.DEFAULT_CIPHERS, ecdhCurve = api.DEFAULT_ECDH_CURVE } = options;
  if (ciphers !== null) validateString(ciphers, 'options.ciphers');
  context.setCiphers(ciphers || api.DEFAULT_CIPHERS);

  if (options.allowPartialTrustChain === true) context.setAllowPartialTrustChain();
  if (options.ca) for (const each of listOf(options.ca)) context.addCACert(pem('ca', each));
  else context.addRootCerts();
  if (options.cert) for (const each of listOf(options.cert)) context.setCert(pem('cert', each));
  if (options.key) setKeys(context, options.key, options.passphrase);
  if (nodeMajor() >= 24) setCompression(context, options.certificateCompression);

  if (isGiven(options.sigalgs)) {
    validateString(options.sigalgs, 'options.sigalgs');
    context.setSigalgs(options.sigalgs);
  }
  refuseKeyEngine(options);
  validateString(ecdhCurve, 'options.ecdhCurve');
  context.setECDHCurve(ecdhCurve);
  if (isGiven(options.dhparam)) setDhparam(context, options.dhparam);
  if (isGiven(options.crl)) for (const each of listOf(options.crl)) context.addCRL(pem('crl', each));
  if (isGiven(options.sessionIdContext)) {
    validateString(options.sessionIdContext, 'options.sessionIdContext');
    context.setSessionIdContext(options.sessionIdContext);
  }
  if (isGiven(options.pfx)) loadPfx(context, options.pfx, options.passphrase);
  refuseCertificateEngine(options.clientCertEngine);
  if (isGiven(options.ticketKeys)) setTicketKeys(context, options.ticketKeys);
  if (isGiven(options.sessionTimeout)) {
    validateInt32(options.sessionTimeout, 'options.sessionTimeout', 0);
    context.setSessionTimeout(options.sessionTimeout);
  }
}

function setKeys(context: InnerContext, given: unknown, passphrase: unknown): void {
  for (const each of listOf(given)) {
    const entry = Array.isArray(given) ? (each as { pem?: unknown; passphrase?: unknown } | null) : undefined;
    const key = pem('key', entry?.pem === undefined ? each : entry.pem);
    const own = entry?.passphrase === undefined ? passphrase : entry.passphrase;
    if (isGiven(own)) validateString(own, 'options.passphrase');
    context.setKey(key, own ?? undefined);
  }
}

function setDhparam(context: InnerContext, given: unknown): void {
  const dhparam = pem('dhparam', given);
  const warning = context.setDHParam(dhparam === 'auto' || dhparam);
  if (warning !== undefined) process.emitWarning(warning, 'SecurityWarning');
}

/** An entry may say its own passphrase; what is no text is left to the context to refuse. */
function loadPfx(context: InnerContext, given: unknown, passphrase: unknown): void {
  if (!Array.isArray(given)) {
    load(context, given, passphrase || undefined);
    return;
  }
  for (const each of given as { buf?: unknown; passphrase?: unknown }[])
    load(context, each.buf || each, each.passphrase || passphrase);
}

function load(context: InnerContext, pfx: unknown, passphrase: unknown): void {
  if (isGiven(passphrase)) context.loadPKCS12(bytesOf(pfx), bytesOf(passphrase));
  else context.loadPKCS12(bytesOf(pfx));
}

function bytesOf(value: unknown): unknown {
  return typeof value === 'string' ? Buffer.from(value) : value;
}

function setCompression(context: InnerContext, given: unknown): void {
  if (!isGiven(given)) return;
  validateArray(given, 'options.certificateCompression');
  for (const [place, name] of given.entries()) {
    if (!compressionNames.includes(name as string)) {
      const reason = "must be 'zlib', 'brotli', or 'zstd'";
      throw invalidArgValue(`options.certificateCompression[${place}]`, name, reason);
    }
  }
  context.setCertificateCompression(given as string[]);
}

/** There are no engines here: what is well-formed is answered as by an OpenSSL that is built without them. */
function refuseKeyEngine({ privateKeyIdentifier: id, privateKeyEngine: engine, key }: GivenOptions): void {
  if (!isGiven(id)) return;
  if (!isGiven(engine)) throw invalidArgValue('options.privateKeyEngine', engine);
  if (key) throw invalidArgValue('options.privateKeyIdentifier', id);
  if (typeof id !== 'string') throw invalidArgType('options.privateKeyIdentifier', stringOrNothing, id);
  if (typeof engine !== 'string') throw invalidArgType('options.privateKeyEngine', stringOrNothing, engine);
  throw codedError('ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED');
}

function refuseCertificateEngine(engine: unknown): void {
  if (typeof engine === 'string') throw codedError('ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED');
  if (isGiven(engine)) throw invalidArgType('options.clientCertEngine', stringOrNothing, engine);
}

function setTicketKeys(context: InnerContext, keys: unknown): void {
  validateBuffer(keys, 'options.ticketKeys');
  if (keys.byteLength !== 48)
    throw invalidArgValue('options.ticketKeys', keys.byteLength, 'must be exactly 48 bytes');
  context.setTicketKeys(keys);
}

function pem(option: string, value: unknown): string | ArrayBufferView {
  if (typeof value === 'string' || ArrayBuffer.isView(value)) return value;
  throw invalidArgType(`options.${option}`, ['string', 'Buffer', 'TypedArray', 'DataView'], value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function isGiven<T>(value: T): value is NonNullable<T> {
  return value !== undefined && value !== null;
}

const stringOrNothing = ['string', 'null', 'undefined'];
export const compressionNames: readonly string[] = ['zlib', 'brotli', 'zstd'];
