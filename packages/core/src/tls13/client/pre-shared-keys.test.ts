import { describe, expect, it } from 'vitest';
import { testProvider } from '../../../test/harness/node-provider.ts';
import { scriptedServer } from '../../../test/harness/scripted-server.ts';
import { earlyDataExtension } from '../../extensions/early-data.ts';
import { preSharedKeyExtension } from '../../extensions/pre-shared-key.ts';
import { pskKeyExchangeModesExtension } from '../../extensions/psk-key-exchange-modes.ts';
import type { ClientOptions } from '../../index.ts';
import { suites13 } from '../../registry/suites13.ts';
import type { ExternalPsk } from '../../values/external-psk.ts';
import { suite13 } from '../suites.ts';

const { TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384 } = suites13;
const named = (id: number): ExternalPsk => ({ identity: Uint8Array.of(id), key: testProvider.random(32) });
const helloOf = (options: Partial<ClientOptions>) => scriptedServer(options).hello.extensions;
const idsOf = (extensions: ReturnType<typeof helloOf>) =>
  extensions.get(preSharedKeyExtension)?.identities.map(({ identity }) => identity[0]);

describe('the pre-shared keys of a ClientHello', () => {
  it('are at most as many as the limit says, the first ones', () => {
    const externalPsks = Array.from({ length: 9 }, (_, i) => named(i));
    expect(idsOf(helloOf({ externalPsks }))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(idsOf(helloOf({ externalPsks, limits: { offeredPsks: 1 } }))).toEqual([0]);
  });

  it('are none where no mode is taken', () => {
    const extensions = helloOf({ externalPsks: [named(1)], pskModes: [] });
    expect(extensions.has(preSharedKeyExtension)).toBe(false);
    expect(extensions.has(pskKeyExchangeModesExtension)).toBe(false);
  });

  it('are those for which there is a suite, after a HelloRetryRequest those for its suite', () => {
    const externalPsks = [named(1), { ...named(2), hash: 'sha384' } as const];
    expect(idsOf(helloOf({ externalPsks, cipherSuites: [TLS_AES_256_GCM_SHA384] }))).toEqual([2]);
    const server = scriptedServer({
      externalPsks,
      cipherSuites: [TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384],
    });
    expect(idsOf(server.hello.extensions)).toEqual([1, 2]);
    server.suite = suite13(TLS_AES_256_GCM_SHA384)!;
    expect(idsOf(server.helloRetryRequest().hello.extensions)).toEqual([2]);
  });
});

describe('0-RTT data is announced', () => {
  const earlyData = { maxBytes: 10, cipherSuite: TLS_AES_128_GCM_SHA256, alpnProtocol: 'h2' };
  const announced = (options: Partial<ClientOptions>, terms: Partial<ExternalPsk['earlyData']> = {}) =>
    helloOf({
      sendEarlyData: true,
      externalPsks: [{ ...named(1), earlyData: { ...earlyData, ...terms } }],
      ...options,
    }).has(earlyDataExtension);

  it('where the application wants it and the first key allows it', () => {
    expect(announced({})).toBe(true);
    expect(announced({ alpnProtocols: [] }, { alpnProtocol: null })).toBe(true);
    expect(announced({}, { alpnProtocol: null })).toBe(true);
  });

  it.each([
    ['the application does not want it', { sendEarlyData: false }, {}],
    ['the key allows no bytes', {}, { maxBytes: 0 }],
    ['the suite of the key is not offered', { cipherSuites: [suites13.TLS_CHACHA20_POLY1305_SHA256] }, {}],
    ['the protocol of the key is not offered', { alpnProtocols: ['http/1.1'] }, {}],
    ['the key says nothing of it', { externalPsks: [named(1)] }, {}],
    ['only the second key allows it', { externalPsks: [named(1), { ...named(2), earlyData }] }, {}],
  ])('not where %s', (_, options, terms) => {
    expect(announced(options, terms)).toBe(false);
  });
});
