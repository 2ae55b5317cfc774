import type { VerifyPeerAsk } from '@sealwire/core';
import { nowMs } from './authority.ts';

/** What a client asks of its verifier about a server `a.example` with this chain. */
export function serverAsk(chain: readonly Uint8Array[]): VerifyPeerAsk & { readonly cause: 'handshake' } {
  return {
    cause: 'handshake',
    evidence: { type: 'x509', chain: chain.map((certificate) => ({ certificate })) },
    expectedName: 'a.example',
    purpose: 'serverAuth',
    keyUse: 'sign',
    receivedAtMs: nowMs,
  };
}
