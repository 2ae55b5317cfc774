import {
  type Answers,
  type CertificateCompressionOptions,
  type ClientConfig,
  clientConfig,
  type ClientOptions,
  compressionAlgorithms,
  pskKeyExchangeModes,
  type ServerConfig,
  serverConfig,
  type ServerOptions,
} from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { clientOffer, serverOffer } from './offers.ts';
import { leastFieldBits } from '../openssl/security.ts';
import { type OfferedHello, preferredCredentials, preferredSuites } from './preference.ts';
import type { ContextState } from './state.ts';
import { verifyPeer } from './verify.ts';

/** What one connection asks for beside its context. */
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
  readonly answers: Answers;
}

export interface ServerWishes {
  readonly clientAuthentication: 'none' | 'request' | 'require';
  readonly alpnProtocols: readonly string[];
  readonly npnProtocols: readonly string[];
  readonly pskIdentityHint: Uint8Array | undefined;
  readonly keyLog: boolean;
  readonly trace: boolean;
  readonly tickets?: ServerOptions['tickets'];
  readonly sessionIds?: ServerOptions['sessionIds'];
  readonly earlyData?: ServerOptions['earlyData'];
  readonly answers: Answers;
  /** Where the hello is known that is answered. */
  readonly hello?: OfferedHello | undefined;
}

/** Throws what OpenSSL says where the context leaves nothing to offer. */
export function clientConfigOf(state: ContextState, wishes: ClientWishes): ClientConfig {
  const { sni, host, answers, alpnProtocols, npnProtocols, keyLog, trace } = wishes;
  const { allowsUnsafeServers, allowsUnsafeRenegotiation, padsHello } = state.options;
  const options: ClientOptions = {
    ...shared(state, answers),
    ...clientOffer(state, answers.lookupPsk !== undefined),
    sni: sni ?? false,
    ...(host === undefined ? {} : { serverName: host }),
    alpnProtocols,
    npnProtocols,
    requestOcsp: wishes.requestOcsp,
    requestTickets: state.sendsTickets,
    // Whoever asks for it compressed gets it so, as from OpenSSL.
    ...(state.certificateCompression.length === 0 && { certificateCompression: {} }),
    requireSecureRenegotiation: !(allowsUnsafeServers || allowsUnsafeRenegotiation),
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

export function serverConfigOf(state: ContextState, wishes: ServerWishes): ServerConfig {
  const { answers, pskIdentityHint, sessionIds, tickets, earlyData, hello, ...others } = wishes;
  const offer = serverOffer(state);
  return serverConfig({
    ...shared(state, answers, hello?.version),
    ...offer,
    ...others,
    ...(hello && {
      credentials: preferredCredentials(state, hello),
      cipherSuites: preferredSuites(state, offer.cipherSuites, hello),
    }),
    certificateAuthorities: state.clientAuthorities,
    cipherSuitePreference: state.honorCipherOrder ? 'server' : 'client',
    ...(state.dhParameters && { dhParameters: state.dhParameters }),
    // OpenSSL gives what `dhparam` says to everybody.
    followDhGroups: false,
    ...(pskIdentityHint && { pskIdentityHint }),
    ...(tickets !== undefined && { tickets }),
    ...(sessionIds && { sessionIds }),
    ...(earlyData && { earlyData }),
  });
}

function shared(state: ContextState, answers: Answers, version?: number) {
  return {
    provider: nodeProvider,
    credentials: state.credentials,
    sessionContext: state.sessionIdContext,
    encryptThenMac: !state.options.avoidsEncryptThenMac,
    pskModes: state.options.allowsPskAlone ? [psk_dhe_ke, psk_ke] : [psk_dhe_ke],
    certificateCompression: compressionOf(state),
    acceptRenegotiation: state.options.refusesRenegotiation ? false : unlimited,
    answers: {
      verifyPeer: (ask) => verifyPeer(state, nodeProvider, ask, version),
      ...answers,
    } satisfies Answers,
  };
}

/** As in OpenSSL the one list is for both directions; without the option nothing is compressed. */
function compressionOf({ certificateCompression: names }: ContextState): CertificateCompressionOptions {
  const algorithms = names.map((name) => compressionAlgorithms[name as keyof typeof compressionAlgorithms]);
  return { accept: algorithms, send: algorithms };
}

const { psk_ke, psk_dhe_ke } = pskKeyExchangeModes;
/** How often, the socket counts. */
const unlimited = { limit: Number.MAX_SAFE_INTEGER, windowSeconds: 600 };
