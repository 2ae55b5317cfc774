import { protocolVersions } from '@sealwire/core';
import { cipherPlan } from '../../src/openssl/ciphers.ts';
import { groupById, parseGroups } from '../../src/openssl/groups.ts';
import {
  enabledVersions,
  offeredGroups,
  offeredSchemes,
  offeredShares,
  offeredSuites,
  offeredVersions,
} from '../../src/openssl/offer.ts';
import { secureOptions } from '../../src/openssl/options.ts';
import { versionRange } from '../../src/openssl/protocols.ts';
import { errorOf, isRefusal, type Refusal } from '../../src/openssl/refusal.ts';
import { defaultSecurityLevel } from '../../src/openssl/security.ts';
import { defaultSigalgs, parseSigalgs } from '../../src/openssl/sigalgs.ts';
import { type Suite, suiteByName } from '../../src/openssl/suites.ts';
import type { Answer, Builtin } from './builtin.ts';

/** Options of a context that the languages read. */
export interface ListOptions {
  readonly ciphers?: string;
  readonly ecdhCurve?: string;
  readonly sigalgs?: string;
  readonly minVersion?: string;
  readonly maxVersion?: string;
  readonly secureProtocol?: string;
  readonly secureOptions?: number;
}

/** What ours makes of the options: the answer that the builtin is expected to give, and of a hello only the lists. */
export function expectedAnswer(options: ListOptions, { openssl, major }: Builtin): Answer {
  const range = versionRange(options, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' });
  if (isRefusal(range)) return { error: shownError(range) };
  const plan = cipherPlan(options.ciphers || defaultCiphers, openssl);
  if (isRefusal(plan)) return { error: shownError(plan) };
  const ids =
    options.sigalgs === undefined ? defaultSigalgs(openssl) : parseSigalgs(options.sigalgs, openssl);
  if (isRefusal(ids)) return { error: shownError(ids) };
  const groupPlan = parseGroups(options.ecdhCurve ?? 'auto', openssl);
  if (isRefusal(groupPlan)) return { error: shownError(groupPlan) };

  const min = plan.isTls13Only && range.max > protocolVersions.tls12 ? protocolVersions.tls13 : range.min;
  const level = plan.securityLevel ?? defaultSecurityLevel(major);
  const { disabledVersions } = secureOptions(options.secureOptions ?? 0);
  const versionRules = { openssl, level, suiteB: plan.suiteB, disabled: disabledVersions };
  const versions = offeredVersions(enabledVersions({ min, max: range.max }, versionRules));
  if (versions === undefined) return { alert: 70 };
  const rules = { openssl, level, versions, suiteB: plan.suiteB, maxVersion: range.max };
  const schemes = offeredSchemes(ids, rules);
  const suites = offeredSuites(plan, rules, { schemes: ids, hasPsk: false })?.map(
    (name) => suiteByName(name) as Suite,
  );
  const groups = offeredGroups(groupPlan, rules);
  const shares = offeredShares(groupPlan, rules);
  const speaks13 = versions.max === protocolVersions.tls13;
  if (suites === undefined || (versions.max >= protocolVersions.tls12 && schemes.length === 0))
    return { alert: 80 };
  if (speaks13 && shares.length === 0) return { alert: 80 };
  if (speaks13 && !groups.some((id) => groupById(id, openssl)?.versions !== 'until TLS 1.2'))
    return { alert: 80 };

  const usesCurves =
    suites.some((suite) => suite.keyExchange.startsWith('ECDH') || suite.authentication === 'ECDSA') &&
    groups.some((id) => groupById(id, openssl)?.shown.type === 'ECDH');
  return {
    hello: {
      version: Math.min(versions.max, protocolVersions.tls12),
      suites: suites.map(({ id }) => id),
      ...((speaks13 || usesCurves) && { groups }),
      ...(versions.max >= protocolVersions.tls12 && { schemes }),
      ...(speaks13 && { versions: descending(versions.min, versions.max), shares }),
    },
  };
}

/** The answer of the builtin, without what the languages do not decide. */
export function comparable({ error, alert, hello }: Answer): Answer {
  if (error !== undefined) return { error };
  if (hello === undefined) return { alert: alert as number };
  const { hasTicketExtension: _, hasEncryptThenMac: __, ...lists } = hello;
  return { hello: { ...lists, suites: lists.suites.filter((id) => id !== renegotiationSignal) } };
}

/** What can be seen of the error that ours throws, as `builtin-hello.mjs` tells it. */
export function shownError(refusal: Refusal): NonNullable<Answer['error']> {
  const error = errorOf(refusal) as Error & { code?: string; library?: string; reason?: string };
  const { name, code, message, library, reason } = error;
  return JSON.parse(JSON.stringify({ name, code, message, library, reason, text: String(error) }));
}

function descending(min: number, max: number): number[] {
  return Array.from({ length: max - min + 1 }, (_, i) => max - i);
}

/** `tls.DEFAULT_CIPHERS`. */
const defaultCiphers =
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256:' +
  'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES256-GCM-SHA384:' +
  'DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA256:DHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA384:' +
  'DHE-RSA-AES256-SHA384:ECDHE-RSA-AES256-SHA256:DHE-RSA-AES256-SHA256:' +
  'HIGH:!aNULL:!eNULL:!EXPORT:!DES:!RC4:!MD5:!PSK:!SRP:!CAMELLIA';

const renegotiationSignal = 0x00ff;
