import { expect, it } from 'vitest';
import { testProvider } from '../../test/harness/node-provider.ts';
import { random } from '../../test/harness/session13.ts';
import { hex } from '../wire/bytes.ts';
import { importPsk } from './import-psk.ts';

it('importPsk binds a key to protocol, KDF and context (RFC 9258 §5.1)', () => {
  const input = { provider: testProvider, identity: random(1), key: random(2) };
  const [sha256, sha384] = importPsk(input);
  expect([sha256!.key.length, sha384!.key.length]).toEqual([32, 48]);
  // external_identity, an empty context, TLS 1.3, HKDF_SHA256.
  expect(hex(sha256!.identity)).toBe(`0020${'01'.repeat(32)}000003040001`);
  expect(hex(sha384!.identity).endsWith('03040002')).toBe(true);
  const [other] = importPsk({ ...input, context: random(3) });
  expect(hex(other!.key)).not.toBe(hex(sha256!.key));
  expect(() => importPsk({ ...input, key: new Uint8Array(8) })).toThrow('at least 16 bytes');
});
