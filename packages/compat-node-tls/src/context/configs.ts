import {
  type Answers,
  type CertificateCompressionOptions,
  type ClientConfig,
  clientConfig,
  type ClientOptions,
  compressionAlgorithms,
  type DecisionKind,
  pskKeyExchangeModes,
  type ServerConfig,
  serverConfig,
  type ServerOptions,
} from '@sealwire/core';
import { provider } from '../process/provider.ts';
import { guardOf } from '../beyond/early-data.ts';
import { OpensslTicketKeeper } from '../session/openssl-tickets.ts';
import { clientOffer, serverOffer } from './offers.ts';
import { leastFieldBits } from '../openssl/security.ts';
import { type OfferedHello, preferredCredentials, preferredSuites } from './preference.ts';
import type { ContextState } from './state.ts';

/** What one connection asks for beside its context: values alone, since connections that ask for the same share what is made of it. */
export interface ClientWishes {
  readonly sni: string | undefined;
  readonly alpnProtocols: readonly string[];
  readonly npnProtocols: readonly string[];
  /** Whom the server's certificate must be for. */
  readonly host: string | undefined;
  readonly requestOcsp: boolean;
  readonly keyLog: boolean;
  readonly trace: boolean;
  readonly sendEarlyData: boolean;
  readonly postHandshakeAuth: boolean;
  /** What each connection answers for itself. */
  readonly asks: readonly DecisionKind[];
}

export interface ServerWishes {
  readonly clientAuthentication: 'none' | 'request' | 'require';
  readonly alpnProtocols: readonly string[];
  readonly npnProtocols: readonly string[];
  readonly pskIdentityHint: Uint8Array | undefined;
  readonly keyLog: boolean;
  readonly trace: boolean;
  /** Absent: none are sent or taken. */
  readonly tickets: TicketWishes | undefined;
  readonly keepsSessionIds: boolean;
  readonly earlyDataBytes: number | undefined;
  readonly asks: readonly DecisionKind[];
}

/** `isStateful`: a ticket of TLS 1.3 is but the session's id. */
export interface TicketWishes {
  readonly isStateful: boolean;
}

/** Throws what OpenSSL says where the context leaves nothing to offer. */
export function clientConfigOf(state: ContextState, wishes: ClientWishes): ClientConfig {
  return state.made(`client ${JSON.stringify(wishes)}`, () => newClientConfig(state, wishes));
}

/** `hello`: that is answered, where it is known. */
export function serverConfigOf(
  state: ContextState,
  wishes: ServerWishes,
  hello?: OfferedHello,
): ServerConfig {
  const { pskIdentityHint, ...others } = wishes;
  const offer = serverOffer(state);
  const chosen = hello && {
    credentials: preferredCredentials(state, hello),
    cipherSuites: preferredSuites(state, offer.cipherSuites, hello),
  };
  // Mostly there is but one order, whatever the hello says.
  const order = chosen && [
    chosen.cipherSuites !== offer.cipherSuites && chosen.cipherSuites,
    chosen.credentials.map((each) => state.credentials.indexOf(each)),
  ];
  const hint = pskIdentityHint && Buffer.from(pskIdentityHint).toString('base64');
  return state.made(`server ${JSON.stringify([others, hint, order])}`, () =>
    newServerConfig(state, wishes, { ...offer, ...chosen }),
  );
}

function newClientConfig(state: ContextState, wishes: ClientWishes): ClientConfig {
  const { sni, host, asks, alpnProtocols, npnProtocols, keyLog, trace } = wishes;
  const { allowsUnsafeServers, allowsUnsafeRenegotiation, padsHello } = state.options;
  const options: ClientOptions = {
    ...shared(state, asks),
    ...clientOffer(state, asks.includes('lookupPsk')),
    sni: sni ?? false,
    ...(host === undefined ? {} : { serverName: host }),
    alpnProtocols,
    npnProtocols,
    requestOcsp: wishes.requestOcsp,
    requestTickets: state.sendsTickets,
    // Whoever asks for it compressed gets it so, as from OpenSSL.
    ...(state.certificateCompression.length === 0 && { certificateCompression: {} }),
    requireSecureRenegotiation: !(allowsUnsafeServers || allowsUnsafeRenegotiation),
    allowInsecureRenegotiation: allowsUnsafeRenegotiation,
    padHello: padsHello,
    keyLog,
    trace,
    // The option minDHSize is for the application's side of it, when the handshake is done.
    minDhBits: leastFieldBits(state.securityLevel),
    sendEarlyData: wishes.sendEarlyData,
    postHandshakeAuth: wishes.postHandshakeAuth,
  };
  return clientConfig(options);
}

function newServerConfig(
  state: ContextState,
  wishes: ServerWishes,
  offer: Partial<ServerOptions>,
): ServerConfig {
  const { asks, pskIdentityHint, tickets, keepsSessionIds, earlyDataBytes, ...others } = wishes;
  const lifetimeSeconds = Math.min(Math.max(state.sessionTimeoutSeconds, 1), 604_800);
  return serverConfig({
    ...shared(state, asks),
    ...offer,
    ...others,
    certificateAuthorities: state.clientAuthorities,
    cipherSuitePreference: state.honorCipherOrder ? 'server' : 'client',
    ...(state.dhParameters && { dhParameters: state.dhParameters }),
    // OpenSSL gives what `dhparam` says to everybody.
    followDhGroups: false,
    ...(pskIdentityHint && { pskIdentityHint }),
    tickets: tickets !== undefined && {
      keeper: ticketKeeper(state, tickets),
      lifetimeSeconds,
      count: 2,
      countWhenResumed: 0,
    },
    // A session that nobody keeps has an identifier as well, and is not found again.
    ...(keepsSessionIds && { sessionIds: { lifetimeSeconds } }),
    ...(earlyDataBytes !== undefined && { earlyData: { maxBytes: earlyDataBytes, guard: guardOf(state) } }),
  });
}

/** Under the keys of the context. */
export function ticketKeeper(state: ContextState, { isStateful }: TicketWishes): OpensslTicketKeeper {
  const { ticketKeys, sessionIdContext } = state;
  return state.made(
    `tickets ${isStateful}`,
    () => new OpensslTicketKeeper(ticketKeys, { sessionIdContext, stateful: isStateful }),
  );
}

function shared(state: ContextState, asks: readonly DecisionKind[]) {
  return {
    provider,
    credentials: state.credentials,
    sessionContext: state.sessionIdContext,
    encryptThenMac: !state.options.avoidsEncryptThenMac,
    pskModes: state.options.allowsPskAlone ? [psk_dhe_ke, psk_ke] : [psk_dhe_ke],
    certificateCompression: compressionOf(state),
    acceptRenegotiation: state.options.refusesRenegotiation ? false : unlimited,
    answers: Object.fromEntries(asks.map((kind) => [kind, later])) as Answers,
  };
}

/** The connection is asked. */
function later(): undefined {}

/** As in OpenSSL the one list is for both directions; without the option nothing is compressed. */
function compressionOf({ certificateCompression: names }: ContextState): CertificateCompressionOptions {
  const algorithms = names.map((name) => compressionAlgorithms[name as keyof typeof compressionAlgorithms]);
  return { accept: algorithms, send: algorithms };
}

const { psk_ke, psk_dhe_ke } = pskKeyExchangeModes;
/** How often, the socket counts. */
const unlimited = { limit: Number.MAX_SAFE_INTEGER, windowSeconds: 600 };
