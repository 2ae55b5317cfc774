import type { ClientConfig } from '../../config/client.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { alpnExtension } from '../../extensions/alpn.ts';
import type { ExtensionBlock } from '../../extensions/block.ts';
import { nextProtocolNegotiationExtension } from '../../extensions/next-protocol-negotiation.ts';
import type { Flight } from '../../machine/flight.ts';
import type { Effect } from '../../machine/step.ts';
import { encodeMessage12 } from '../../messages/tls12.ts';
import { nextProtocolOf } from '../../messages/tls12/next-protocol.ts';
import { selectNextProtocol } from '../../negotiate/next-protocol.ts';
import type { Agreed } from '../agreed.ts';

/** NPN (draft-agl-tls-nextprotoneg-04), as the client does it. */

/** What the server lists; `undefined`: NPN is not used. Two protocols for one connection would be one too many. */
export function listedProtocols(extensions: ExtensionBlock<'SH12'>): readonly string[] | undefined {
  const listed = extensions.get(nextProtocolNegotiationExtension);
  if (listed === undefined || !extensions.has(alpnExtension)) return listed;
  throw new TlsError('peer.illegalExtension', 'the server answers to ALPN, and would go on with NPN', {
    section: 'RFC 7301 §3.1',
    handshakeMessage: 'server_hello',
    field: 'next_protocol_negotiation',
  });
}

/** NextProtocol, sealed, between change_cipher_spec and Finished (§3), if the server has listed protocols. */
export function chooseProtocol(
  flight: Flight,
  { nextProtocols }: Agreed,
  { npnProtocols }: ClientConfig,
): { readonly flight: Flight; readonly effects: readonly Effect[] } {
  if (nextProtocols === undefined) return { flight, effects: [] };
  const npnProtocol = selectNextProtocol(npnProtocols, nextProtocols);
  return {
    flight: flight.append(encodeMessage12(nextProtocolOf(npnProtocol))),
    effects: [{ do: 'fact', facts: { npnProtocol } }],
  };
}
