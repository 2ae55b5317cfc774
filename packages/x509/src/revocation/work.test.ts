import type { CryptoProvider, PublicKey } from '@sealwire/core';
import { describe, expect, it } from 'vitest';
import { issue, newKey, nowMs, provider } from '../../test/authority.ts';
import { answerOf, crlOf, responseOf, world } from '../../test/revocation.ts';
import { parseCertificate, type RevocationOptions, verifyChain } from '../index.ts';
import { maxRevocationSignatureChecks } from '../limits.ts';
import { pathPolicy } from '../path/policy.ts';
import { checkChain } from './check.ts';
import { revocationSettings } from './options.ts';

/** Whatever a peer, or a list of CRLs, brings along: the signatures that are checked for one chain have a bound. */

const { root, middle, leaf } = world();
const chain = [leaf.certificate, middle.certificate];
const many = maxRevocationSignatureChecks + 20;

/** What came of the chain, and how many signatures were checked for it. */
function checked(revocation: RevocationOptions, sent: readonly Uint8Array[] = []) {
  let count = 0;
  const counted = (key: PublicKey): PublicKey =>
    new Proxy(key, {
      get(target, name) {
        if (name === 'verify') count++;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  const counting: CryptoProvider = {
    ...provider,
    importPublicKey: (spki) => {
      const key = provider.importPublicKey(spki);
      return key && counted(key);
    },
  };
  const outcome = verifyChain({
    provider: counting,
    chain: [...chain, ...sent],
    roots: root.certificate,
    timeMs: nowMs,
    revocation,
  });
  return { code: outcome.ok ? 'ok' : outcome.code, count };
}

/** CRLs of this name, each signed with a key that is not the issuer's, and newer than those before. */
const forgeries = (count: number): Uint8Array[] => {
  const forger = { ...middle, key: newKey() };
  return Array.from({ length: count }, (_, i) => crlOf(forger, { thisUpdateMs: nowMs - i * 1_000 }));
};

describe('signatures that are checked for the status of one chain', () => {
  it('of CRLs that others have signed', () => {
    const good = [crlOf(root), crlOf(middle, { thisUpdateMs: nowMs - 3_000_000 })];
    expect(checked({ crls: [...good, ...forgeries(20)] }).code).toBe('ok');
    const { code, count } = checked({ crls: [...good, ...forgeries(many)] });
    expect(code).not.toBe('ok');
    expect(count).toBeLessThanOrEqual(maxRevocationSignatureChecks + chain.length);
  });

  it('of those who say that they are the issuer with another key', () => {
    const key = newKey();
    const crls = [crlOf(root), crlOf({ ...middle, key })];
    // Each has the key that signed the CRL, and none is certified by whom it names.
    const claimants = Array.from({ length: many }, (_, i) =>
      issue('middle', {
        ca: true,
        key,
        issuer: { ...root, key: newKey() },
        serialNumber: Uint8Array.of(1, i),
      }),
    );
    const crlIssuers = claimants.map(({ certificate }) => certificate);
    expect(checked({ crls, crlIssuers: crlIssuers.slice(0, 5) }).code).toBe('CRL_PATH_VALIDATION_ERROR');
    const { code, count } = checked({ crls, crlIssuers });
    expect(code).toBe('WORK_LIMIT_EXCEEDED');
    expect(count).toBeLessThanOrEqual(maxRevocationSignatureChecks + chain.length);
  });

  it.each([
    ['that have not signed the response', true],
    ['that nobody has certified', false],
  ])('of responders %s', (_, isForged) => {
    const key = newKey();
    const claimant = (i: number) =>
      issue('responder', {
        key: isForged ? newKey() : key,
        issuer: { ...middle, key: newKey() },
        extendedKeyUsage: ['ocspSigning'],
        serialNumber: Uint8Array.of(1, i),
      });
    const claimants = Array.from({ length: 16 }, (_, i) => claimant(i));
    const response = responseOf({ certificate: claimants[0]!.certificate, key }, [answerOf(leaf, middle)], {
      responderId: 'byName',
      certificates: claimants.map(({ certificate }) => certificate),
    });
    const options = {
      certificates: 'endEntity',
      ocspResponses: Array.from({ length: 9 }, () => response),
    } as const;
    const good = responseOf(middle, [answerOf(leaf, middle)]);
    expect(checked({ ...options, ocspResponses: [response, good] }).code).toBe('ok');
    const { code, count } = checked({ ...options, ocspResponses: [...options.ocspResponses, good] });
    expect(code).not.toBe('ok');
    expect(count).toBeLessThanOrEqual(maxRevocationSignatureChecks + chain.length);
  });
});

const whole = [leaf, middle, root].map(({ certificate }) => parseCertificate(certificate));

describe('the bound of what others may have signed', () => {
  const endEntity = { certificates: 'endEntity' } as const;
  const context = { timeMs: nowMs, provider, policy: pathPolicy({}) };
  const outcomeOf = (options: RevocationOptions, signatureChecks: number) =>
    checkChain(whole, revocationSettings({ ...endEntity, ...options }), context, { signatureChecks })?.code;

  it('counts the certificate of a responder, too', () => {
    const responder = issue('responder', { issuer: middle, extendedKeyUsage: ['ocspSigning'] });
    const certificates = [responder.certificate];
    const response = responseOf(responder, [answerOf(leaf, middle)], { certificates });
    const { extensions } = parseCertificate(responder.certificate);
    expect(extensions.has('1.3.6.1.5.5.7.48.1.5')).toBe(false);
    const ocspResponses = [response];
    expect(outcomeOf({ ocspResponses }, 2)).toBeUndefined();
    expect(outcomeOf({ ocspResponses }, 1)).toBe('WORK_LIMIT_EXCEEDED');
    expect(outcomeOf({ ocspResponses }, 0)).toBe('WORK_LIMIT_EXCEEDED');
  });

  it('counts the certificate of an issuer’s other key, too', () => {
    const other = issue('middle', { ca: true, issuer: root });
    const options = { crls: crlOf(other), crlIssuers: other.certificate };
    // That of the chain is tried first; then its own CRL is asked for, of which there is none.
    expect(outcomeOf({ ...options, crls: [crlOf(other), crlOf(root)] }, 4)).toBeUndefined();
    expect(outcomeOf(options, 3)).toBe('CRL_PATH_VALIDATION_ERROR');
    expect(outcomeOf(options, 2)).toBe('WORK_LIMIT_EXCEEDED');
    expect(outcomeOf(options, 1)).toBe('WORK_LIMIT_EXCEEDED');
  });
});

describe('with the rules of OpenSSL', () => {
  const crls = [crlOf(root), crlOf(middle)];

  it.each(['openssl', 'node'] as const)('the bound is the same: %s', (rules) => {
    const outcomeWith = (signatureChecks: number) => {
      const context = { timeMs: nowMs, provider, policy: pathPolicy({}) };
      return checkChain(whole, revocationSettings({ crls, rules }), context, { signatureChecks });
    };
    // One signature for each certificate, that of the root included.
    expect(outcomeWith(3)).toBeUndefined();
    expect(outcomeWith(2)?.code).toBe('WORK_LIMIT_EXCEEDED');
    expect(outcomeWith(0)?.code).toBe('WORK_LIMIT_EXCEEDED');
  });
});

describe('who signs the CRL by which it would be judged', () => {
  const named = { crlDistributionPoints: [{ crlIssuer: [{ CN: 'clerk' }] }] };
  const clerk = issue('clerk', { issuer: root, keyUsage: ['cRLSign'], ...named });
  const judged = issue('leaf', { issuer: middle, dnsNames: ['a.example'], ...named });
  const own = crlOf(clerk, { issuingDistributionPoint: { indirectCrl: true } });
  const outcomeOf = (crls: readonly Uint8Array[]) =>
    verifyChain({
      provider,
      chain: [judged.certificate, middle.certificate],
      roots: root.certificate,
      timeMs: nowMs,
      revocation: { crls: [...crls], crlIssuers: clerk.certificate, certificates: 'endEntity' },
    });

  it('does not vouch for itself', () => {
    const outcome = outcomeOf([own]);
    expect(outcome).toMatchObject({ ok: false, code: 'CRL_PATH_VALIDATION_ERROR' });
    expect(outcome.ok ? '' : outcome.message).toContain('CN=clerk would vouch for itself');
  });

  it('is good if somebody else says so', () => expect(outcomeOf([own, crlOf(root)]).ok).toBe(true));
});
