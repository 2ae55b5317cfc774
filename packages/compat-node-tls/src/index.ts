/** How often a client may renegotiate within `CLIENT_RENEG_WINDOW` seconds. */
export const CLIENT_RENEG_LIMIT = 3;
export const CLIENT_RENEG_WINDOW = 600;

export { checkServerIdentity } from '@sealwire/x509/node';
export { hostOpenssl, nodeMajor, type OpensslVersion } from './process/host.ts';
