import { maxCrlBytes } from '../../src/limits.ts';
import { type CrlContents, parseCertificate, parseCrl } from '../../src/index.ts';
import { authority } from '../authority.ts';
import {
  type Piece,
  ascii,
  ecdsaWithSha256,
  ecdsaWithSha384,
  extension,
  generalizedTime,
  oid,
  sequence,
  tlv,
  utcTime,
} from '../der.ts';
import { crlOf } from '../revocation.ts';
import { type Case, clause, reading } from './clause.ts';

/** RFC 5280 §5.1 to §5.3: CRLs as they are read. */

const ca = authority('ca');
const name = parseCertificate(ca.certificate).subject.der;
const [early, late] = [utcTime('260101000000Z'), utcTime('270101000000Z')];

interface Parts {
  readonly version: Piece;
  readonly algorithm: Piece;
  readonly outerAlgorithm: Piece;
  readonly issuer: Piece;
  readonly times: Piece;
  readonly afterTimes: Piece;
  readonly signature: Piece;
}

/** A CRL of the right shape with any part replaced; its signature means nothing. */
function crl(replaced: Partial<Parts>): Uint8Array {
  const parts: Parts = {
    version: tlv(2, [1]),
    algorithm: ecdsaWithSha256,
    outerAlgorithm: replaced.algorithm ?? ecdsaWithSha256,
    issuer: name,
    times: [...early, ...late],
    afterTimes: [],
    signature: tlv(3, [0, 1]),
    ...replaced,
  };
  const tbs = sequence(parts.version, parts.algorithm, parts.issuer, parts.times, parts.afterTimes);
  return sequence(tbs, parts.outerAlgorithm, parts.signature);
}

const of = (parts: Partial<Parts>): Case => reading(() => parseCrl(crl(parts)));
const listed = (...entries: Piece[]): Case => of({ afterTimes: sequence(...entries) });
const extended = (...list: Piece[]): Case => of({ afterTimes: tlv(0xa0, sequence(...list)) });
const made = (contents: Partial<CrlContents>): Case => reading(() => parseCrl(crlOf(ca, contents)));
const entry = (...more: Piece[]) => sequence(tlv(2, [1]), early, ...more);
const reason = extension('2.5.29.21', tlv(0x0a, [1]));
const scope = (...fields: Piece[]) => extended(extension('2.5.29.28', sequence(...fields), 0xff));

clause(
  'RFC 5280 §5.1: more than we read',
  reading(() => parseCrl(new Uint8Array(maxCrlBytes + 1))),
);
clause('RFC 5280 §5.1.1.2: two algorithms', of({ outerAlgorithm: ecdsaWithSha384 }));
clause('RFC 5280 §5.1.1.3: a signature that is no whole number of octets', of({ signature: tlv(3, [3, 8]) }));
clause(
  'RFC 5280 §5.1.2.1: a version that is none',
  of({ version: tlv(2, [0]) }),
  of({ version: tlv(2, [2]) }),
  of({ version: tlv(2, [1, 1]) }),
);
clause('RFC 5280 §5.1.2.1: versions 1 and 2', of({ version: [] }), of({}));
clause(
  'RFC 5280 §5.1.2.1: extensions in version 1',
  of({ version: [], afterTimes: tlv(0xa0, sequence(extension('1.2.3', [5, 0]))) }),
  of({ version: [], afterTimes: sequence(entry(sequence(reason))) }),
);
clause('RFC 5280 §5.1.2.3: an issuer without a name', of({ issuer: sequence() }));
clause(
  'RFC 5280 §5.1.2.4: times that are none',
  of({ times: utcTime('2601010000Z') }),
  of({ times: [...early, ...generalizedTime('20260101000000.5Z')] }),
  of({ times: [...early, ...utcTime('260230000000Z')] }),
);
clause(
  'RFC 5280 §5.1.2.4: both types of time',
  of({ times: [...generalizedTime('20260101000000Z'), ...generalizedTime('20510101000000Z')] }),
);
clause('RFC 5280 §5.1.2.6: a list without entries', listed());
clause('RFC 5280 §5.1.2.6: no list', of({}));
clause('RFC 5280 §5.1.2.7: a list without extensions', extended());
clause(
  'RFC 5280 §5.1.2.7: an extension twice',
  extended(extension('1.2.3', [5, 0]), extension('1.2.3', [5, 0])),
);
clause('RFC 5280 §5.2.3: a number of 20 octets', made({ crlNumber: 2n ** 159n }), made({ crlNumber: 0 }));
clause(
  'RFC 5280 §5.2.3: a number that is negative or has 21 octets',
  extended(extension('2.5.29.20', tlv(2, [0x80]))),
  extended(extension('2.5.29.20', tlv(2, new Array(21).fill(1)))),
  extended(extension('2.5.29.27', tlv(2, [0x80]), 0xff)),
);
clause('RFC 5280 §5.2.5: an empty scope', scope());
clause(
  'RFC 5280 §5.2.5: two kinds of certificates',
  scope(tlv(0x81, [0xff]), tlv(0x82, [0xff])),
  scope(tlv(0x82, [0xff]), tlv(0x85, [0xff])),
);
clause(
  'RFC 5280 §5.2.5: a name with something beside it',
  scope(tlv(0xa0, tlv(0xa0, tlv(0x86, ascii('a:b'))), [5, 0])),
  scope(tlv(0xa0, tlv(0xa1, sequence(oid('2.5.4.3'), tlv(0x0c, ascii('x')))), [5, 0])),
);
clause(
  'RFC 5280 §5.2.5: a relative name that is none',
  scope(tlv(0xa0, tlv(0xa1, [5, 0]))),
  scope(tlv(0xa0, tlv(0xa1, sequence(tlv(2, [1]))))),
);
clause(
  'RFC 5280 §5.3.1: a reason that is none',
  listed(entry(sequence(extension('2.5.29.21', tlv(0x0a, [7]))))),
  listed(entry(sequence(extension('2.5.29.21', tlv(0x0a, [0x7f]))))),
);
clause(
  'RFC 5280 §5.3.2: an invalidity date in UTCTime',
  listed(entry(sequence(extension('2.5.29.24', early)))),
);
clause('RFC 5280 §5.3: an extension of an entry twice', listed(entry(sequence(reason, reason))));
