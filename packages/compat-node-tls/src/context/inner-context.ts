import type { KeyObject } from 'node:crypto';
import { ApiMisuseError, type CompressionName, type ProtocolVersion, protocolVersions } from '@sealwire/core';
import { provider } from '../process/provider.ts';
import { CrlSet, parseCertificate } from '@sealwire/x509';
import { addAuthorities } from '../beyond/additional-ca.ts';
import type { SealwireContextOptions } from '../beyond/options.ts';
import { invalidArgType } from '../errors/arguments.ts';
import { codedError, cryptoOperationFailed } from '../errors/node-codes.ts';
import { nativeError } from '../errors/node-error.ts';
import { opensslError } from '../errors/openssl-error.ts';
import { cipherPlan } from '../openssl/ciphers.ts';
import { fieldPlan } from '../openssl/dhparam.ts';
import { parseGroups } from '../openssl/groups.ts';
import { type VersionOptions, versionRange } from '../openssl/protocols.ts';
import { parseSigalgs } from '../openssl/sigalgs.ts';
import { nodeMajor } from '../process/host.ts';
import { api } from '../api.ts';
import { type OwnCertificate, readOwnChain } from './own-certificate.ts';
import { PemReader, viewOf } from './pem-reader.ts';
import { readIdentity } from './pkcs12.ts';
import { readOwnKey } from './private-key.ts';
import { unlessRefused } from './refusals.ts';
import { ContextState } from './state.ts';

/**
 * What a `SecureContext` holds as its `context`. In Node that is an object of C++; its methods are not documented, but some are in
 * use. Each does at once what it says, and throws what Node throws.
 */
export class InnerContext {
  readonly #state = new ContextState();
  readonly #external = Object.freeze(Object.create(null) as object);

  /** What has been told, for those that make connections of it. */
  get state(): ContextState {
    return this.#state;
  }

  /** In Node a pointer; of objects that only inherit from a context it says so. */
  get _external(): object {
    if (!(#external in this)) throw new TypeError('Illegal invocation');
    return this.#external;
  }

  static isOne(value: unknown): value is InnerContext {
    return typeof value === 'object' && value !== null && #external in value;
  }

  init(options: VersionOptions): void {
    const { DEFAULT_MIN_VERSION: minVersion, DEFAULT_MAX_VERSION: maxVersion } = api;
    this.#state.range = unlessRefused(versionRange(options, { minVersion, maxVersion }));
    this.#changed();
  }

  setOptions(bits: number): void {
    this.#state.optionBits |= bits;
    this.#changed();
  }

  getMinProto(): number {
    return this.#state.range.min;
  }

  getMaxProto(): number {
    return this.#state.range.max;
  }

  setMinProto(version: number): void {
    this.#state.range = { ...this.#state.range, min: version as ProtocolVersion };
    this.#changed();
  }

  setMaxProto(version: number): void {
    this.#state.range = { ...this.#state.range, max: version as ProtocolVersion };
    this.#changed();
  }

  /** The whole of `ciphers`; Node gives it in two parts. */
  setCiphers(ciphers: string): void {
    const plan = unlessRefused(cipherPlan(ciphers, this.#state.openssl));
    this.#state.ciphers = plan;
    const { min, max } = this.#state.range;
    if (plan.isTls13Only && min < tls13 && max >= tls13) this.setMinProto(tls13);
    this.#changed();
  }

  setSigalgs(list: string): void {
    this.#state.sigalgs = unlessRefused(parseSigalgs(list, this.#state.openssl));
    this.#changed();
  }

  setECDHCurve(list: string): void {
    this.#state.groups = unlessRefused(parseGroups(list, this.#state.openssl));
    this.#changed();
  }

  /** `true`: that of RFC 7919 that fits. Gives the text of a warning. */
  setDHParam(dhparam: true | string | ArrayBufferView): string | undefined {
    const given = dhparam === true ? 'auto' : ArrayBuffer.isView(dhparam) ? viewOf(dhparam) : dhparam;
    const plan = unlessRefused(fieldPlan(given, this.#state.securityLevel, nodeMajor()));
    if (plan.type !== 'none') this.#state.field = plan;
    this.#changed();
    return plan.type === 'given' ? plan.warning : undefined;
  }

  addRootCerts(): void {
    this.#state.store.addDefault();
    this.#changed();
  }

  /** Trusts these as well: with the default authorities, where there are only those. What is no certificate does nothing. */
  addCACert(pem: string | ArrayBufferView): void {
    for (const der of this.#state.store.addPem(pem)) this.#addAuthority(der);
    this.#changed();
  }

  addCRL(pem: string | ArrayBufferView): void {
    const block = new PemReader(pem).next(crlLabels);
    if (typeof block === 'string' || !isCrl(block.der)) throw cryptoOperationFailed('Failed to parse CRL');
    this.#state.addCrl(block.der);
  }

  setAllowPartialTrustChain(): void {
    this.#state.allowPartialTrustChain = true;
    this.#changed();
  }

  setCert(pem: string | ArrayBufferView): void {
    const [own, ...chain] = readOwnChain(pem);
    this.#use(own, chain);
  }

  setKey(pem: string | ArrayBufferView, passphrase?: string): void {
    this.#useKey(readOwnKey(pem, passphrase));
  }

  loadPKCS12(pfx: unknown, passphrase?: unknown): void {
    if (!ArrayBuffer.isView(pfx)) throw cryptoOperationFailed('Unable to load PFX certificate');
    if (passphrase !== undefined && !ArrayBuffer.isView(passphrase))
      throw nativeError('ERR_INVALID_ARG_TYPE', 'Pass phrase must be a buffer', TypeError);
    const { openssl } = this.#state;
    const text = passphrase === undefined ? undefined : viewOf(passphrase).toString();
    const { key, own, others } = readIdentity(viewOf(pfx), text, openssl);
    try {
      this.#use(own, others);
      this.#useKey(key);
    } catch (error) {
      const { reason } = error as { reason?: string };
      throw reason === undefined ? error : nativeError(undefined, reason);
    }
    for (const { der } of others) {
      this.#state.store.add(der);
      this.#addAuthority(der);
    }
    this.#changed();
  }

  /** DER of the own certificate that was named last, or `null`. */
  getCertificate(): Buffer | null {
    const { own } = this.#state;
    return own === undefined ? null : Buffer.from(own.der);
  }

  /** DER of whoever has issued it, where that is known. */
  getIssuer(): Buffer | null {
    const [, issuer] = this.#state.ownChain();
    return issuer === undefined ? null : Buffer.from(issuer);
  }

  setSessionIdContext(text: string): void {
    const bytes = Buffer.from(text);
    if (bytes.length > 32) {
      const { message } = opensslError('ssl session id context too long', {
        func: 'SSL_CTX_set_session_id_context',
      });
      throw nativeError(undefined, message, TypeError);
    }
    this.#state.sessionIdContext = bytes;
    this.#changed();
  }

  setSessionTimeout(seconds: number): void {
    this.#state.sessionTimeoutSeconds = seconds;
    this.#changed();
  }

  getTicketKeys(): Buffer {
    return Buffer.from(this.#state.ticketKeys);
  }

  /** In Node what is no view of 48 bytes ends the process. */
  setTicketKeys(keys: ArrayBufferView): boolean {
    if (!ArrayBuffer.isView(keys)) throw invalidArgType('keys', ['Buffer', 'TypedArray', 'DataView'], keys);
    if (keys.byteLength !== 48)
      throw codedError('ERR_INTERNAL_ASSERTION', 'Session ticket keys must be a 48-byte buffer');
    this.#state.ticketKeys = Uint8Array.from(viewOf(keys));
    this.#state.hasGivenTicketKeys = true;
    this.#changed();
    return true;
  }

  setCertificateCompression(names: readonly string[]): void {
    if (new Set(names).size < names.length)
      throw cryptoOperationFailed('Failed to set certificate compression preference');
    this.#state.certificateCompression = names;
    this.#changed();
  }

  /** What `node:tls` knows nothing of: the option `sealwire`, once it is known to be right. */
  goBeyond(options: SealwireContextOptions): void {
    this.#state.beyond = options;
    if (options.additionalCa !== undefined) addAuthorities(this, options.additionalCa);
    if (options.certificateCompression !== undefined)
      this.#state.certificateCompression = availableCompression(options.certificateCompression);
    this.#changed();
  }

  /** Sockets that use the context keep what they have of it. */
  close(): void {}

  #use(own: OwnCertificate, chain: readonly OwnCertificate[]): void {
    const state = this.#state;
    state.keys.setCertificate(own, chain, state.securityLevel, state.openssl);
    state.own = own;
    state.ownOthers = chain;
    this.#changed();
  }

  #useKey(key: KeyObject): void {
    this.#state.keys.setKey(key);
    this.#changed();
  }

  #addAuthority(der: Uint8Array): void {
    this.#state.clientAuthorities.push(parseCertificate(der).subject.der);
  }

  #changed(): void {
    this.#state.revision++;
  }
}

/** What is not the context of a call is no context at all; methods of C++ say so in these words. */
function requireItself(prototype: InnerContext): void {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (typeof value !== 'function' || name === 'constructor') continue;
    const method = value as (...args: unknown[]) => unknown;
    const guarded = {
      [name](this: unknown, ...args: unknown[]): unknown {
        if (!InnerContext.isOne(this)) throw new TypeError('Illegal invocation');
        return method.apply(this, args);
      },
    }[name]!;
    Object.defineProperty(prototype, name, { value: guarded, writable: true, configurable: true });
  }
}

requireItself(InnerContext.prototype);

/** Not every Node can do all: zstd came with 22.15. */
function availableCompression(names: readonly string[]): readonly string[] {
  for (const name of names)
    if (provider.certificateCompression?.[name as CompressionName] === undefined)
      throw new ApiMisuseError(`sealwire.certificateCompression: this Node has no ${name}`);
  return names;
}

function isCrl(der: Uint8Array): boolean {
  return new CrlSet([der]).unreadable.length === 0;
}

const { tls13 } = protocolVersions;
const crlLabels: ReadonlySet<string> = new Set(['X509 CRL']);
