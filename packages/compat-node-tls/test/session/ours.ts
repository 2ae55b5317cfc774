import {
  type DecisionMap,
  type Facts,
  namedGroups,
  type Session,
  suites13,
  type VerifyPeerAsk,
  type VerifyPeerReply,
} from '@sealwire/core';
import { tls10, tls11, tls12, suites12 } from '@sealwire/core/tls12';
import { tls13 } from '@sealwire/core/tls13';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { connect, createServer, type TlsStream } from '@sealwire/node-transport';
import { createVerifier, parseCertificate } from '@sealwire/x509';
import { clientSession, toSslSession } from '../../src/session/convert.ts';
import { decodeNodeSession, encodeNodeSession } from '../../src/session/node-session.ts';
import { OpensslTicketKeeper, restoredSession, storedSession } from '../../src/session/openssl-tickets.ts';
import { judgeResumedPeer } from '../../src/session/resumed-peer.ts';
import { verifyResultNumber, verifyResultOf, type StoredVerdict } from '../../src/session/verify-result.ts';
import type { ClientWishes, Dialed, Implementation, Served, ServerWishes, Serving, Wishes } from './peer.ts';

/**
 * Ours by the parts that there are: core over sockets, with the keeper and the conversions of this package. `isBound`: it writes
 * sessions for a Node that wants the name of the host.
 */
export function ours(isBound = false): Implementation {
  return { name: 'ours', serve, dial: (wishes) => dial(wishes, isBound) };
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

async function serve(wishes: ServerWishes): Promise<Serving> {
  const { cert, key, clients, lifetime = 7_200, noTickets = false, byId = false, version } = wishes;
  const context = Buffer.from(wishes.sessionIdContext);
  const stateful = noTickets && version === 'TLSv1.3';
  const keeper = new OpensslTicketKeeper(bytes(wishes.ticketKeys), { sessionIdContext: context, stateful });
  const store = new Map<string, string>();
  const seen: string[] = [];
  const server = await createServer(
    {
      ...common(wishes),
      port: 0,
      host: '127.0.0.1',
      certificate: cert,
      privateKey: key,
      clientAuthentication: clients === undefined ? 'none' : clients === 'any' ? 'request' : 'require',
      tickets: noTickets && !stateful ? false : { keeper, lifetimeSeconds: lifetime, countWhenResumed: 0 },
      // As compat has it: what the context is made of is the session id context.
      sessionContext: context,
      ...(byId ? { sessionIds: { lifetimeSeconds: lifetime } } : {}),
      decide: {
        ...(clients === undefined ? {} : { verifyPeer: verifier(wishes, clients === 'any') }),
        ...(byId ? sessionsOf(store, seen, context) : {}),
      },
    },
    async (stream) => {
      const { facts } = stream;
      const served: Served = {
        reused: facts.resumed ?? false,
        alpn: facts.alpnProtocol ?? '',
        client: subjectOf(facts),
        authorized: facts.peerEvidence !== undefined && verifyResultOf(facts.peerVerdict) === 0,
      };
      for await (const _ of stream) await stream.send(`${JSON.stringify(served)}\n`);
      stream.end();
    },
  );
  server.on('connectionError', () => {});
  return {
    port: server.port,
    store,
    seen,
    setTicketKeys: (keys) => keeper.setKeys(bytes(keys)),
    close: () => server.close(),
  };
}

/** Answers as the events newSession and resumeSession would have them. */
function sessionsOf(store: Map<string, string>, seen: string[], context: Uint8Array) {
  return {
    storeSession({ session }: DecisionMap['storeSession']['ask']) {
      const { id, data } = storedSession(session, context);
      seen.push(hex(data));
      store.set(hex(id), hex(data));
      return { ok: true } as const;
    },
    lookupSession(ask: DecisionMap['lookupSession']['ask']) {
      const data = store.get(hex(ask.sessionId));
      const session = data === undefined ? undefined : restoredSession(bytes(data), ask, context);
      return session === undefined ? ({ ok: true } as const) : ({ ok: true, session } as const);
    },
  };
}

async function dial(wishes: ClientWishes, isBound: boolean): Promise<Dialed> {
  const { port, servername, cert, key, session, anyServer = false } = wishes;
  const terms = { serverName: servername, expectedName: servername, context: new Uint8Array(0) };
  const kept = session === undefined ? undefined : decodeNodeSession(bytes(session));
  const offered =
    kept === undefined ? undefined : clientSession(kept.session, { ...terms, checkedName: kept.host });
  const sessions: string[] = [];
  const none = { reused: false, authorized: false, sessions, server: undefined };
  let stream: TlsStream;
  try {
    stream = await connect({
      ...common(wishes),
      host: '127.0.0.1',
      port,
      serverName: servername,
      ...(cert === undefined ? {} : { certificate: cert, privateKey: key! }),
      sessions: offered === undefined ? [] : [offered],
      onSession(each, connection) {
        const { facts } = connection as TlsStream;
        sessions.push(hex(bufferOf(each, facts, isBound ? servername : undefined)));
      },
      decide: { verifyPeer: verifier(wishes, anyServer) },
    });
  } catch (error) {
    return { ...none, error: String((error as { code?: unknown }).code ?? error) };
  }
  const { facts } = stream;
  await stream.send(wishes.greeting ?? 'x');
  let text = '';
  try {
    for await (const each of stream) {
      text += String(each);
      if (text.endsWith('\n')) stream.end();
    }
  } catch (error) {
    return { ...none, error: String((error as { code?: unknown }).code ?? error) };
  }
  return {
    reused: facts.resumed ?? false,
    authorized: verifyResultOf(facts.peerVerdict) === 0,
    sessions,
    server: JSON.parse(text) as Served,
    error: '',
  };
}

function bufferOf(session: Session, { group }: Facts, host: string | undefined): Uint8Array {
  return encodeNodeSession({ session: toSslSession(session, 'client', { kexGroup: group }), host });
}

/** Verdicts as this package has them: a chain that was not found good is taken only from who may be anybody. */
function verifier({ ca }: Wishes, isAnybody: boolean) {
  const verify = createVerifier({ provider, roots: ca });
  return (ask: VerifyPeerAsk): VerifyPeerReply => {
    const reply = ask.cause === 'resumption' ? judgeResumedPeer(ask) : judged(verify(ask), ask);
    const result = reply.ok ? verifyResultOf(reply.verdict) : 1;
    if (!reply.ok || result === 0 || isAnybody) return reply;
    return { ok: false, reason: 'rejected', message: `verify result ${result}` };
  };
}

function judged(reply: VerifyPeerReply, { evidence }: VerifyPeerAsk): VerifyPeerReply {
  if (reply.ok) return { ...reply, verdict: { verifyResult: 0 } satisfies StoredVerdict };
  if (evidence.type !== 'x509') return reply;
  const code = String((reply.cause as { code?: unknown } | undefined)?.code);
  const verdict: StoredVerdict = { verifyResult: verifyResultNumber(code) };
  return { ok: true, publicKey: parseCertificate(evidence.chain[0]!.certificate).spki, verdict };
}

function common({ version, alpn }: Wishes) {
  const module = { TLSv1: tls10, 'TLSv1.1': tls11, 'TLSv1.2': tls12, 'TLSv1.3': tls13 }[version];
  const isOld = module === tls10 || module === tls11;
  // In OpenSSL's order: it resumes nothing with a suite of another hash than that of the suite which it prefers.
  const { TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256, TLS_AES_128_GCM_SHA256 } = suites13;
  const newest = [TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256, TLS_AES_128_GCM_SHA256];
  return {
    versions: [module],
    // What OpenSSL 3.0 takes first; its clients lose the ticket of a session with another group.
    groups: [namedGroups.x25519, namedGroups.secp256r1],
    ...(module === tls13 ? { cipherSuites: newest } : {}),
    ...(isOld ? { cipherSuites: [suites12.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA] } : {}),
    ...(alpn === undefined ? {} : { alpnProtocols: alpn }),
  };
}

function subjectOf({ peerEvidence }: Facts): string {
  if (peerEvidence?.type !== 'x509') return '';
  const { subject } = parseCertificate(peerEvidence.chain[0]!.certificate);
  return /CN=([^,+]*)/.exec(String(subject))?.[1] ?? '';
}
