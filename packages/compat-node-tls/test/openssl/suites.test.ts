import { suites13 } from '@sealwire/core';
import { suites12 } from '@sealwire/core/tls12';
import { describe, expect, it } from 'vitest';
import { cipherPlan, defaultNames13 } from '../../src/openssl/ciphers.ts';
import { isRefusal } from '../../src/openssl/refusal.ts';
import { implemented, shownVersion, suiteById, suiteByName, suitesOf } from '../../src/openssl/suites.ts';

const known = new Map<number, string>(
  [...Object.entries(suites13), ...Object.entries(suites12)].map(([name, id]) => [id, name]),
);

describe('suites', () => {
  it('have the names of IANA that the core has', () => {
    const shared = suitesOf('3.5').filter(({ id }) => known.has(id));
    expect(shared.map(({ standardName }) => standardName)).toEqual(shared.map(({ id }) => known.get(id)));
    expect(shared.length).toBeGreaterThan(80);
  });

  it('are found by name and by number', () => {
    for (const suite of suitesOf('3.5')) {
      expect(suiteByName(suite.name)).toBe(suite);
      expect(suiteById(suite.id)).toBe(suite);
    }
    expect(suiteById(0x1306)).toBeUndefined();
    expect(suiteByName('ECDHE-RSA-RC4-SHA')).toBeUndefined();
  });

  it('show versions in the spelling of getCipher()', () => {
    expect(new Set(suitesOf('3.5').map(shownVersion))).toEqual(
      new Set(['SSLv3', 'TLSv1.0', 'TLSv1.2', 'TLSv1.3']),
    );
  });

  it('of a plan are reduced to those of the core, in order', () => {
    const plan = cipherPlan(
      'TLS_AES_128_GCM_SHA256:ARIA:ECDHE-RSA-AES128-SHA:DSS:CAMELLIA:SRP:AES128-SHA',
      '3.5',
    );
    if (isRefusal(plan)) throw new Error(plan.refused);
    expect(plan.names.length).toBeGreaterThan(50);
    expect(implemented([...(plan.names13 ?? defaultNames13), ...plan.names])).toEqual([
      suites13.TLS_AES_128_GCM_SHA256,
      suites12.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
      suites12.TLS_RSA_WITH_AES_128_CBC_SHA,
    ]);
  });

  it('that are named twice count once', () => {
    expect(implemented(['AES128-SHA', 'nonsense', 'AES128-SHA'])).toEqual([
      suites12.TLS_RSA_WITH_AES_128_CBC_SHA,
    ]);
  });
});

describe('a plan', () => {
  it('says that nothing but TLS 1.3 is named', () => {
    expect(cipherPlan('TLS_AES_128_GCM_SHA256', '3.5')).toMatchObject({ isTls13Only: true, names: [] });
    expect(cipherPlan('TLS_AES_128_GCM_SHA256:HIGH', '3.5')).toMatchObject({ isTls13Only: false });
    // Node looks at the string of JavaScript, OpenSSL at that of C.
    expect(cipherPlan('\0', '3.5')).toMatchObject({ isTls13Only: false, names: [], names13: undefined });
  });

  it('has the last level that is named', () => {
    expect(cipherPlan('HIGH:@SECLEVEL=3:@SECLEVEL=0', '3.0')).toMatchObject({ securityLevel: 0 });
    expect(cipherPlan('HIGH', '3.0')).toMatchObject({ securityLevel: undefined });
  });

  it('of an empty list is refused with what was split', () => {
    expect(cipherPlan('::', '3.0')).toEqual({ refused: 'value', option: 'ciphers', value: ['', '', ''] });
  });
});
