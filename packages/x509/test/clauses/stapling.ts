import type { VerifyPeerAsk } from '@sealwire/core';
import { type PathRefusal, type VerifierOptions, createVerifier, nodeTlsPolicy } from '../../src/index.ts';
import { authority, issue, nowMs, provider } from '../authority.ts';
import { chain, outcomeOf } from '../chain.ts';
import { answerOf, dayMs, responseOf } from '../revocation.ts';
import { type Case, clause } from './clause.ts';

/** RFC 7633, RFC 6066 §8: what is stapled, and what was to be; what CAs ask of those below them. */

const root = authority('root');
const plain = issue('leaf', { issuer: root, dnsNames: ['a.example'] });
const promising = issue('leaf', { issuer: root, dnsNames: ['a.example'], tlsFeature: true });
const otherPromise = issue('leaf', { issuer: root, dnsNames: ['a.example'], tlsFeature: [17] });
const good = (of: typeof plain) => responseOf(root, [answerOf(of, root)]);

const shown =
  (
    leaf: typeof plain,
    ocspResponse: Uint8Array | undefined,
    ask: Partial<VerifyPeerAsk> = {},
    options: Partial<VerifierOptions> = {},
  ): Case =>
  () => {
    const reply = createVerifier({ provider, roots: root.certificate, ...options })({
      cause: 'handshake',
      evidence: {
        type: 'x509',
        chain: [{ certificate: leaf.certificate, ...(ocspResponse === undefined ? {} : { ocspResponse }) }],
      },
      expectedName: 'a.example',
      purpose: 'serverAuth',
      keyUse: 'sign',
      statusRequested: true,
      receivedAtMs: nowMs,
      ...ask,
    });
    return reply.ok ? undefined : (reply.cause as PathRefusal);
  };

clause(
  'RFC 7633 §4.3.3: no response with a certificate that promises one',
  shown(promising, undefined),
  shown(plain, undefined, {}, { stapling: 'required' }),
  shown(plain, undefined, { statusRequested: false }, { stapling: 'required' }),
);
clause(
  'RFC 7633 §4.3.3: no response where nobody has asked, or with a certificate that promises none',
  shown(promising, undefined, { statusRequested: false }),
  shown(plain, undefined),
  shown(otherPromise, undefined),
  shown(promising, undefined, {}, { stapling: 'ignored' }),
);
clause(
  'RFC 7633 §4.3.3: a response with a certificate that promises one',
  shown(promising, good(promising)),
  shown(plain, good(plain), {}, { stapling: 'required' }),
  shown(plain, good(plain), {}, { revocation: {} }),
);
clause(
  'RFC 7633 §4.3.3: a response that is of no use',
  shown(promising, good(plain)),
  shown(plain, Uint8Array.of(0x30, 3, 0x0a, 1, 3)),
  shown(plain, Uint8Array.of(1)),
  shown(
    plain,
    responseOf(root, [
      answerOf(plain, root, { nextUpdateMs: nowMs - dayMs, thisUpdateMs: nowMs - 2 * dayMs }),
    ]),
  ),
  shown(
    plain,
    good(plain),
    {},
    { roots: root.certificate, revocation: { failure: 'soft', maxAgeSeconds: 60, clockSkewSeconds: 0 } },
  ),
);

const malformed = (...value: number[]) => ({
  extensions: [{ id: '1.3.6.1.5.5.7.1.24', value: Uint8Array.from(value) }],
});
const features = (list: number[]) => ({ tlsFeature: list });
clause(
  'RFC 7633 §4.2.2: a feature that the CA asks for, and that the certificate does not promise',
  () => chain({ middle: features([5]) }),
  () => chain({ middle: features([5]), leaf: features([17]) }),
  () => chain({ middle: features([5, 17]), leaf: features([5]) }),
  // Each answers to whoever has signed it, the trust anchor included.
  () => chain({ root: features([5]), leaf: features([5]) }),
  () => {
    const named = authority('root', { tlsFeature: true });
    const rollover = authority('root', { issuer: named });
    return outcomeOf([issue('leaf', { issuer: rollover }), rollover], named);
  },
);
clause(
  'RFC 7633 §4.2.2: the features that the CA asks for, or more',
  () => chain({ root: features([5]), middle: features([5]), leaf: features([5]) }),
  () => chain({ middle: features([5]), leaf: features([17, 5]) }),
  () => chain({ middle: features([]), leaf: {} }),
  () => chain({ leaf: features([5]) }),
  () => chain({ middle: features([5]), policy: nodeTlsPolicy() }),
);
clause(
  'RFC 7633 §4.2.2: features that are none',
  () => chain({ leaf: malformed(5, 0) }),
  () => chain({ middle: malformed(0x30, 3, 2, 1, 0x80) }),
);
