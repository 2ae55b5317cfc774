import type { Credential } from '@sealwire/core';
import type { SigningRequest } from './asks.ts';

export type Sign = (request: SigningRequest) => Uint8Array | PromiseLike<Uint8Array>;

/** Who signs for a credential, whichever context it came from. */
const signers = new WeakMap<Credential, Sign>();

export function signedBy<C extends Credential>(credential: C, sign: Sign): C {
  signers.set(credential, sign);
  return credential;
}

export function signerOf(credential: Credential): Sign | undefined {
  return signers.get(credential);
}
