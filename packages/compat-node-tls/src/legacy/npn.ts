import { convertALPNProtocols } from '../socket/alpn.ts';
import { deprecated } from './deprecations.ts';

/** Next Protocol Negotiation, what ALPN was before it was ALPN; Node 10 has it no more. Its lists are written in the same way. */
export function writeNpnProtocols(protocols: unknown, out: { NPNProtocols?: Uint8Array | undefined }): void {
  const written: { ALPNProtocols?: Uint8Array } = {};
  convertALPNProtocols(protocols, written);
  if (written.ALPNProtocols !== undefined) out.NPNProtocols = written.ALPNProtocols;
}

/** `tls.convertNPNProtocols` */
export const convertNPNProtocols = deprecated('convertNPNProtocols', writeNpnProtocols);
