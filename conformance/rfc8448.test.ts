import {
  type ClientOptions,
  type Connection,
  createClient,
  createServer,
  type Credential,
  type CryptoProvider,
  decodeHandshake,
  type ExtraExtension,
  extensionTypes,
  givenEntropy,
  namedGroups,
  type Output,
  type ServerOptions,
  type Session,
  signatureSchemes,
  suites13,
  type TicketKeeper,
  ReplayGuard,
} from '@sealwire/core';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { parseCertificate } from '@sealwire/x509';
import { describe, expect, it } from 'vitest';
import { resumed0Rtt, ticket } from './rfc8448-resumed.ts';
import * as traces from './rfc8448-traces.ts';

/**
 * Both sides of the handshakes of RFC 8448, byte for byte. The traces were made by NSS, so the hellos are told
 * in which order NSS writes its extensions, and what it adds that we do not send. What the sides drew comes
 * from a scripted source; RSA-PSS and ECDSA signatures are canned answers to the `sign` decision, because their
 * randomness was not published. `verifyPeer` accepts the certificates' keys: the traces use RSA keys of 1,024 bits.
 */
describe.each([nodeProvider, nobleProvider])('the traces of RFC 8448 with $name', (provider) => {
  it('§3: simple 1-RTT handshake', () => {
    const trace = traces.simple1Rtt;
    const { client, server } = simple(provider);
    client.start(0);
    server.start(0);
    expect(sent(client)).toEqual(trace.firstClientHello);
    server.receive(trace.firstClientHello, 0);
    expect(sent(server)).toEqual(join(trace.serverHello, trace.serverFlight));
    client.receive(join(trace.serverHello, trace.serverFlight), 0);
    expect(sent(client)).toEqual(trace.clientFlight);
    server.receive(trace.clientFlight, 0);
    expect(sent(server)).toEqual(trace.newSessionTicket);
    expect([client.facts.handshakes, server.facts.handshakes]).toEqual([1, 1]);
    client.receive(trace.newSessionTicket, 0);
    expect(client.send(trace.applicationData)).toBe(trace.applicationData.length);
    expect(sent(client)).toEqual(trace.clientApplicationData);
    server.receive(trace.clientApplicationData, 0);
    expect(delivered(server)).toEqual(trace.applicationData);
    expect(server.send(trace.applicationData)).toBe(trace.applicationData.length);
    expect(sent(server)).toEqual(trace.serverApplicationData);
    client.receive(trace.serverApplicationData, 0);
    expect(delivered(client)).toEqual(trace.applicationData);
    close(client, server, trace);
  });

  it('§4: resumed 0-RTT handshake', () => {
    const trace = resumed0Rtt;
    const first = simple(provider);
    exchange(first.client, first.server);
    const [session] = first.sessions();
    expect(session).toMatchObject({
      ticket,
      lifetimeSeconds: 30,
      ageAdd: 0xfad6aac5,
      maxEarlyDataBytes: 1024,
    });
    const client = clientOf(provider, traces.simple1Rtt, [], {
      entropy: givenEntropy(scripted(trace.clientDrawn)),
      sessions: [session!],
      sendEarlyData: true,
      padHello: true,
    });
    const server = serverOf(provider, traces.simple1Rtt, {
      entropy: givenEntropy(scripted(trace.serverDrawn)),
      tickets: { keeper: first.keeper, count: 0, countWhenResumed: 0 },
      // The ticket is from a server before this one, of which its own guard would know nothing.
      earlyData: { maxBytes: 1024, guard: new ReplayGuard() },
      // RFC 6066 §3 has no server_name where a session is resumed; the server of the trace sends it all the same.
      extensionOrder: [
        extensionTypes.supported_groups,
        extensionTypes.record_size_limit,
        extensionTypes.server_name,
      ],
      extraExtensions: [announcedGroups, extra('EE', extensionTypes.server_name, '')],
    });
    client.start(6);
    server.start(6);
    expect(sent(client)).toEqual(trace.firstClientHello);
    expect(client.send(trace.earlyData)).toBe(trace.earlyData.length);
    expect(sent(client)).toEqual(trace.clientEarlyData);
    server.receive(trace.firstClientHello, 6);
    expect(sent(server)).toEqual(join(trace.serverHello, trace.serverFlight));
    server.receive(trace.clientEarlyData, 6);
    expect(delivered(server)).toEqual(trace.earlyData);
    client.receive(join(trace.serverHello, trace.serverFlight), 6);
    expect(sent(client)).toEqual(trace.clientFlight);
    server.receive(trace.clientFlight, 6);
    expect(client.send(trace.applicationData)).toBe(trace.applicationData.length);
    expect(sent(client)).toEqual(trace.clientApplicationData);
    expect(server.send(trace.applicationData)).toBe(trace.applicationData.length);
    drain(client);
    expect(sent(server)).toEqual(trace.serverApplicationData);
    server.receive(trace.clientApplicationData, 6);
    client.receive(trace.serverApplicationData, 6);
    expect([delivered(server), delivered(client)]).toEqual([trace.applicationData, trace.applicationData]);
    close(client, server, trace);
  });

  it('§5: HelloRetryRequest', () => {
    const trace = traces.helloRetryRequest;
    const groups = extra('CH', extensionTypes.supported_groups, '0006001d00170018');
    const client = clientOf(provider, trace, [groups], { padHello: true });
    const server = serverOf(provider, trace, {
      groups: [namedGroups.secp256r1],
      retryCookie: trace.cookie,
      extraExtensions: [extra('EE', extensionTypes.supported_groups, '000600170018001d')],
    });
    client.start(0);
    server.start(0);
    expect(sent(client)).toEqual(trace.firstClientHello);
    server.receive(trace.firstClientHello, 0);
    expect(sent(server)).toEqual(trace.helloRetryRequest);
    client.receive(trace.helloRetryRequest, 0);
    expect(sent(client)).toEqual(trace.secondClientHello);
    server.receive(trace.secondClientHello, 0);
    expect(sent(server)).toEqual(join(trace.serverHello, trace.serverFlight));
    client.receive(join(trace.serverHello, trace.serverFlight), 0);
    expect(sent(client)).toEqual(trace.clientFlight);
    server.receive(trace.clientFlight, 0);
    close(client, server, trace);
  });

  it('§6: client authentication', () => {
    const trace = traces.clientAuthentication;
    const client = clientOf(provider, trace, [], {
      credentials: [credentialOf([traces.clientCertificate], signatureSchemes.rsa_pss_rsae_sha256)],
    });
    const server = serverOf(provider, trace, {
      clientAuthentication: 'require',
      extraExtensions: [announcedGroups, { ...extra('CR', extensionTypes.signature_algorithms, nssSchemes) }],
      credentials: [credentialOf(certificatesIn(trace), signatureSchemes.ecdsa_secp256r1_sha256)],
    });
    handshake(client, server, trace);
    expect(server.facts.peerSignatureScheme).toBe(signatureSchemes.rsa_pss_rsae_sha256);
    close(client, server, trace);
  });

  it('§7: compatibility mode', () => {
    const trace = traces.compatibilityMode;
    const client = clientOf(provider, trace, [], { middleboxCompatibility: true });
    const server = serverOf(provider, trace);
    handshake(client, server, trace);
    close(client, server, trace);
  });
});

/** The two ends of §3; the server sends its ticket with 0-RTT data allowed. */
function simple(provider: CryptoProvider) {
  const trace = traces.simple1Rtt;
  let kept: Session | undefined;
  const keeper: TicketKeeper = {
    sealTicket({ session }) {
      kept = session;
      return { ok: true, ticket };
    },
    openTicket: () => ({ ok: true, ...(kept === undefined ? {} : { found: { index: 0, session: kept } }) }),
  };
  // What a keeper may use to seal with was not drawn by the server of the trace.
  const drawn = join(trace.serverDrawn, new Uint8Array(32));
  const client = clientOf(provider, trace, [sessionTicket]);
  const server = serverOf(provider, trace, {
    entropy: givenEntropy(scripted(drawn)),
    tickets: { keeper, count: 1, lifetimeSeconds: 30 },
    earlyData: { maxBytes: 1024 },
  });
  const sessions: Session[] = [];
  return { client, server, keeper, sessions: () => sessionsIn(client, sessions) };
}

/** Carries the bytes of §3's handshake to and fro. */
function exchange(client: Connection, server: Connection): void {
  client.start(0);
  server.start(0);
  server.receive(sent(client), 0);
  client.receive(sent(server), 0);
  server.receive(sent(client), 0);
  client.receive(sent(server), 0);
}

function sessionsIn(client: Connection, sessions: Session[]): readonly Session[] {
  sessions.push(...drain(client).flatMap((output) => (output.type === 'session' ? [output.session] : [])));
  return sessions;
}

/** A handshake without a retry, each flight compared as it leaves. */
function handshake(client: Connection, server: Connection, trace: Trace): void {
  client.start(0);
  server.start(0);
  expect(sent(client)).toEqual(trace.firstClientHello);
  server.receive(trace.firstClientHello, 0);
  expect(sent(server)).toEqual(join(trace.serverHello, trace.serverFlight));
  client.receive(join(trace.serverHello, trace.serverFlight), 0);
  expect(sent(client)).toEqual(trace.clientFlight);
  server.receive(trace.clientFlight, 0);
}

function close(
  client: Connection,
  server: Connection,
  trace: Pick<Trace, 'clientCloseNotify' | 'serverCloseNotify'>,
): void {
  client.close();
  expect(sent(client)).toEqual(trace.clientCloseNotify);
  server.receive(trace.clientCloseNotify, 0);
  server.close();
  expect(sent(server)).toEqual(trace.serverCloseNotify);
  client.receive(trace.serverCloseNotify, 0);
  expect(client.poll()).toEqual({ type: 'peerClosed', how: 'closeNotify' });
  expect(client.poll()).toEqual({ type: 'closed' });
}

interface Trace {
  readonly clientDrawn: Uint8Array;
  readonly serverDrawn: Uint8Array;
  readonly firstClientHello: Uint8Array;
  readonly serverHello: Uint8Array;
  readonly serverFlight: Uint8Array;
  readonly clientFlight: Uint8Array;
  readonly serverSignature: Uint8Array;
  readonly clientSignature?: Uint8Array;
  readonly serverCertificateMessage: Uint8Array;
  readonly clientCloseNotify: Uint8Array;
  readonly serverCloseNotify: Uint8Array;
}

function clientOf(
  provider: CryptoProvider,
  trace: Trace,
  extensions: readonly ExtraExtension[],
  options: Partial<ClientOptions> = {},
): Connection {
  return createClient({
    provider,
    entropy: givenEntropy(scripted(trace.clientDrawn)),
    sni: 'server',
    cipherSuites: [
      suites13.TLS_AES_128_GCM_SHA256,
      suites13.TLS_CHACHA20_POLY1305_SHA256,
      suites13.TLS_AES_256_GCM_SHA384,
    ],
    groups: nssGroups,
    keyShares: [namedGroups.x25519],
    recordSizeLimit: 16_385,
    middleboxCompatibility: false,
    extensionOrder: nssOrder,
    extraExtensions: [
      extra('CH', extensionTypes.renegotiation_info, '00'),
      extra('CH', extensionTypes.psk_key_exchange_modes, '0101'),
      extra('CH', extensionTypes.signature_algorithms, nssSchemes),
      ...extensions,
    ],
    answers: {
      verifyPeer: () => ({ ok: true, publicKey: publicKeyOf(certificatesIn(trace)[0]!) }),
      sign: () => ({ ok: true, signature: trace.clientSignature! }),
    },
    ...options,
  });
}

function serverOf(provider: CryptoProvider, trace: Trace, options: Partial<ServerOptions> = {}): Connection {
  return createServer({
    provider,
    entropy: givenEntropy(scripted(trace.serverDrawn)),
    tickets: false,
    recordSizeLimit: 16_385,
    extensionOrder: [extensionTypes.supported_groups, extensionTypes.record_size_limit],
    extraExtensions: [announcedGroups],
    credentials: [credentialOf(certificatesIn(trace), signatureSchemes.rsa_pss_rsae_sha256)],
    answers: {
      verifyPeer: () => ({ ok: true, publicKey: publicKeyOf(traces.clientCertificate) }),
      sign: () => ({ ok: true, signature: trace.serverSignature }),
    },
    ...options,
  });
}

/** Gives out `bytes` in order, and fails the test when more is drawn than the trace has. */
function scripted(bytes: Uint8Array) {
  let at = 0;
  return (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new Error(`the trace has no ${length} further random bytes`);
    at += length;
    return bytes.slice(at - length, at);
  };
}

function credentialOf(chain: readonly Uint8Array[], scheme: number): Credential {
  return { type: 'x509', chain, signatureSchemes: [scheme], key: 'external' };
}

function certificatesIn({ serverCertificateMessage }: Trace): readonly Uint8Array[] {
  const message = decodeHandshake(serverCertificateMessage);
  if (message?.type !== 'certificate') throw new Error('the trace has no Certificate message');
  return message.certificateList.map((entry) => entry.certData);
}

function publicKeyOf(certificate: Uint8Array): Uint8Array {
  return parseCertificate(certificate).spki;
}

function sent(connection: Connection): Uint8Array {
  return join(...drain(connection).flatMap((output) => (output.type === 'transmit' ? output.pieces : [])));
}

function delivered(connection: Connection): Uint8Array {
  return join(...drain(connection).flatMap((output) => (output.type === 'data' ? [output.bytes] : [])));
}

function drain(connection: Connection): Output[] {
  const outputs: Output[] = [];
  for (let output = connection.poll(); output !== undefined; output = connection.poll()) {
    if (output.type === 'failed') throw output.error;
    outputs.push(output);
  }
  return outputs;
}

function join(...pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

function extra(place: ExtraExtension['in'], type: number, data: string): ExtraExtension {
  return { in: place, type, data: new Uint8Array(Buffer.from(data, 'hex')) };
}

const nssGroups = [
  namedGroups.x25519,
  namedGroups.secp256r1,
  namedGroups.secp384r1,
  namedGroups.secp521r1,
  namedGroups.ffdhe2048,
  namedGroups.ffdhe3072,
  namedGroups.ffdhe4096,
  namedGroups.ffdhe6144,
  namedGroups.ffdhe8192,
];

/** SHA-1 and DSA are among them, which we neither list nor verify. */
const nssSchemes = '001e040305030603020308040805080604010501060102010402050206020202';

const nssOrder = [
  extensionTypes.server_name,
  extensionTypes.renegotiation_info,
  extensionTypes.supported_groups,
  extensionTypes.session_ticket,
  extensionTypes.key_share,
  extensionTypes.early_data,
  extensionTypes.supported_versions,
  extensionTypes.signature_algorithms,
  extensionTypes.cookie,
  extensionTypes.psk_key_exchange_modes,
  extensionTypes.record_size_limit,
];

const sessionTicket = extra('CH', extensionTypes.session_ticket, '');

const announcedGroups = extra(
  'EE',
  extensionTypes.supported_groups,
  '0012001d00170018001901000101010201030104',
);
