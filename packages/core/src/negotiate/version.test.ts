import { describe, expect, it } from 'vitest';
import { downgradeSentinels } from '../messages/server-hello.ts';
import { protocolVersions } from '../registry/versions.ts';
import { concat } from '../wire/bytes.ts';
import { hasDowngradeSentinel, offeredVersions, selectVersion } from './version.ts';

const { tls10, tls11, tls12, tls13 } = protocolVersions;

describe('selectVersion', () => {
  it('RFC 9846 §4.3.1: takes the highest in common, whatever the order', () => {
    expect(selectVersion([tls12, tls13], [tls12, 0x6a6a, tls13])).toBe(tls13);
    expect(selectVersion([tls13, tls12], [tls12, tls11])).toBe(tls12);
  });

  it('takes none without overlap, and never one that is unknown', () => {
    expect(selectVersion([tls13], [tls12, 0x0305])).toBeUndefined();
    expect(selectVersion([tls13], [])).toBeUndefined();
  });
});

describe('offeredVersions', () => {
  it('RFC 9846 §4.3.1: are those of supported_versions alone, where it is there', () => {
    expect(offeredVersions([tls13], tls12)).toEqual([tls13]);
    expect(offeredVersions([], tls12)).toEqual([]);
  });

  it.each([
    [tls12, [tls12, tls11, tls10]],
    [tls13, [tls12, tls11, tls10]],
    [tls10, [tls10]],
    [0x0300, []],
    [0x0002, []],
  ])(
    'RFC 9846 §E.2: without it are those up to legacy_version 0x%i, at most TLS 1.2',
    (legacyVersion, versions) => {
      expect(offeredVersions(undefined, legacyVersion)).toEqual(versions);
    },
  );
});

describe('hasDowngradeSentinel', () => {
  it('RFC 9846 §4.2.3: looks at the last eight bytes alone', () => {
    const random = new Uint8Array(24);
    expect(hasDowngradeSentinel(concat([random, downgradeSentinels.tls12]))).toBe(true);
    expect(hasDowngradeSentinel(concat([random, downgradeSentinels.older]))).toBe(true);
    expect(hasDowngradeSentinel(concat([downgradeSentinels.tls12, random]))).toBe(false);
    expect(hasDowngradeSentinel(new Uint8Array(32))).toBe(false);
  });
});
