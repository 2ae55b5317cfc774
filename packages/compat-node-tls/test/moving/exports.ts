import { row } from './rows.ts';

const everywhere = 'is there on every Node';

/** What `require('tls')` has. */
export const functions = [
  row('connect(options[, callback])', '0.11.3'),
  row('connect(port[, host][, options][, callback])', '0.11.3'),
  row('connect(path[, options][, callback])', '0.11.3'),
  row('createServer([options][, listener])', '0.3.2'),
  row('createSecureContext([options])', '0.11.13'),
  row('checkServerIdentity(hostname, certificate)', '0.8.4', { note: 'gives the error, or undefined' }),
  row('getCiphers()', '0.10.2'),
  row('getCACertificates([type])', '22.15, 23.10', { better: everywhere }),
  row('setDefaultCACertificates(certificates)', '22.19, 24.5', { better: everywhere }),
  row('getCertificateCompressionAlgorithms()', '24.20, 26.4', { better: everywhere }),
  row('convertALPNProtocols(protocols, out)', undefined, { note: 'from 5 on' }),
  row('createSecurePair([context][, isServer][, requestCert][, rejectUnauthorized][, options])', '0.3.2', {
    gone: '24',
    better: 'is there on every Node, and warns (DEP0064)',
  }),
  row('convertNPNProtocols(protocols, out)', undefined, {
    gone: '10',
    better: 'is there, and warns (DEP0107)',
  }),
  row('parseCertString(text)', undefined, { gone: '18', better: 'is there, and warns (DEP0076)' }),
] as const;

export const classes = [
  row('TLSSocket', '0.11.4', { better: 'may be called without `new`, too, as once in Node' }),
  row('Server', '0.3.2'),
  row('SecureContext', '0.11.13'),
  row('SecurePair', '0.3.2', { gone: '10', better: 'is there, and warns (DEP0043)' }),
  row('CryptoStream', '0.3.4', {
    gone: '10',
    differs:
      'only tells by `instanceof` what is one: the ends of a pair are a TLSSocket and a stream, as in Node from 0.12 on',
  }),
] as const;

export const constants = [
  row('DEFAULT_CIPHERS', '19.8, 18.16', { note: 'may be written to' }),
  row('DEFAULT_ECDH_CURVE', '0.11.13', { note: 'may be written to' }),
  row('DEFAULT_MIN_VERSION', '11.4', { note: 'may be written to' }),
  row('DEFAULT_MAX_VERSION', '11.4', { note: 'may be written to' }),
  row('CLIENT_RENEG_LIMIT', '0.9', { note: 'may be written to' }),
  row('CLIENT_RENEG_WINDOW', '0.9', { note: 'may be written to' }),
  row('rootCertificates', '12.3', {
    differs:
      "Mozilla's list as of this package's release, not of Node's; under `register` Node's own stays, which cannot be redefined",
  }),
  row('SLAB_BUFFER_SIZE', '0.10', { gone: '0.12', note: 'nothing is read from it' }),
] as const;

/** Modules of Node's that one can load by their names. Here members of `tls` that are not listed. */
export const modules = [
  row('_tls_common', undefined, { note: 'what it exports' }),
  row('_tls_wrap', undefined, { note: 'what it exports' }),
] as const;
