import { type DecisionOf, registryName, signatureSchemes, type SignReply } from '@sealwire/core';
import type { TlsHandle } from '../socket/tls-handle.ts';
import { answered } from './answer.ts';
import type { SigningRequest } from './asks.ts';
import { signerOf } from './signers.ts';

/** Asks whoever has the key. */
export function askSign(handle: TlsHandle, decision: DecisionOf<'sign'>): void {
  const { credential, scheme, algorithm, input } = decision.ask;
  const sign = signerOf(credential);
  if (sign === undefined) {
    handle.pump.answer(decision, { ok: false, message: 'nobody signs for this certificate' });
    return;
  }
  const request: SigningRequest = {
    scheme: registryName(signatureSchemes, scheme),
    schemeId: scheme,
    algorithm,
    data: Buffer.from(input),
    certificate: Buffer.from(credential.type === 'x509' ? credential.chain[0]! : credential.spki),
    signal: handle.signal,
  };
  answered<Uint8Array, SignReply>(
    () => sign(request),
    {
      of: (signature) => {
        if (!(signature instanceof Uint8Array) || signature.length === 0)
          throw new TypeError('sealwire.sign must return the signature, a Uint8Array that is not empty');
        return { ok: true, signature: Uint8Array.from(signature) };
      },
      refusal: (error) => ({ ok: false, message: error.message, cause: handle.refuseBy(error) }),
    },
    (reply) => handle.pump.answer(decision, reply),
  );
}
