import type { DecisionOf, PeerRefusal, VerifyPeerReply } from '@sealwire/core';
import type { VerifyCode } from '@sealwire/x509';
import type { Verdict } from '../context/verify.ts';
import { verifyError } from '../errors/verify-error.ts';
import { nodeError } from '../errors/node-error.ts';
import { verifyResultNumber } from '../session/verify-result.ts';
import type { TLSSocketFields } from '../socket/fields.ts';
import type { TlsHandle } from '../socket/tls-handle.ts';
import { answered } from './answer.ts';
import type { PeerToVerify } from './asks.ts';
import type { Judgement } from './options.ts';

/** `found`: what the built-in verification says. */
export function askVerify(
  socket: TLSSocketFields,
  handle: TlsHandle,
  decision: DecisionOf<'verifyPeer'>,
  found: VerifyPeerReply,
): void {
  const { verify } = handle.beyond;
  // A certificate that cannot be read is none that anybody could accept.
  if (verify === undefined || !found.ok) {
    handle.pump.answer(decision, found);
    return;
  }
  const verdict = found.verdict as Verdict;
  answered<Judgement, VerifyPeerReply>(
    () => verify(peerOf(handle, decision, verdict)),
    {
      of: (judgement) => {
        if (judgement === undefined || judgement === null) return found;
        if (judgement === true) return { ...found, verdict: { verifyResult: 0, chain: verdict.chain } };
        if (judgement === false)
          return refused(new Error('the peer was refused by sealwire.verify'), 'rejected');
        if (judgement instanceof Error) return refused(judgement, 'rejected');
        throw nodeError(
          'ERR_INVALID_RETURN_VALUE',
          'Expected a boolean, an Error or undefined to be returned from the "sealwire.verify" function',
          TypeError,
        );
      },
      refusal: (error) => refused(error, 'unavailable'),
    },
    (reply) => handle.pump.answer(decision, reply),
  );

  function refused(error: Error & { code?: string }, otherwise: PeerRefusal): VerifyPeerReply {
    if (!socket._rejectUnauthorized) {
      const problem = { code: 'CERT_REJECTED' as VerifyCode, message: error.message };
      const verifyResult = verifyResultNumber('CERT_REJECTED');
      return { ...found, verdict: { ...verdict, problem, verifyResult, error } } as VerifyPeerReply;
    }
    const { code = '' } = error;
    const reason = Object.hasOwn(reasons, code) ? reasons[code]! : otherwise;
    return { ok: false, reason, message: error.message, cause: handle.refuseBy(error) };
  }
}

function peerOf(
  handle: TlsHandle,
  { ask: { evidence, cause } }: DecisionOf<'verifyPeer'>,
  { problem, error }: Verdict,
): PeerToVerify {
  const chain = evidence.type === 'x509' ? evidence.chain : [];
  const response = chain[0]?.ocspResponse;
  return {
    chain: chain.map(({ certificate }) => Buffer.from(certificate)),
    host: handle.host,
    cause,
    problem: error ?? (problem && verifyError(problem)),
    ocspResponse: response && Buffer.from(response),
    signal: handle.signal,
  };
}

/** Of the codes of Node those that have an alert of their own; any other is `rejected`, or where it was thrown, nobody's judgement. */
const reasons: Readonly<Record<string, PeerRefusal>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'expired',
  CERT_REVOKED: 'revoked',
  CERT_REJECTED: 'rejected',
  CERT_UNTRUSTED: 'rejected',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unknownCa',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknownCa',
  UNABLE_TO_GET_ISSUER_CERT: 'unknownCa',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknownCa',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknownCa',
  ERR_TLS_CERT_ALTNAME_INVALID: 'nameMismatch',
  HOSTNAME_MISMATCH: 'nameMismatch',
};
