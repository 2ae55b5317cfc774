import { domainToASCII } from 'node:url';
import * as identity from '@sealwire/x509/node';
import { nodeMajor } from '../process/host.ts';

/** `tls.checkServerIdentity` of the Node that runs this: since Node 22 a host name is compared in its form for the DNS. */
export function checkServerIdentity<C extends identity.ServerIdentity>(
  hostname: string,
  cert: C,
): Error | undefined {
  return identity.checkServerIdentity(hostname, cert, nodeMajor() >= 22 ? { toAscii: domainToASCII } : {});
}
