import { keyPurposeIds, nodeTlsPolicy, TrustAnchors } from '../../src/index.ts';
import { authority, issue, newKey, withKey } from '../authority.ts';
import { chain, outcomeOf } from '../chain.ts';
import { clause } from './clause.ts';

/** RFC 5280 §6.1 and what stands around it: chains, signatures, anchors, limits. */

const root = authority('root');
const middle = authority('middle', { issuer: root });
const leaf = issue('leaf', { issuer: middle, dnsNames: ['a.example'] });

clause('RFC 5280 §6.1: a chain to an anchor, in any order', () => outcomeOf([leaf, root, middle], root));
clause('RFC 5280 §6.1: no issuer of the end entity', () => outcomeOf([leaf], root));
clause('RFC 5280 §6.1: no issuer further up', () => outcomeOf([leaf, middle], authority('other')));
clause(
  'RFC 5280 §6.1.1: a certificate of ours that is not self-signed, where anchors must be',
  () => outcomeOf([leaf], middle, { policy: { anchorsMustBeSelfIssued: true } }),
  () => outcomeOf([leaf], middle, { policy: nodeTlsPolicy() }),
);
clause(
  'RFC 5280 §6.1.1: a certificate that we distrust, or do not trust for this',
  () => {
    const roots = new TrustAnchors([root.certificate], { distrusted: [middle.certificate] });
    return outcomeOf([leaf, middle], root, { roots });
  },
  () => {
    const rejected = [keyPurposeIds.serverAuth];
    const roots = new TrustAnchors([{ certificate: root.certificate, rejected }]);
    return outcomeOf([leaf, middle], root, { roots });
  },
);
const trustedUntil = (distrustAfterMs: number) => ({
  roots: new TrustAnchors([{ certificate: root.certificate, distrustAfterMs }]),
});
clause("RFC 5280 §6.1.1: a server's certificate from a day after which its root is trusted no more", () =>
  outcomeOf([leaf, middle], root, trustedUntil(Date.UTC(2026, 0) - 1)),
);
clause(
  "RFC 5280 §6.1.1: one from that very moment, or a client's",
  () => outcomeOf([leaf, middle], root, trustedUntil(Date.UTC(2026, 0))),
  () => outcomeOf([leaf, middle], root, { ...trustedUntil(0), purpose: 'clientAuth' }),
);
clause('RFC 5280 §6.1: a self-signed end entity', () => outcomeOf([issue('self')], root));
clause('RFC 5280 §6.1: a self-signed certificate at the top', () =>
  outcomeOf([leaf, middle, root], authority('other')),
);
clause('RFC 5280 §6.1: more intermediates than may be', () => chain({ policy: { maxIntermediates: 0 } }));
clause(
  'RFC 5280 §6.1: work without end',
  () => outcomeOf(new Array(129).fill(leaf), root),
  () => {
    const twins = Array.from({ length: 30 }, () => authority('twin', { issuer: authority('twin') }));
    const policy = { maxSignatureChecks: 20 };
    return outcomeOf([issue('leaf', { issuer: twins[0]! }), ...twins.reverse()], root, { policy });
  },
);
clause(
  'RFC 5280 §6.1.3: a signature by another key',
  () => outcomeOf([issue('leaf', { issuer: withKey(middle, newKey()) }), middle], root),
  () => outcomeOf([leaf, middle], authority('root')),
);
clause('RFC 5280 §6.1.3: a hash that the policy does not allow', () => {
  const rsa = { keySpec: { type: 'rsa', bits: 2048 } } as const;
  return chain({
    root: rsa,
    middle: { ...rsa, signatureAlgorithm: { type: 'rsa-pkcs1', hash: 'sha1' } },
  });
});
clause('RFC 5280 §6.1.3: a key of an issuer that is too small', () =>
  chain({ middle: { keySpec: { type: 'rsa', bits: 1024 } } }),
);
clause('RFC 5280 §6.1.3: a key of an end entity that is too small', () =>
  chain({ leaf: { keySpec: { type: 'rsa', bits: 1024 } } }),
);
clause(
  'RFC 9525 §6: another name',
  () => chain({ options: { hostName: 'b.example' } }),
  () => chain({ options: { hostName: 'leaf' } }),
);
clause('RFC 9525 §6: another address', () => chain({ options: { hostName: '127.0.0.1' } }));
clause('RFC 9525 §6: the name', () => chain({ options: { hostName: 'A.example' } }));
