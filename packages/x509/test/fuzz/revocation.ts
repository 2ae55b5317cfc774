import {
  checkOcspResponse,
  isOcspRequestSignedBy,
  makeOcspErrorResponse,
  makeOcspRequest,
  parseCrl,
  parseOcspRequest,
  parseOcspResponse,
  verifyChain,
} from '../../src/index.ts';
import { authority, issue, nowMs, provider } from '../authority.ts';
import { answerOf, crlOf, dayMs, entryOf, responseOf } from '../revocation.ts';
import type { FuzzSubject } from './subject.ts';

const root = authority('root');
const leaf = issue('leaf', { issuer: root });
const responder = issue('responder', {
  issuer: root,
  extendedKeyUsage: ['ocspSigning'],
  ocspNoCheck: true,
});
const listed = { serialNumber: Uint8Array.of(1), revocationDateMs: nowMs - dayMs };
const crls = [
  crlOf(root, { revoked: [listed, entryOf(leaf, { reason: 'keyCompromise' })] }),
  crlOf(root, {
    issuingDistributionPoint: {
      uris: ['http://a.example/'],
      indirectCrl: true,
      onlySomeReasons: ['superseded'],
    },
    revoked: [{ ...listed, certificateIssuer: { CN: 'other' }, invalidityDateMs: nowMs }],
  }),
  crlOf(root, { baseCrlNumber: 1, crlNumber: 2, issuingDistributionPoint: { relativeName: { CN: 'x' } } }),
];
const status = { revocationTimeMs: nowMs - dayMs, reason: 'superseded' } as const;
const responses = [
  responseOf(root, [answerOf(leaf, root), answerOf(responder, root, { status, hash: 'sha256' })], {
    nonce: new Uint8Array(16),
  }),
  responseOf(responder, [answerOf(leaf, root)], { responderId: 'byName' }),
  makeOcspErrorResponse('tryLater'),
];

const certificates = [{ certificate: leaf.certificate, issuer: root.certificate }];
const requests = [
  makeOcspRequest({ provider, certificates, nonce: new Uint8Array(32) }),
  makeOcspRequest({
    provider,
    certificates,
    hash: 'sha256',
    preferredSignatureAlgorithms: [{ type: 'ecdsa', hash: 'sha256' }],
    signer: responder,
  }),
];

/** CRLs, OCSP requests and responses: read, and decided by. */
export const revocationSubjects: readonly FuzzSubject[] = [
  {
    name: 'CRL',
    samples: crls,
    read: (der) => {
      const crl = parseCrl(der);
      for (const { extensions, reason } of crl.entries) void [extensions, reason];
      crl.entries.find(listed.serialNumber, crl.issuer, crl.issuer);
      void crl.unhandledCritical;
    },
  },
  {
    name: 'OCSP request',
    samples: requests,
    read: (der) => {
      const request = parseOcspRequest(der);
      isOcspRequestSignedBy(request, responder.key.publicKey.spki, { provider });
    },
  },
  {
    name: 'OCSP response',
    samples: responses,
    read: (der) => {
      parseOcspResponse(der);
    },
  },
  {
    name: 'chain with CRLs and a stapled response',
    samples: [...crls, ...responses],
    read: (der) => {
      const { certificate } = leaf;
      for (const rules of ['rfc5280', 'node'] as const) {
        verifyChain({
          provider,
          chain: [certificate],
          roots: root.certificate,
          timeMs: nowMs,
          revocation: { crls: [der, ...crls], rules },
        });
      }
      const chain = { certificate, issuer: root.certificate };
      checkOcspResponse({ provider, response: der, ...chain, timeMs: nowMs });
    },
    // A decision is a value.
    isExpected: () => false,
  },
];
