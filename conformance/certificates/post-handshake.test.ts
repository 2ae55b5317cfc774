import {
  type Answers,
  type ClientOptions,
  compressionAlgorithms,
  createServer,
  pinnedPublicKeys,
  rawPublicKeyCredential,
  type ServerOptions,
} from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import type { PairOptions } from '@sealwire/testkit';
import { describe, expect, it } from 'vitest';
import { clientCredential, nowMs, serverCredential, verifyPeer, pairOf } from '../ends.ts';

const rawClient = rawPublicKeyCredential(nodeProvider.generateKeyPair({ type: 'ed25519' }));

/** Connected, then asked twice, with data in between and new keys on both sides. */
function askedTwice(
  client: Partial<ClientOptions>,
  server: Partial<ServerOptions>,
  options: PairOptions = {},
) {
  const ids: (number | undefined)[] = [];
  const ask = {
    by: 'server',
    do: 'call',
    run: (connection: ReturnType<typeof createServer>, now: number) =>
      void ids.push(connection.requestClientAuth(undefined, now)),
  } as const;
  const { client: c, server: s } = pairOf(
    { credentials: [clientCredential], postHandshakeAuth: true, ...client },
    server,
    options,
  ).run([
    ask,
    { by: 'client', do: 'send', bytes: new Uint8Array(100) },
    { by: 'server', do: 'updateKeys', requestPeer: true },
    { by: 'client', do: 'updateKeys', requestPeer: false },
    ask,
    { by: 'server', do: 'send', bytes: new Uint8Array(100) },
    { by: 'client', do: 'close' },
    { by: 'server', do: 'close' },
  ]);
  const answers = s.outputs.flatMap((output) =>
    output.type === 'clientAuthentication' ? [[output.id, output.isAuthenticated]] : [],
  );
  const ends = [c, s].map(({ outputs }) => outputs.at(-1)?.type);
  return { client: c.facts, server: s.facts, ids, answers, ends };
}

const closed = ['closed', 'closed'];

describe('post-handshake authentication (RFC 9846 §4.7.2)', () => {
  it.each([1, 7, 'whole'] as const)('with the input in pieces of %s', (chunking) => {
    const { server, ids, answers, ends } = askedTwice({}, {}, { chunking });
    expect([ids, ends]).toEqual([[1, 2], closed]);
    expect(answers).toEqual([
      [1, true],
      [2, true],
    ]);
    expect(server.peerEvidence?.type).toBe('x509');
  });

  it.each([0, 3, 'afterInput'] as const)('with answers that come late: %s', (decisionDelay) => {
    const silent: Answers = {
      verifyPeer: () => undefined,
      selectCertificate: () => undefined,
      sign: () => undefined,
    };
    const late: Answers = {
      verifyPeer,
      selectCertificate: ({ role }) => ({
        ok: true,
        credential: role === 'client' ? clientCredential : serverCredential,
      }),
      sign: ({ credential: { key }, input }) =>
        key === 'external'
          ? undefined
          : { ok: true, signature: key.sign({ type: 'ecdsa', hash: 'sha256' }, input) },
    };
    const { server, answers, ends } = askedTwice(
      { answers: silent },
      { answers: silent },
      { decisionDelay, answers: { client: late, server: late } },
    );
    expect(answers).toEqual([
      [1, true],
      [2, true],
    ]);
    expect([server.peerEvidence?.type, ends]).toEqual(['x509', closed]);
  });

  it('replaces who was known from the handshake', () => {
    const other = { ...clientCredential };
    let count = 0;
    const verdicts: Answers = {
      verifyPeer(ask) {
        const reply = verifyPeer(ask);
        return reply.ok ? { ...reply, verdict: `${ask.cause} ${++count}` } : reply;
      },
    };
    const { server } = askedTwice(
      { credentials: [other] },
      { clientAuthentication: 'require', answers: verdicts },
    );
    expect(server.peerVerdict).toBe('postHandshake 3');
  });

  it('goes with raw public keys and with compression', () => {
    const accept = [compressionAlgorithms.zlib];
    const raw = askedTwice(
      { credentials: [rawClient] },
      { peerCertificateTypes: ['rawPublicKey'], answers: { verifyPeer: pinnedPublicKeys([rawClient.spki]) } },
    );
    expect(raw.server).toMatchObject({ peerEvidence: { type: 'rawPublicKey', spki: rawClient.spki } });
    const compressed = askedTwice({}, { certificateCompression: { accept } });
    expect(compressed.server).toMatchObject({ peerCertificateCompression: accept[0] });
    expect(compressed.answers).toHaveLength(2);
  });

  it('is not asked for where the client has not offered it, or has no certificate that we take', () => {
    expect(askedTwice({ postHandshakeAuth: false }, {})).toMatchObject({
      ids: [undefined, undefined],
      answers: [],
    });
    expect(askedTwice({}, { peerCertificateTypes: ['rawPublicKey'] }).ids).toEqual([undefined, undefined]);
  });

  it('refuses what is no request', () => {
    const server = createServer({ provider: nodeProvider, credentials: [serverCredential] });
    server.start(nowMs);
    expect(server.requestClientAuth(undefined, nowMs)).toBeUndefined();
    expect(() => server.requestClientAuth({ require: 1 as never }, nowMs)).toThrow(
      'requestClientAuth expects',
    );
    expect(() => server.requestClientAuth({ certificateAuthorities: ['x' as never] }, nowMs)).toThrow(
      'requestClientAuth expects',
    );
    expect(() => server.requestClientAuth({}, Number.NaN)).toThrow('requestClientAuth expects the time');
  });
});
