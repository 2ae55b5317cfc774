import { expect, it } from 'vitest';
import { scriptedServer } from '../../../test/harness/scripted-server.ts';
import { contentTypes } from '../../registry/content-types.ts';

const typesAfterHello = (peer: ReturnType<typeof scriptedServer>) =>
  peer.received.slice(1).map(({ type, wasProtected }) => [type, wasProtected]);

it('sends change_cipher_spec before whatever it protects first, be it an alert (RFC 9846 §E.4)', () => {
  const failed = scriptedServer()
    .before('encryptedExtensions')
    .encryptedExtensions(() => new Uint8Array(4));
  expect(failed.failure).toBeDefined();
  expect(typesAfterHello(failed)).toEqual([
    [contentTypes.change_cipher_spec, false],
    [contentTypes.alert, true],
  ]);
});

it('sends it once, with the second hello where there is one', () => {
  const retried = scriptedServer().helloRetryRequest().before('end');
  expect(typesAfterHello(retried).filter(([type]) => type === contentTypes.change_cipher_spec)).toHaveLength(
    1,
  );
});

it('sends none without compatibility mode', () => {
  const plain = scriptedServer({ middleboxCompatibility: false }).before('end');
  expect(typesAfterHello(plain)).toEqual([[contentTypes.handshake, true]]);
});
