import {
  type DecisionOf,
  fittingCredential,
  registryName,
  type SelectCertificateAsk,
  type SelectCertificateReply,
  signatureSchemes,
} from '@sealwire/core';
import { InnerContext, SecureContext } from '../context/secure-context.ts';
import { nodeError } from '../errors/node-error.ts';
import type { TlsHandle } from '../socket/tls-handle.ts';
import { answered } from './answer.ts';
import type { CertificateRequest } from './asks.ts';

type Answer = object | undefined | null;

/** A client's certificates, of which the first that fits answers the server, unless the application wants to be asked. */
export function askForCertificate(handle: TlsHandle, decision: DecisionOf<'selectCertificate'>): void {
  const { ask } = decision;
  handle.certificateRequest = ask;
  const { selectCertificate } = handle.beyond;
  if (selectCertificate === undefined) {
    handle.pump.answer(decision, chosen(handle.context.credentials, ask));
    return;
  }
  answered<Answer, SelectCertificateReply>(
    () => selectCertificate(shownRequest(handle, ask)),
    {
      of: (context) => {
        if (context === null) return { ok: true, credential: undefined };
        if (context === undefined) return chosen(handle.context.credentials, ask);
        return chosen(innerOf(context, 'sealwire.selectCertificate').state.credentials, ask);
      },
      refusal: (error) => ({ ok: false, message: error.message, cause: handle.refuseBy(error) }),
    },
    (reply) => handle.pump.answer(decision, reply),
  );
}

export function shownRequest(
  { signal }: TlsHandle,
  { certificateAuthorities, signatureSchemes: schemes }: SelectCertificateAsk,
): CertificateRequest {
  return {
    certificateAuthorities: certificateAuthorities.map((each) => Buffer.from(each)),
    signatureSchemes: schemes.map((each) => registryName(signatureSchemes, each)),
    signal,
  };
}

/** Contexts are of our own make; those of the builtin say nothing that we could use. */
export function innerOf(context: unknown, what: string): InnerContext {
  const inner = context instanceof SecureContext ? context.context : context;
  if (inner instanceof InnerContext) return inner;
  throw nodeError(
    'ERR_INVALID_RETURN_VALUE',
    `Expected a context of tls.createSecureContext() to be returned from the "${what}" function`,
    TypeError,
  );
}

function chosen(
  credentials: Parameters<typeof fittingCredential>[0],
  ask: SelectCertificateAsk,
): SelectCertificateReply {
  return { ok: true, credential: fittingCredential(credentials, ask) };
}
