import {
  type Answers,
  type ClientOptions,
  compressionAlgorithms,
  createClient,
  createServer,
  type CryptoProvider,
  type DelegatedCredential,
  decodeSession,
  encodeSession,
  type Facts,
  type ServerOptions,
  type Session,
  serverConfig,
  signatureSchemes as schemes,
} from '@sealwire/core';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { pair, type PairOptions, type ScriptStep, virtualClock } from '@sealwire/testkit';
import {
  createVerifier,
  type DelegationContents,
  issueDelegatedCredential,
  loadCredential,
  makeTestPki,
} from '@sealwire/x509';
import { describe, expect, it } from 'vitest';
import { nowMs } from '../ends.ts';

/** RFC 9345 with real certificates: what core and `@sealwire/x509` make of it together. */

const dayMs = 86_400_000;
const pki = makeTestPki({ provider: nodeProvider, nowMs, delegationUsage: true });
const verifyPeer = createVerifier({ provider: nodeProvider, roots: pki.root.certificate });
const delegates = {
  server: nodeProvider.generateKeyPair({ type: 'ed25519' }),
  client: nodeProvider.generateKeyPair({ type: 'ec', curve: 'secp384r1' }),
};

type Role = 'client' | 'server';

function issued(role: Role, change: Partial<DelegationContents> = {}): DelegatedCredential {
  return issueDelegatedCredential({
    provider: nodeProvider,
    certificate: pki[role].certificate,
    key: pki[role].key,
    to: delegates[role],
    role,
    nowMs,
    expiresAtMs: nowMs + dayMs,
    ...change,
  });
}

interface Loaded {
  readonly provider?: CryptoProvider;
  readonly credential?: DelegatedCredential;
  /** Whether only the delegated key is here. */
  readonly alone?: boolean;
  readonly external?: boolean;
}

function credentialOf(role: Role, loaded: Loaded = {}) {
  const { provider = nodeProvider, credential = issued(role), alone = false, external = false } = loaded;
  return loadCredential({
    provider,
    chain: pki[role].chain,
    delegations: [{ credential, key: external ? 'external' : delegates[role].exportPkcs8() }],
    ...(alone ? {} : { key: pki[role].key.exportPkcs8() }),
  });
}

function handshake(
  client: Partial<ClientOptions>,
  server: Partial<ServerOptions>,
  script: readonly ScriptStep[] = [],
  options: PairOptions = {},
) {
  return pair(
    createClient({
      provider: nodeProvider,
      serverName: 'localhost',
      acceptDelegatedCredentials: true,
      ...client,
      answers: { verifyPeer, ...client.answers },
    }),
    createServer({
      provider: nodeProvider,
      credentials: [credentialOf('server')],
      acceptDelegatedCredentials: true,
      ...server,
      answers: { verifyPeer, ...server.answers },
    }),
    { clock: virtualClock(nowMs), ...options },
  ).run(script);
}

const shownBy = (role: Role, facts: Facts, scheme: number) => {
  expect(facts).toMatchObject({
    handshakes: 1,
    peerSignatureScheme: scheme,
    peerVerdict: { authorized: true, delegatedUntilMs: nowMs + dayMs },
    peerEvidence: {
      chain: [
        { delegatedCredential: { cred: { subjectPublicKeyInfo: delegates[role].publicKey.spki } } },
        { certificate: expect.any(Uint8Array) },
      ],
    },
  });
};

const notDelegated = (facts: Facts) => {
  expect(facts.handshakes).toBe(1);
  expect(facts).not.toHaveProperty('ownDelegatedCredential');
};

describe('delegated credentials (RFC 9345)', () => {
  it.each([nodeProvider, nobleProvider])('of both sides, with $name', (provider) => {
    const { client, server } = handshake(
      { provider, credentials: [credentialOf('client', { provider })] },
      { provider, credentials: [credentialOf('server', { provider })], clientAuthentication: 'require' },
    );
    shownBy('server', client.facts, schemes.ed25519);
    shownBy('client', server.facts, schemes.ecdsa_secp384r1_sha384);
    expect(client.facts).toMatchObject({
      ownDelegatedCredential: issuedLike(client.facts),
      ownSignatureScheme: schemes.ecdsa_secp384r1_sha384,
    });
    expect(server.facts).toMatchObject({ ownSignatureScheme: schemes.ed25519 });
  });

  it('need no key of the certificate', () => {
    const alone = { alone: true };
    const { client, server } = handshake(
      { credentials: [credentialOf('client', alone)] },
      { credentials: [credentialOf('server', alone)], clientAuthentication: 'require' },
    );
    shownBy('server', client.facts, schemes.ed25519);
    shownBy('client', server.facts, schemes.ecdsa_secp384r1_sha384);
  });

  it('are shown to nobody who has not asked, and of a scheme that was asked for', () => {
    const given = (acceptDelegatedCredentials: ClientOptions['acceptDelegatedCredentials']) =>
      handshake({ acceptDelegatedCredentials: acceptDelegatedCredentials! }, {});
    notDelegated(given(false).server.facts);
    notDelegated(given([schemes.ecdsa_secp256r1_sha256]).server.facts);
    shownBy('server', given([schemes.ed25519]).client.facts, schemes.ed25519);
    const client = { credentials: [credentialOf('client')] };
    const server = { clientAuthentication: 'require', acceptDelegatedCredentials: false } as const;
    notDelegated(handshake(client, server).client.facts);
  });

  it('are not shown once they have expired', () => {
    const late = virtualClock(nowMs + dayMs);
    const { client, server } = handshake({}, {}, [], { clock: late });
    notDelegated(server.facts);
    expect(client.facts.peerSignatureScheme).toBe(schemes.ecdsa_secp256r1_sha256);
    // The last millisecond of it is for clocks that differ.
    const soon = virtualClock(nowMs + dayMs - 1);
    expect(handshake({}, {}, [], { clock: soon }).server.facts).toHaveProperty('ownDelegatedCredential');
    // Who has no other key says so.
    const alone = handshake({}, { credentials: [credentialOf('server', { alone: true })] }, [], {
      clock: virtualClock(nowMs + dayMs),
    });
    expect(alone.server.outputs.find(({ type }) => type === 'failed')).toMatchObject({
      error: { code: 'incompatible.signatureSchemes' },
      alert: 'handshake_failure',
    });
  });

  it('go with a certificate that stands behind another one', () => {
    const plain = loadCredential({ provider: nodeProvider, chain: pki.server.chain, key: pki.server.key });
    const ed448 = { ...credentialOf('server', { alone: true }), names: ['localhost'] };
    const { server } = handshake({}, { credentials: [{ ...plain, names: ['other.test'] }, ed448] });
    expect(server.facts).toHaveProperty('ownDelegatedCredential');
  });

  it('with certificates that are compressed', () => {
    const certificateCompression = { accept: [compressionAlgorithms.zlib] };
    const { client, server } = handshake(
      { certificateCompression, credentials: [credentialOf('client')] },
      { certificateCompression, clientAuthentication: 'require' },
    );
    shownBy('server', client.facts, schemes.ed25519);
    shownBy('client', server.facts, schemes.ecdsa_secp384r1_sha384);
    expect(client.facts.peerCertificateCompression).toBe(compressionAlgorithms.zlib);
    expect(server.facts.peerCertificateCompression).toBe(compressionAlgorithms.zlib);
  });

  it('compressed once with the credential, and once without', () => {
    let compressions = 0;
    const real = nodeProvider.certificateCompression!.zlib!;
    const zlib = {
      ...real,
      compress(bytes: Uint8Array) {
        compressions++;
        return real.compress!(bytes);
      },
    };
    const provider = { ...nodeProvider, certificateCompression: { zlib } };
    const credentials = [credentialOf('server')];
    const certificateCompression = { accept: [compressionAlgorithms.zlib] };
    for (const acceptDelegatedCredentials of [true, false, true, false])
      handshake({ certificateCompression, acceptDelegatedCredentials }, { provider, credentials });
    expect(compressions).toBe(2);
  });

  it('of a client that is asked after the handshake', () => {
    const asks: ScriptStep = {
      by: 'server',
      do: 'call',
      run: (connection, now) => void connection.requestClientAuth({ require: true }, now),
    };
    const { client, server } = handshake(
      { postHandshakeAuth: true, credentials: [credentialOf('client')] },
      {},
      [asks],
    );
    shownBy('client', server.facts, schemes.ecdsa_secp384r1_sha384);
    expect(client.facts).toHaveProperty('ownDelegatedCredential');
  });

  it('are signed with by whoever has the key', () => {
    const asked: unknown[] = [];
    const sign: Answers['sign'] = ({ delegation, credential, scheme, input }) => {
      asked.push([delegation?.role, scheme, credential.key === 'external']);
      return { ok: true, signature: delegates.server.sign({ type: 'ed25519' }, input) };
    };
    const credentials = [credentialOf('server', { external: true })];
    const { client } = handshake({}, { credentials, answers: { sign } });
    shownBy('server', client.facts, schemes.ed25519);
    expect(asked).toEqual([['server', schemes.ed25519, false]]);
  });

  it('of a certificate that the application selects', () => {
    const asks: unknown[] = [];
    const selectCertificate: Answers['selectCertificate'] = (ask) => {
      asks.push([ask.delegatedSignatureSchemes, ask.nowMs]);
      return { ok: true, credential: credentialOf('server') };
    };
    const list = [schemes.ed25519, schemes.ed448];
    const { client } = handshake(
      { acceptDelegatedCredentials: list },
      { credentials: [], answers: { selectCertificate } },
    );
    shownBy('server', client.facts, schemes.ed25519);
    expect(asks).toEqual([[list, nowMs]]);
  });

  it('are refused with their alert where they are not valid', () => {
    const refusing = (credential: DelegatedCredential, at = nowMs) => {
      // A key that we have, and that the credential does not name, is refused where it is loaded.
      const held = credentialOf('server', { external: true });
      const [delegation] = held.delegations!;
      const forged = { ...delegation!, credential, expiresAtMs: Number.MAX_SAFE_INTEGER };
      const sign: Answers['sign'] = ({ input }) => ({
        ok: true,
        signature: delegates.server.sign({ type: 'ed25519' }, input),
      });
      const options = { credentials: [{ ...held, delegations: [forged] }], answers: { sign } };
      const { client, server } = handshake({}, options, [], { clock: virtualClock(at) });
      expect(server.outputs.find(({ type }) => type === 'failed')).toMatchObject({
        error: { code: 'received.alert' },
        alert: 'illegal_parameter',
      });
      const failed = client.outputs.find(({ type }) => type === 'failed');
      expect(failed).toMatchObject({
        error: { code: 'peer.illegalDelegatedCredential', section: 'RFC 9345 §4.1.3' },
        alert: 'illegal_parameter',
      });
      return failed?.type === 'failed' && failed.error.cause;
    };
    const right = issued('server');
    const { cred } = right;
    expect(refusing(right, nowMs + dayMs + 1)).toMatchObject({ code: 'DELEGATION_HAS_EXPIRED' });
    expect(refusing(issued('server', { expiresAtMs: nowMs + 7 * dayMs }), nowMs - 1)).toMatchObject({
      code: 'DELEGATION_TOO_LONG',
    });
    const later = { ...right, cred: { ...cred, validTimeSeconds: cred.validTimeSeconds + 1 } };
    expect(refusing(later)).toMatchObject({ code: 'DELEGATION_SIGNATURE_FAILURE' });
    expect(refusing(issued('server', { role: 'client' }))).toMatchObject({
      code: 'DELEGATION_SIGNATURE_FAILURE',
    });
    const { publicKey } = delegates.client;
    const other = { ...right, cred: { ...cred, subjectPublicKeyInfo: publicKey.spki } };
    expect(refusing(other)).toMatchObject({ code: 'DELEGATION_BAD_KEY' });
  });
});

describe('a session that began with a delegated credential', () => {
  // Sooner than the tickets do.
  const endMs = nowMs + 3_600_000;
  const ending = (role: Role) => credentialOf(role, { credential: issued(role, { expiresAtMs: endMs }) });
  const server = serverConfig({
    provider: nodeProvider,
    credentials: [ending('server')],
    answers: { verifyPeer },
    acceptDelegatedCredentials: true,
    clientAuthentication: 'require',
  });
  const client = { credentials: [ending('client')] };

  /** A session in its form for a file. */
  function sessionOf(): Session {
    const { outputs } = handshakeWith([], nowMs).client;
    const output = outputs.find(({ type }) => type === 'session');
    return decodeSession(encodeSession((output as Extract<typeof output, { type: 'session' }>)!.session))!;
  }

  function handshakeWith(sessions: readonly Session[], at: number) {
    return pair(
      createClient({
        provider: nodeProvider,
        serverName: 'localhost',
        acceptDelegatedCredentials: true,
        ...client,
        sessions,
        answers: { verifyPeer },
      }),
      createServer(server),
      { clock: virtualClock(at) },
    ).run([]);
  }

  it('is resumed, and tells of it', () => {
    const { client: asking, server: answering } = handshakeWith([sessionOf()], endMs);
    const expected = { resumed: true, peerVerdict: { delegatedUntilMs: endMs } };
    expect(asking.facts).toMatchObject(expected);
    expect(answering.facts).toMatchObject(expected);
  });

  it('is not once that has expired (RFC 9345 §7.4)', () => {
    const { client: asking, server: answering } = handshakeWith([sessionOf()], endMs + 1);
    // The server goes back to a full handshake, with a credential that has not expired: its certificate's key.
    expect(answering.facts).toMatchObject({ resumed: false, handshakes: 1 });
    expect(asking.facts).toMatchObject({ resumed: false, handshakes: 1 });
    expect(asking.facts.peerVerdict).not.toHaveProperty('delegatedUntilMs');
  });

  it('is not offered after that, and says so in its form for a file', () => {
    const session = sessionOf();
    expect(session.peer).toMatchObject({ validUntilMs: endMs });
    const offered = (nowMs: number) => {
      const asked: number[] = [];
      const connection = createClient({
        provider: nodeProvider,
        serverName: 'localhost',
        sessions: [session],
        answers: { verifyPeer },
      });
      connection.start(nowMs);
      for (let output = connection.poll(); output !== undefined; output = connection.poll())
        if (output.type === 'transmit') asked.push(...output.pieces.flatMap((piece) => [...piece]));
      return Buffer.from(asked).includes(Buffer.from(session.ticket));
    };
    expect([offered(endMs), offered(endMs + 1)]).toEqual([true, false]);
  });

  it('lasts as long when it is resumed', () => {
    const { client: asking } = handshakeWith([sessionOf()], endMs - 1_000);
    const [again] = asking.outputs.flatMap((output) => (output.type === 'session' ? [output.session] : []));
    expect(again?.peer?.validUntilMs).toBe(endMs);
  });
});

/** The client's facts have the credential as it was loaded. */
function issuedLike(facts: Facts) {
  const { ownDelegatedCredential } = facts;
  expect(ownDelegatedCredential?.cred.subjectPublicKeyInfo).toEqual(delegates.client.publicKey.spki);
  return ownDelegatedCredential;
}
