import {
  maxOcspCertificates,
  maxOcspEntries,
  maxOcspRequestBytes,
  maxPreferredAlgorithms,
} from '../../src/limits.ts';
import {
  type OcspRequestContents,
  isOcspRequestSignedBy,
  makeOcspRequest,
  parseOcspRequest,
} from '../../src/index.ts';
import { authority, issue, provider } from '../authority.ts';
import { type Piece, commonName, ecdsaWithSha256, extension, oid, sequence, tlv } from '../der.ts';
import { type Case, clause, reading } from './clause.ts';

/** RFC 6960, RFC 9654: OCSP requests as they are read. */

const ca = authority('ca');
const leaf = issue('leaf', { issuer: ca });
const client = issue('client');
const octets = (count: number): Uint8Array => new Uint8Array(count).fill(7);
const sha1 = sequence(oid('1.3.14.3.2.26'), tlv(5));
const certId = sequence(sha1, tlv(4, new Array(20).fill(1)), tlv(4, new Array(20).fill(2)), tlv(2, [1]));

function asked(more: Partial<OcspRequestContents> = {}): Uint8Array {
  const certificates = [{ certificate: leaf.certificate, issuer: ca.certificate }];
  return makeOcspRequest({ provider, certificates, ...more });
}
interface RequestParts {
  readonly version: Piece;
  readonly name: Piece;
  readonly requests: readonly Piece[];
  readonly afterRequests: Piece;
  readonly signature: Piece;
}

/** A request of the right shape with any part replaced; its signature means nothing. */
const request = (replaced: Partial<RequestParts>): Case =>
  reading(() => {
    const parts = {
      version: [],
      name: [],
      requests: [sequence(certId)],
      afterRequests: [],
      signature: [],
      ...replaced,
    };
    const { version, name, requests, afterRequests } = parts;
    const tbs = sequence(version, name, sequence(...requests), afterRequests);
    return parseOcspRequest(sequence(tbs, parts.signature));
  });
const name = tlv(0xa1, tlv(0xa4, commonName('client')));
const signature = tlv(0xa0, sequence(ecdsaWithSha256, tlv(3, [0, 1])));
const extended = (id: string, value: Piece) => ({ afterRequests: tlv(0xa2, sequence(extension(id, value))) });

clause(
  'RFC 6960 §4.1.1: a request of this shape',
  request({}),
  request({ version: tlv(0xa0, tlv(2, [0])), name, signature }),
  request({ name: tlv(0xa1, tlv(0x81, [0x61, 0x40, 0x62])) }),
  request({
    requests: [sequence(certId), sequence(certId, tlv(0xa0, sequence(extension('1.2.3', [5, 0]))))],
  }),
  request(extended('1.3.6.1.5.5.7.48.1.8', sequence(sequence(ecdsaWithSha256, ecdsaWithSha256)))),
  reading(() => parseOcspRequest(asked({ preferredSignatureAlgorithms: [{ type: 'ed25519' }] }))),
);
clause(
  'RFC 6960 §4.1.1: a request that is larger than we read',
  reading(() => parseOcspRequest(new Uint8Array(maxOcspRequestBytes + 1))),
);
clause('RFC 6960 §4.1.1: a request of another version', request({ version: tlv(0xa0, tlv(2, [1])) }));
clause(
  'RFC 6960 §4.1.1: bytes after the request',
  request({ afterRequests: [5, 0] }),
  request({ requests: [sequence(certId, [5, 0])] }),
  request({ name, signature: tlv(0xa0, sequence(ecdsaWithSha256, tlv(3, [0, 1]), [5, 0])) }),
  reading(() => parseOcspRequest(Uint8Array.of(...asked(), 0))),
);
clause(
  'RFC 6960 §4.1.1: requests without end',
  request({ requests: new Array(maxOcspEntries + 1).fill(sequence(certId)) }),
  request({
    name,
    signature: tlv(
      0xa0,
      sequence(
        ecdsaWithSha256,
        tlv(3, [0, 1]),
        tlv(0xa0, sequence(...new Array(maxOcspCertificates + 1).fill(sequence()))),
      ),
    ),
  }),
  request(
    extended(
      '1.3.6.1.5.5.7.48.1.8',
      sequence(...new Array(maxPreferredAlgorithms + 1).fill(sequence(ecdsaWithSha256))),
    ),
  ),
);
clause(
  'RFC 6960 §4.1.1: a preference that is none',
  request(extended('1.3.6.1.5.5.7.48.1.8', [5, 0])),
  request(extended('1.3.6.1.5.5.7.48.1.8', sequence(oid('1.2.3')))),
);
clause(
  'RFC 6960 §4.1.2: nothing asked, or signed without a name',
  request({ requests: [] }),
  request({ signature }),
);
clause('RFC 6960 §4.1.2: signed, with a name', request({ name, signature }), () => {
  const signed = parseOcspRequest(asked({ nonce: octets(32), signer: client }));
  const isRight =
    isOcspRequestSignedBy(signed, client.key.publicKey.spki, { provider }) &&
    !isOcspRequestSignedBy(signed, ca.key.publicKey.spki, { provider }) &&
    !isOcspRequestSignedBy(parseOcspRequest(asked()), client.key.publicKey.spki, { provider });
  return isRight ? undefined : 'the signature is not that of the signer';
});
clause(
  'RFC 9654 §2.1: a nonce of no octet, or of 129, in a request',
  request(extended('1.3.6.1.5.5.7.48.1.2', tlv(4))),
  request(extended('1.3.6.1.5.5.7.48.1.2', tlv(4, octets(129)))),
);
clause(
  'RFC 9654 §2.1: a nonce of 1 octet, and of 128, in a request',
  reading(() => parseOcspRequest(asked({ nonce: octets(1) }))),
  reading(() => parseOcspRequest(asked({ nonce: octets(128) }))),
);
