import { expect, it } from 'vitest';
import { transportContract } from './transport.ts';
import type { TransportUnderTest } from './transport-under-test.ts';

/** No TLS at all: bytes come and go, and nothing else of the contract holds. */
const why = 'plaintext';
const plaintext: TransportUnderTest = {
  secure: async (below) => below,
  lacks: { tls: why, idleTimeout: why, rsaCertificate: why, alreadyRead: why },
};
const cases = transportContract(plaintext);

it('finds that plaintext neither authenticates, nor marks its end, nor limits time', async () => {
  const found = cases.filter(({ name }) => !/decision|verifyPeer/.test(name));
  const outcomes = await Promise.all(
    found.map(async ({ name, run }) => {
      try {
        return [name, (await run())?.skipped ?? 'holds'];
      } catch (error) {
        return [name, (error as Error).name];
      }
    }),
  );
  const names = (outcome: string) => outcomes.filter(([, each]) => each === outcome).map(([name]) => name);
  expect(new Set(outcomes.map(([, outcome]) => outcome))).toEqual(
    new Set([
      'holds',
      'ContractFailure',
      why,
      'this transport has no network',
      'this adapter has no connections without TLS',
      'this runtime tells neither memory nor handles',
    ]),
  );
  expect(names('ContractFailure').sort()).toEqual(
    [
      'truncated: the server reads all that came, then an error',
      'truncated: the client reads all that came, then an error',
      'truncated before the server reads: nothing that came is lost',
      'truncated before the client reads: nothing that came is lost',
      'end of the wire within the handshake, from the client',
      'end of the wire within the handshake, from the server',
      'cut of the wire within the handshake, from the client',
      'cut of the wire within the handshake, from the server',
      'a silent peer: the client gives up in time, and lets go of the wire',
      'a silent peer: the server gives up in time, and lets go of the wire',
      'a peer that trickles does not give the client more time',
      'a peer that trickles does not give the server more time',
      'a client that is not told whom to trust takes no stranger',
      'the alert of a client that distrusts the server reaches it',
      'a signal that is aborted before: the client says nothing',
      'a signal that is aborted before: the server says nothing',
      'a signal within the handshake: the client lets go of the wire',
      'a signal within the handshake: the server lets go of the wire',
    ].sort(),
  );
});

it('finds writes that do not wait for room', async () => {
  const eager: TransportUnderTest = {
    secure: async (below) => ({
      write: async (bytes) => void below.write(bytes).catch(() => {}),
      read: () => below.read(),
      end: () => below.end(),
      destroy: () => below.destroy(),
    }),
  };
  const stopped = transportContract(eager).filter(({ name }) => /that writes is stopped/.test(name));
  expect(stopped.length).toBe(2);
  for (const { run } of stopped) await expect(run()).rejects.toThrow(/taken while nobody read/);
});
