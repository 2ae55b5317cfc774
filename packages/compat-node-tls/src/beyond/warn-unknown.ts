import { nearestName } from '@sealwire/core';
import type { SealwireContextOptions } from './options.ts';

/**
 * Warns of options that mean nothing, where somebody wants to know (`warnUnknown`), once for each name in a process. What is known
 * is known to `tls`, `net`, `http` or `http2`, whose options come along with ours wherever a library hands on its own.
 */
export function warnOfUnknown(
  what: string,
  options: object,
  { warnUnknown = process.env['SEALWIRE_WARN_UNKNOWN'] === '1' }: SealwireContextOptions,
): void {
  if (!warnUnknown) return;
  for (const name of Object.keys(options)) {
    if (known.has(name) || name.startsWith('_') || told.has(name)) continue;
    told.add(name);
    const nearest = nearestName(name, ours);
    process.emitWarning(
      `${what} does not know the option ${JSON.stringify(name)}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
      { type: 'Warning', code: 'SEALWIRE_UNKNOWN_OPTION' },
    );
  }
}

function namesIn(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

const told = new Set<string>();

/** Of `tls`, as documented for Node 20 to 26, and what earlier releases had. */
const ours = namesIn(`
  ALPNCallback ALPNProtocols NPNProtocols SNICallback allowHalfOpen allowPartialTrustChain ca cert
  certificateCompression checkServerIdentity ciphers clientCertEngine credentials crl dhparam ecdhCurve
  enableTrace handshakeTimeout highWaterMark honorCipherOrder isServer key maxVersion minDHSize minVersion
  onread passphrase pauseOnConnect pfx privateKeyEngine privateKeyIdentifier pskCallback pskIdentityHint
  rejectUnauthorized requestCert requestOCSP sealwire secureContext secureOptions secureProtocol server
  servername session sessionIdContext sessionTimeout sigalgs signal singleUse socket ticketKeys timeout
`);

const ofNet = namesIn(`
  autoSelectFamily autoSelectFamilyAttemptTimeout backlog blockList exclusive family fd handle hints host
  ipv6Only keepAlive keepAliveInitialDelay localAddress localPort lookup manualStart noDelay objectMode
  path pauseOnCreate port readable readableAll reusePort typeOfService writable writableAll
`);

const ofHttp = namesIn(`
  IncomingMessage ServerResponse agent agentKeepAliveTimeoutBuffer auth connectionsCheckingInterval
  createConnection defaultPort headers headersTimeout highWaterMark hostname href hash insecureHTTPParser
  joinDuplicateHeaders keepAliveMsecs keepAliveTimeout keepAliveTimeoutBuffer maxCachedSessions
  maxFreeSockets maxHeaderSize maxRequestsPerSocket maxSockets maxTotalSockets method
  optimizeEmptyRequests origin pathname protocol proxyEnv query rejectNonStandardBodyWrites requestTimeout
  requireHostHeader scheduling search searchParams setDefaultHeaders setHost shouldUpgradeCallback
  socketPath uniqueHeaders username password
`);

const ofHttp2 = namesIn(`
  Http1IncomingMessage Http1ServerResponse Http2ServerRequest Http2ServerResponse allowHTTP1 http1Options
  maxDeflateDynamicTableSize maxHeaderListPairs maxOriginSetSize maxOutstandingPings
  maxReservedRemoteStreams maxSendHeaderBlockLength maxSessionInvalidFrames maxSessionMemory
  maxSessionRejectedStreams maxSettings origins paddingStrategy peerMaxConcurrentStreams
  remoteCustomSettings settings strictFieldWhitespaceValidation strictSingleValueFields
  unknownProtocolTimeout
`);

const known: ReadonlySet<string> = new Set([...ours, ...ofNet, ...ofHttp, ...ofHttp2]);
