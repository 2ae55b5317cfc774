import { row } from './rows.ts';

/** What is in the option `sealwire` of `connect`, `createServer`, `new TLSSocket`, `createSecureContext` and `addContext`. */
export const beyondOptions = [
  row('additionalCa', undefined, {
    better: 'certificates that are trusted beside `ca`, or beside the default ones',
  }),
  row('sign', undefined, { better: 'signs in place of `key`: a KMS, an HSM; may give a promise' }),
  row('signatureSchemes', undefined, { better: 'what `sign` can do' }),
  row('certificateCompression', undefined, { better: 'on every Node' }),
  row('requestCert', undefined, { better: 'of a server, for each context by itself' }),
  row('rejectUnauthorized', undefined, { better: 'of a server, for each context by itself' }),
  row('warnUnknown', undefined, {
    better: 'warns of options that mean nothing, as does `SEALWIRE_WARN_UNKNOWN=1` in the environment',
  }),
  row('verify', undefined, {
    better: 'judges the peer beside the built-in verification; may give a promise',
  }),
  row('handshakeTimeoutMs', undefined, { better: 'a limit for the whole handshake, also of clients' }),
  row('selectCertificate', undefined, {
    better: 'of a client: with which certificate to answer the server, which has said what it wants',
  }),
  row('postHandshakeAuth', undefined, {
    better: 'of a client: may be asked for its certificate later (TLS 1.3)',
  }),
  row('earlyData', undefined, { better: 'of a client: 0-RTT data' }),
  row('onClientHello', undefined, {
    better: 'of a server: sees the ClientHello, and decides what comes of it',
  }),
  row('storeSessions', undefined, {
    better: 'of a server: sessions of TLS 1.3, too, are kept by the application',
  }),
  row('maxEarlyData', undefined, { better: 'of a server: takes 0-RTT data' }),
  row('acceptEarlyData', undefined, { better: 'of a server: the last word on 0-RTT data' }),
] as const;

/** What is in `socket.sealwire`. */
export const beyondMembers = [
  row('facts', undefined, { better: 'all that is known of the connection' }),
  row('certificateRequest', undefined, {
    better: 'what the server has said of the certificate that it wants',
  }),
  row('earlyDataTaken', undefined, { better: 'how much of the 0-RTT data the server took' }),
  row('earlyDataReceived', undefined, { better: 'how much of what is read first came as 0-RTT data' }),
  row('updateKeys([options])', undefined, { better: 'KeyUpdate' }),
  row('requestCertificate([options])', undefined, {
    better: 'asks the client for a certificate after the handshake',
  }),
] as const;

export type BeyondOption = (typeof beyondOptions)[number]['name'];
