import {
  type CipherSuite,
  type NamedGroup,
  protocolVersions,
  type ProtocolVersion,
  type SignatureScheme,
  tls13,
  type VersionModule,
} from '@sealwire/core';
import { tls10, tls11, tls12 } from '@sealwire/core/tls12';
import { provider } from '../process/provider.ts';
import { opensslError } from '../errors/openssl-error.ts';
import { defaultNames13 } from '../openssl/ciphers.ts';
import { implementedGroups } from '../openssl/groups.ts';
import {
  enabledVersions,
  offeredGroups,
  offeredSchemes,
  offeredShares,
  offeredSuites,
  offeredVersions,
  type OfferRules,
} from '../openssl/offer.ts';
import { allowsSuite } from '../openssl/security.ts';
import { implemented, suiteByName } from '../openssl/suites.ts';
import { maySignOlder } from './key-usage.ts';
import type { ContextState } from './state.ts';

/**
 * What a context offers or accepts, as options of core: what OpenSSL would, less what this stack does not implement (which is
 * dropped here, the last moment at which it can be). The errors are those of OpenSSL when a handshake begins.
 */
export interface Offer {
  readonly versions: readonly VersionModule[];
  readonly cipherSuites: readonly CipherSuite[];
  readonly groups?: readonly NamedGroup[];
  readonly signatureSchemes: readonly SignatureScheme[];
}

export interface ClientOffer extends Offer {
  readonly keyShares?: readonly NamedGroup[];
}

export function clientOffer(state: ContextState, hasPsk: boolean): ClientOffer {
  return state.made(`client's offer ${hasPsk}`, () => newClientOffer(state, hasPsk));
}

export function serverOffer(state: ContextState): Offer {
  return state.made("server's offer", () => newServerOffer(state));
}

function newClientOffer(state: ContextState, hasPsk: boolean): ClientOffer {
  const range = offeredVersions(enabledOf(state));
  if (range === undefined) throw opensslError('no protocols available');
  const rules = rulesOf(state, range);
  const versions = modules.filter(
    ({ versions: [version] }) => version! >= range.min && version! <= range.max,
  );
  const names = offeredSuites(state.ciphers, rules, { schemes: state.sigalgs, hasPsk });
  const groups = known(offeredGroups(state.groups, rules), versions);
  const cipherSuites = suitesOf(names ?? [], versions, groups);
  if (cipherSuites.length === 0) throw opensslError('no ciphers available');
  const keyShares = known(offeredShares(state.groups, rules), [tls13]).filter((id) => groups.includes(id));
  if (range.max >= protocolVersions.tls13 && keyShares.length === 0)
    throw opensslError('no suitable key share');
  const signatureSchemes = offeredSchemes(state.sigalgs, rules) as SignatureScheme[];
  return {
    versions,
    cipherSuites,
    signatureSchemes,
    ...(groups.length > 0 && { groups, keyShares }),
  };
}

function newServerOffer(state: ContextState): Offer {
  const enabled = enabledOf(state);
  const [min] = enabled;
  const max = enabled.at(-1);
  if (min === undefined || max === undefined) throw opensslError('no protocols available');
  const { openssl, securityLevel, ciphers, field } = state;
  const rules = rulesOf(state, { min, max });
  const versions = modules.filter(({ versions: [version] }) => enabled.includes(version!));
  const signs = maySignEcdsa(state);
  const names = [...(ciphers.names13 ?? defaultNames13), ...ciphers.names].filter((name) => {
    const suite = suiteByName(name);
    if (suite === undefined || !allowsSuite(securityLevel, suite, openssl)) return false;
    if (suite.authentication === 'ECDSA' && !signs) return false;
    // Without the option `dhparam` there are no numbers to exchange keys with.
    return field.type !== 'none' || !(suite.keyExchange === 'DH' || suite.keyExchange === 'DHEPSK');
  });
  const groups = known(offeredGroups(state.groups, rules), versions);
  const cipherSuites = suitesOf(names, versions, groups);
  // OpenSSL finds out when a client says hello, whatever that client has.
  if (cipherSuites.length === 0) throw opensslError('no shared cipher');
  return {
    // Without a group there is no key exchange in TLS 1.3.
    versions: groups.length > 0 ? versions : versions.filter((version) => version !== tls13),
    cipherSuites,
    signatureSchemes: offeredSchemes(state.sigalgs, rules) as SignatureScheme[],
    ...(groups.length > 0 && { groups }),
  };
}

/** Before TLS 1.3, where no suite of that version says how a server authenticates itself. */
function maySignEcdsa({ keys }: ContextState): boolean {
  const kinds = ['ec', 'ed25519', 'ed448'];
  const slots = [...keys.usable, ...keys.withoutKey].filter(({ kind }) => kinds.includes(kind));
  return slots.length === 0 || slots.some(({ kind, own }) => kind !== 'ec' || maySignOlder(own.certificate));
}

/** The groups that a context allows, also those that are not implemented here: by number. */
export function allowedGroups(state: ContextState): readonly number[] {
  const enabled = enabledOf(state);
  const [min = protocolVersions.tls12] = enabled;
  return offeredGroups(state.groups, rulesOf(state, { min, max: enabled.at(-1) ?? min }));
}

/** The newest version that a client would ask for; TLS 1.3 where there is none. */
export function newestOffered(state: ContextState): ProtocolVersion {
  return offeredVersions(enabledOf(state))?.max ?? protocolVersions.tls13;
}

function enabledOf({
  range,
  openssl,
  securityLevel: level,
  ciphers,
  options,
}: ContextState): ProtocolVersion[] {
  return enabledVersions(range, {
    openssl,
    level,
    suiteB: ciphers.suiteB,
    disabled: options.disabledVersions,
  });
}

function rulesOf(
  { openssl, securityLevel: level, range, ciphers }: ContextState,
  versions: OfferRules['versions'],
): OfferRules {
  return { openssl, level, versions, maxVersion: range.max, suiteB: ciphers.suiteB };
}

/** Without a group to exchange keys with, the suites that need none. */
function suitesOf(
  names: readonly string[],
  versions: readonly VersionModule[],
  groups: readonly NamedGroup[],
): CipherSuite[] {
  const usable = groups.length > 0 ? names : names.filter((name) => !needsGroup(name));
  return implemented(usable).filter((id) => versions.some((version) => version.supports(id, provider)));
}

function needsGroup(name: string): boolean {
  const suite = suiteByName(name);
  return suite === undefined || suite.since === 'TLSv1.3' || suite.keyExchange.startsWith('ECDH');
}

function known(ids: readonly number[], versions: readonly VersionModule[]): NamedGroup[] {
  return implementedGroups(ids, versions, provider);
}

/** Newest first. */
const modules: readonly VersionModule[] = [tls13, tls12, tls11, tls10];
