import { createHash, randomBytes } from 'node:crypto';
import { type Credential, type DhParameters, protocolVersions } from '@sealwire/core';
import { CrlSet, type SecurityLevel, type TrustAnchors } from '@sealwire/x509';
import { nothingBeyond } from '../beyond/checked.ts';
import type { SealwireContextOptions } from '../beyond/options.ts';
import { type CipherPlan, cipherPlan } from '../openssl/ciphers.ts';
import type { FieldPlan } from '../openssl/dhparam.ts';
import { defaultGroups, type GroupPlan } from '../openssl/groups.ts';
import { type SecureOptions, secureOptions } from '../openssl/options.ts';
import type { VersionRange } from '../openssl/protocols.ts';
import { allowsTickets, defaultSecurityLevel } from '../openssl/security.ts';
import { defaultSigalgs } from '../openssl/sigalgs.ts';
import { hostOpenssl, nodeMajor, type OpensslVersion } from '../process/host.ts';
import { credentialsOf, issuerIn } from './credentials.ts';
import { KeySlots } from './key-slots.ts';
import type { OwnCertificate } from './own-certificate.ts';
import { TrustStore } from './trust-store.ts';
import { unlessRefused } from './refusals.ts';

type Presented = Partial<Pick<ContextState, 'keys' | 'store' | 'clientAuthorities'>>;

/**
 * What a `SecureContext` has been told. It may still change: `addCACert` and `setTicketKeys` are called on contexts that are in
 * use. `revision` counts the changes, for what is made of it and kept.
 */
export class ContextState {
  revision = 0;
  readonly openssl: OpensslVersion = hostOpenssl();
  /** The bounds, `SSL_OP_NO_…` left aside. */
  range: VersionRange = { min: protocolVersions.tls12, max: protocolVersions.tls13 };
  optionBits = 0;
  ciphers: CipherPlan = unlessRefused(cipherPlan('DEFAULT', hostOpenssl()));
  groups: GroupPlan = defaultGroups(hostOpenssl());
  sigalgs: readonly number[] = defaultSigalgs(hostOpenssl());
  field: FieldPlan = { type: 'none' };
  readonly keys: KeySlots;
  readonly store: TrustStore;
  /** DER of the names of the authorities whose certificates a server asks for. */
  readonly clientAuthorities: Uint8Array[];
  allowPartialTrustChain = false;
  crls: CrlSet | undefined;
  readonly #crls: Uint8Array[] = [];
  sessionIdContext: Uint8Array = new Uint8Array();
  /** OpenSSL's own default, which Node leaves alone, whatever its documentation says. */
  sessionTimeoutSeconds = 7_200;
  /** 48 bytes. */
  ticketKeys: Uint8Array = Uint8Array.from(randomBytes(48));
  /** Whether somebody else may have them, or have had them before. */
  hasGivenTicketKeys = false;
  /** Names of algorithms for compressed certificates (RFC 8879), most wanted first. */
  certificateCompression: readonly string[] = [];
  beyond: SealwireContextOptions = nothingBeyond;
  /** The own certificate that was named last, and what came with it. */
  own: OwnCertificate | undefined;
  ownOthers: readonly OwnCertificate[] = [];
  readonly #made = new Map<string, unknown>();
  #madeOf = 0;

  #apart: { readonly revision: number; readonly state: ContextState } | undefined;
  readonly #presenting = new WeakMap<
    ContextState,
    { readonly revisions: string; readonly state: ContextState }
  >();

  /** With what another presents, and trusts; without one, nothing yet. */
  constructor({ keys = new KeySlots(), store = new TrustStore(), clientAuthorities = [] }: Presented = {}) {
    this.keys = keys;
    this.store = store;
    this.clientAuthorities = clientAuthorities;
  }

  /**
   * The rules of this context, with the certificates of another and whom it trusts: all that OpenSSL under Node takes of the context
   * of a name, or of `setKeyCert`. Versions, suites and the keys of tickets stay those of the server.
   */
  presenting(other: ContextState): ContextState {
    const revisions = `${this.revision} ${other.revision}`;
    const known = this.#presenting.get(other);
    if (known?.revisions === revisions) return known.state;
    const state = this.#with(other);
    this.#presenting.set(other, { revisions, state });
    return state;
  }

  #with(other: ContextState): ContextState {
    const { range, optionBits, ciphers, groups, sigalgs, field, certificateCompression } = this;
    const { sessionIdContext, sessionTimeoutSeconds, ticketKeys, hasGivenTicketKeys } = this;
    const { allowPartialTrustChain, crls, own, ownOthers, beyond } = other;
    return Object.assign(new ContextState(other), {
      ...{ range, optionBits, ciphers, groups, sigalgs, field, certificateCompression },
      ...{ sessionIdContext, sessionTimeoutSeconds, ticketKeys, hasGivenTicketKeys },
      ...{ allowPartialTrustChain, crls, own, ownOthers, beyond },
    });
  }

  /**
   * The same with sessions of its own, which only those resume who trust the same authorities: the keys of tickets are those of the
   * whole server, and a client must not bring a certificate along that was judged by somebody else.
   */
  apart(): ContextState {
    if (this.#apart?.revision === this.revision) return this.#apart.state;
    const state = this.#with(this);
    const hash = createHash('sha256').update('clients').update(this.store.fingerprint);
    state.sessionIdContext = Uint8Array.from(hash.update(this.sessionIdContext).digest());
    this.#apart = { revision: this.revision, state };
    return state;
  }

  /** Whether the authorities of both are the same. */
  trustsAs({ store }: ContextState): boolean {
    return this.store === store || this.store.fingerprint.equals(store.fingerprint);
  }

  get securityLevel(): SecurityLevel {
    return this.ciphers.securityLevel ?? defaultSecurityLevel(nodeMajor());
  }

  get options(): SecureOptions {
    return secureOptions(this.optionBits);
  }

  get honorCipherOrder(): boolean {
    return this.options.prefersOwnOrder;
  }

  get dhParameters(): DhParameters | 'auto' | undefined {
    if (this.field.type === 'none') return undefined;
    return this.field.type === 'auto' ? 'auto' : this.field.parameters;
  }

  /** Whether tickets may be sent at all: SSL_OP_NO_TICKET, and the level. */
  get sendsTickets(): boolean {
    return !this.options.avoidsTickets && allowsTickets(this.securityLevel);
  }

  /** What there is to present, with chains that are completed as far as the store goes. */
  get credentials(): readonly Credential[] {
    return this.made('credentials', () =>
      credentialsOf(this.keys, this.sigalgs, () => this.store.anchors, this.beyond),
    );
  }

  /**
   * What `make` makes of the context, or has made for the same `what` before, as long as nothing changes. Peers have a say in some of
   * what is asked for, therefore only the latest are kept.
   */
  made<T extends object>(what: string, make: () => T): T {
    if (this.#madeOf !== this.revision) this.#made.clear();
    this.#madeOf = this.revision;
    const known = this.#made.get(what) as T | undefined;
    if (known !== undefined) return known;
    const made = make();
    const [oldest] = this.#made.keys();
    if (this.#made.size >= mostMade) this.#made.delete(oldest!);
    this.#made.set(what, made);
    return made;
  }

  trust(): TrustAnchors {
    return this.store.anchors;
  }

  /** DER of our last certificate and of its issuer, if that is known, for whoever fetches an OCSP response. */
  ownChain(): readonly Uint8Array[] {
    const { own } = this;
    if (own === undefined) return [];
    const { certificate } = own;
    const isIssuer = (each: OwnCertificate): boolean =>
      each.certificate.subject.comparisonKey === certificate.issuer.comparisonKey;
    const issuer = this.ownOthers.find(isIssuer)?.der ?? issuerIn(this.store.anchors, certificate)?.der;
    return issuer === undefined ? [own.der] : [own.der, issuer];
  }

  addCrl(der: Uint8Array): void {
    this.#crls.push(der);
    this.crls = new CrlSet(this.#crls);
    this.revision++;
  }
}

const mostMade = 32;
