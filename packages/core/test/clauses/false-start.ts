import { expect } from 'vitest';
import { scriptedServer12 } from '../harness/scripted-server12.ts';
import { bytes, clause } from './clause.ts';

/** False Start (RFC 7918). */

/** A client that has sent data behind its Finished. */
function started() {
  const server = scriptedServer12({ falseStart: 'withAlpn' }).before('newKeys');
  expect(server.outputs.some((each) => each.type === 'writable' && each.as === 'falseStart')).toBe(true);
  expect(server.victim.send(bytes(1, 2, 3))).toBe(3);
  return server.drain();
}

clause('RFC 7918 §4: a server that finishes after data has come', () => {
  const server = started().newKeys().finished();
  expect(server.victim.facts.handshakes).toBe(1);
  const { content } = server.received.at(-1)!;
  expect([...content]).toEqual([1, 2, 3]);
  return server.data(bytes(4));
});
clause('RFC 7918 §4: a wrong Finished after data has left', () =>
  started()
    .newKeys()
    .finished((message) => ({ ...message, verifyData: message.verifyData.map((byte) => byte ^ 1) })),
);
clause(
  "RFC 7918 §4: data in place of the server's Finished",
  () => started().data(bytes(1)),
  () => started().newKeys().data(bytes(1)),
);
clause('RFC 7918 §4: Finished without change_cipher_spec after data has left', () => started().finished());
