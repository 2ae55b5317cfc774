import type { OpensslVersion } from '../process/host.ts';
import { cString, splitList } from './conf-list.ts';
import { defaultSchemes, type Scheme, type SchemeHash, type SchemeKey, schemes } from './scheme-table.ts';
import type { Refusal } from './refusal.ts';

/**
 * What the option `sigalgs` says (SSL_CTX_set1_sigalgs_list(3)): `RSA-PSS+SHA256:ecdsa_secp256r1_sha256:ed25519`, as numbers of
 * IANA in order. 3.0 spells as the table does and refuses repetitions; 3.5 takes any case, drops repetitions, and lets `?` say
 * that an unknown item does no harm. Node refuses an empty string before OpenSSL sees it.
 */
export function parseSigalgs(text: string, version: OpensslVersion): readonly number[] | Refusal {
  if (text === '') return { refused: 'value', option: 'sigalgs', value: text };
  const items = splitList(cString(text), ':');
  if (items === undefined) return { refused: 'silently' };
  const ids: number[] = [];
  for (const item of items) {
    const mayLack = version !== '3.0' && item.startsWith('?');
    const name = mayLack ? item.slice(1) : item;
    if (name.length > maxNameLength || (name.endsWith('+') && name.indexOf('+') === name.length - 1))
      return { refused: 'silently' };
    const scheme = schemeOf(name, version);
    if (scheme === undefined) {
      if (mayLack) continue;
      return { refused: 'silently' };
    }
    if (!ids.includes(scheme.id)) ids.push(scheme.id);
    else if (version === '3.0') return { refused: 'silently' };
  }
  return ids.length === 0 ? { refused: 'openssl', reason: 'passed invalid argument' } : ids;
}

/** What holds without the option. */
export function defaultSigalgs(version: OpensslVersion): number[] {
  return defaultSchemes[version].map((name) => (schemes.find((s) => s.name === name) as Scheme).id);
}

export function schemeById(id: number, version: OpensslVersion): Scheme | undefined {
  return schemes.find((scheme) => scheme.id === id && (version !== '3.0' || scheme.in30 !== false));
}

/** `getSharedSigalgs()` of a server: `RSA-PSS+SHA256`, `Ed25519+UNDEF`. `undefined` for what OpenSSL does not have. */
export function shownSigalg(id: number, version: OpensslVersion): string | undefined {
  const scheme = schemeById(id, version);
  return scheme === undefined ? undefined : `${scheme.key}+${scheme.hash ?? 'UNDEF'}`;
}

function schemeOf(name: string, version: OpensslVersion): Scheme | undefined {
  const plus = name.indexOf('+');
  if (plus !== -1) return schemeOfPair(name.slice(0, plus), name.slice(plus + 1), version);
  if (version === '3.0') return schemes.find((s) => s.in30 === true && s.name === name);
  const wanted = name.toLowerCase();
  return schemes.find((s) => s.name.toLowerCase() === wanted || s.alias?.toLowerCase() === wanted);
}

/** Key and hash may stand in either order. */
function schemeOfPair(left: string, right: string, version: OpensslVersion): Scheme | undefined {
  let key: SchemeKey | undefined;
  let hash: SchemeHash | undefined;
  for (const part of [left, right]) {
    const named = keys.get(version === '3.0' ? part : part.toUpperCase());
    if (named !== undefined) key = named;
    else hash = hashes.get(part);
  }
  return hash === undefined ? undefined : schemes.find((s) => s.key === key && s.hash === hash);
}

const keys: ReadonlyMap<string, SchemeKey> = new Map([
  ['RSA', 'RSA'],
  ['RSA-PSS', 'RSA-PSS'],
  ['PSS', 'RSA-PSS'],
  ['DSA', 'DSA'],
  ['ECDSA', 'ECDSA'],
]);

/** OpenSSL's short and long names; other cases are other names. */
const hashes: ReadonlyMap<string, SchemeHash> = new Map(
  (['SHA1', 'SHA224', 'SHA256', 'SHA384', 'SHA512'] as const).flatMap((hash) => [
    [hash, hash],
    [hash.toLowerCase(), hash],
  ]),
);

const maxNameLength = 39;
