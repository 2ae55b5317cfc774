import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { extensionTypes } from './extension-types.ts';
import { namedGroups } from './groups.ts';
import { handshakeTypes } from './handshake-types.ts';
import { registryName } from './registered.ts';
import { suites13 } from './suites13.ts';

const core = new URL('../../', import.meta.url);

describe('registryName', () => {
  it('names what is known', () => {
    expect(registryName(namedGroups, 0x001d)).toBe('x25519');
    expect(registryName(handshakeTypes, 2)).toBe('server_hello');
    expect(registryName(extensionTypes, 0)).toBe('server_name');
  });

  it('shows what is unknown, GREASE included, in as many digits as the field has', () => {
    expect(registryName(namedGroups, 0x6399)).toBe('0x6399');
    expect(registryName(namedGroups, 0x0a0a)).toBe('0x0a0a');
    expect(registryName(namedGroups, 7)).toBe('0x0007');
    expect(registryName(handshakeTypes, 7)).toBe('0x07');
  });
});

describe('generated tables', async () => {
  const { generateRegistry } = (await import(new URL('../../scripts/generate-registry.mjs', core).href)) as {
    generateRegistry(): Map<string, string>;
  };

  it.each([...generateRegistry()])('%s is what the generator writes', (path, text) => {
    expect(readFileSync(new URL(path, core), 'utf8')).toBe(text);
  });

  it('names no cipher suite older than TLS 1.3', () => {
    expect(Object.keys(suites13).filter((name) => /CBC|RC4|_WITH_/.test(name))).toEqual([]);
    expect(suites13.TLS_AES_128_GCM_SHA256).toBe(0x1301);
  });
});
