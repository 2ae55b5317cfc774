import { describe, expect, it } from 'vitest';
import { run } from './run.ts';

describe('ciphers', () => {
  it('shows suites, groups and schemes of each provider, with the names of OpenSSL', async () => {
    const { stdout, code } = await run(['ciphers']);
    expect(code).toBe(0);
    const row = (name: string) =>
      stdout
        .split('\n')
        .find((line) => line.includes(` ${name} `))
        ?.trim()
        .split(/ {2,}/);
    expect(row('TLS_AES_128_GCM_SHA256')).toEqual([
      '0x1301',
      'TLS_AES_128_GCM_SHA256',
      'TLS_AES_128_GCM_SHA256',
      'TLS 1.3',
      'node, noble',
      'default',
    ]);
    expect(row('TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384')?.[2]).toBe('ECDHE-RSA-AES256-GCM-SHA384');
    expect(row('secp256r1')).toEqual([
      '0x0017',
      'secp256r1',
      'P-256',
      'TLS 1.3, TLS 1.2',
      'node, noble',
      'default',
    ]);
    expect(row('rsa_pkcs1_sha256')?.slice(0, 4)).toEqual([
      '0x0401',
      'rsa_pkcs1_sha256',
      'RSA+SHA256',
      'TLS 1.2',
    ]);
    expect(row('ed25519')?.[3]).toBe('TLS 1.3, TLS 1.2');
  });

  it('says what a cipher string of OpenSSL selects, in its order', async () => {
    const { stdout } = await run([
      'ciphers',
      '-cipher',
      'ECDHE+AESGCM:!aRSA',
      '--json',
      '--provider',
      'node',
    ]);
    const { result } = JSON.parse(stdout);
    expect(Object.keys(result)).toEqual(['suites']);
    expect(result.suites.map(({ openssl }: { openssl: string }) => openssl)).toEqual([
      'ECDHE-ECDSA-AES256-GCM-SHA384',
      'ECDHE-ECDSA-AES128-GCM-SHA256',
    ]);
    expect(result.suites[0].providers).toEqual(['node']);
    expect(await run(['ciphers', '-cipher', 'NOTHING'])).toMatchObject({ code: 2 });
    expect(
      JSON.parse((await run(['ciphers', '--what', 'groups', '--json'])).stdout).result.suites,
    ).toBeUndefined();
  });
});
