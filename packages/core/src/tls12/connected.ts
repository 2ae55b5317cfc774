import { peerFacts, type ProvenPeer } from '../auth/proven-peer.ts';
import type { Context, Effect } from '../machine/step.ts';
import { Transcript } from '../transcript/transcript.ts';
import type { PeerEvidence } from '../values/peer-evidence.ts';
import { copyOf } from '../wire/bytes.ts';
import type { Agreed } from './agreed.ts';
import { exporterOf, type MainSecrets } from './keys.ts';
import type { Established, VerifyData } from './renegotiation.ts';

/** A connection after its handshake. `C`: the configuration, `A`: how the side begins another handshake. */
export interface ConnectedState<C, A> {
  readonly at: 'connected';
  readonly established: Established<C>;
  readonly again: A;
  /** Server: with what configuration the client is asked to renegotiate. */
  readonly requested?: C;
}

/** Where a handshake comes from. */
export interface Origin<C, A> {
  readonly config: C;
  readonly again: A;
  /** Whether the peer knows secure renegotiation (RFC 5746 §3.4, §3.6). */
  readonly isSecure: boolean;
  /** The handshake before this one on the same connection. */
  readonly before: Established<C> | undefined;
}

/** A handshake that is done. */
export interface Ended {
  readonly agreed: Agreed;
  readonly secrets: MainSecrets;
  readonly peer: ProvenPeer | undefined;
  readonly verifyData: VerifyData;
  /** Whose Finished came first: the server's in an abbreviated handshake. */
  readonly first: 'client' | 'server';
}

/** Both Finished have been exchanged. */
export function connected<C extends { readonly role: 'client' | 'server' }, A>(
  { config, again, isSecure, before }: Origin<C, A>,
  { agreed, secrets, peer, verifyData, first }: Ended,
  context: Context,
): { readonly state: ConnectedState<C, A>; readonly effects: readonly Effect[] } {
  const { main, client, server } = secrets;
  const { profile, extendedMainSecret, encryptThenMac, alpnProtocol } = agreed;
  const said = { client: copyOf(verifyData.client), server: copyOf(verifyData.server) };
  const established: Established<C> = {
    config,
    profile,
    isSecure,
    verifyData: said,
    extendedMainSecret,
    hasEncryptedThenMaced: encryptThenMac || before?.hasEncryptedThenMaced === true,
    alpnProtocol,
    serverCertificate: peer && identityOf(peer.evidence),
    secrets: [main, client.secret, server.secret],
    count: (before?.count ?? 0) + 1,
    peerBegan: before?.peerBegan ?? [],
  };
  // Without the extended main secret two connections can have the same Finished once both have resumed, and from then on (RFC 7627 §1).
  const isUnique = extendedMainSecret || (first === 'client' && before === undefined);
  const [own, theirs] = config.role === 'client' ? [said.client, said.server] : [said.server, said.client];
  const tlsUnique = isUnique ? said[first] : undefined;
  return {
    state: { at: 'connected', established, again },
    effects: [
      ...(peer === undefined ? [] : [peerFacts(peer)]),
      { do: 'fact', facts: { ownFinished: copyOf(own), peerFinished: copyOf(theirs) } },
      { do: 'setTranscript', transcript: Transcript.empty },
      { do: 'connected', exporter: exporterOf(agreed, main, context), tlsUnique },
      ...(before === undefined ? [] : [{ do: 'wipe', secrets: before.secrets } as const]),
      { do: 'writable', as: 'full' },
    ],
  };
}

/** No more handshakes, whoever wants them. */
export function settled<C extends Accepting, A>(
  state: ConnectedState<C, A>,
): { readonly state: ConnectedState<C, A> } {
  const { established } = state;
  const config = { ...established.config, acceptRenegotiation: undefined };
  return { state: { ...state, established: { ...established, config } } };
}

interface Accepting {
  readonly acceptRenegotiation: unknown;
}

/** The peer's certificate or raw public key, in DER. */
export function identityOf(evidence: PeerEvidence): Uint8Array | undefined {
  return evidence.type === 'x509' ? evidence.chain[0]?.certificate : evidence.spki;
}
