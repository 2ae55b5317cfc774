/** What the tests of transports over sockets share: certificates, options as the contract wants them, sockets without TLS. */
export { clientOptions, serverOptions } from './end-options.ts';
export {
  clientIdentity,
  elsewhereRoots,
  elsewhereServer,
  type Identity,
  otherRoots,
  renewedRoots,
  renewedServer,
  roots,
  rsaIdentity,
  serverIdentity,
} from './identities.ts';
export { loopback, plainNetwork } from './plain-network.ts';
