import { maxCertificateBytes, maxExtensions, maxNameAttributes } from '../../src/limits.ts';
import { type Issued, parseCertificate } from '../../src/index.ts';
import { authority, issue, newKey } from '../authority.ts';
import { chain, outcomeOf } from '../chain.ts';
import {
  type Parts,
  ascii,
  certificate,
  commonName,
  ecdsaWithSha384,
  extension,
  extensions,
  generalizedTime,
  oid,
  sequence,
  tlv,
  utcTime,
} from '../der.ts';
import { type Case, clause, reading } from './clause.ts';

/** RFC 5280 §4.1: the certificate without its extensions. */

const of = (parts: Partial<Parts>): Case => reading(() => parseCertificate(certificate(parts)));
const root = authority('root');
const attribute = (text: string) => tlv(0x31, sequence(oid('2.5.4.3'), tlv(0x0c, ascii(text))));
const [start, end] = [Date.UTC(2026, 2), Date.UTC(2026, 3)];

/** At each place of a chain, a certificate that is valid in March alone, looked at at this time. */
function atEach(timeMs: number): [Case, Case, Case] {
  const contents = { notBeforeMs: start, notAfterMs: end };
  const at = (part: 'leaf' | 'middle' | 'root') => () => chain({ [part]: contents, options: { timeMs } });
  return [at('leaf'), at('middle'), at('root')];
}

/** The leaf's certificate with another octet in place of the first of `from`, wherever it stands. */
function changed(leaf: Issued, from: readonly number[], to: number): Issued {
  const der = leaf.certificate.slice();
  for (let i = 0; i + from.length <= der.length; i++)
    if (from.every((octet, k) => der[i + k] === octet)) der[i + from.length - 1] = to;
  return { ...leaf, certificate: der };
}

clause(
  'RFC 5280 §4.1: more than we read',
  reading(() => parseCertificate(new Uint8Array(maxCertificateBytes + 1))),
);
clause('RFC 5280 §4.1.1.2: two algorithms', of({ outerAlgorithm: ecdsaWithSha384 }));
clause('RFC 5280 §4.1.1.2: an algorithm that nobody knows', () =>
  outcomeOf(
    [changed(issue('leaf', { issuer: root }), [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02], 9)],
    root,
  ),
);
clause(
  'RFC 5280 §4.1.1.3: a signature that is no whole number of octets',
  of({ signature: tlv(0x03, [3, 8]) }),
);
clause(
  'RFC 5280 §4.1.2.1: a version that is none',
  of({ version: tlv(0xa0, tlv(0x02, [3])) }),
  of({ version: tlv(0xa0, tlv(0x02, [0])) }),
);
clause(
  'RFC 5280 §4.1.2.1: versions 1, 2 and 3',
  of({ version: [] }),
  of({ version: tlv(0xa0, tlv(0x02, [1])) }),
  of({ version: tlv(0xa0, tlv(0x02, [2])) }),
);
clause('RFC 5280 §4.1.2.2: a negative number', of({ serialNumber: tlv(0x02, [0x80]) }));
clause(
  'RFC 5280 §4.1.2.2: a number of 21 octets',
  of({ serialNumber: tlv(0x02, new Array(21).fill(1)) }),
  of({ serialNumber: tlv(0x02, [0, 0x80], new Array(20).fill(1)) }),
);
clause(
  'RFC 5280 §4.1.2.2: numbers of 20 octets, and zero',
  of({ serialNumber: tlv(0x02, new Array(20).fill(1)) }),
  of({ serialNumber: tlv(0x02, [0, 0xff], new Array(19).fill(1)) }),
  of({ serialNumber: tlv(0x02, [0]) }),
);
clause('RFC 5280 §4.1.2.4: an issuer without a name', of({ issuer: sequence() }));
clause('RFC 5280 §4.1.2.4: a set without an attribute', of({ subject: sequence(tlv(0x31)) }));
clause(
  'RFC 5280 §4.1.2.4: a value that is no character string',
  of({ subject: sequence(tlv(0x31, sequence(oid('2.5.4.3'), tlv(0x01, [0])))) }),
);
clause(
  'RFC 5280 §4.1.2.4: attributes without end',
  of({ subject: sequence(...new Array(maxNameAttributes + 1).fill(attribute('a'))) }),
);
clause(
  'RFC 5280 §4.1.2.5: a time that is none, has no seconds, a fraction or a zone',
  ...([
    utcTime('2601010000Z'),
    utcTime('260101000000+0000'),
    utcTime('260230000000Z'),
    utcTime('260101240000Z'),
    generalizedTime('20500101000000.5Z'),
    generalizedTime('20500101000000'),
  ].map((time) => of({ validity: sequence(utcTime('260101000000Z'), time) })) as [Case, ...Case[]]),
);
clause('RFC 5280 §4.1.2.5: a first moment of an end entity that is none', () =>
  outcomeOf(
    [
      {
        ...root,
        certificate: certificate({ validity: sequence(utcTime('260230000000Z'), utcTime('270101000000Z')) }),
      },
    ],
    root,
  ),
);
clause('RFC 5280 §4.1.2.5: a last moment of an end entity that is none', () =>
  outcomeOf(
    [
      {
        ...root,
        certificate: certificate({ validity: sequence(utcTime('260101000000Z'), utcTime('270101')) }),
      },
    ],
    root,
  ),
);
clause(
  'RFC 5280 §4.1.2.5: both types of time, before 2050 and after',
  of({ validity: sequence(generalizedTime('20260101000000Z'), generalizedTime('20500101000000Z')) }),
);
clause('RFC 5280 §4.1.2.5: before its time', ...atEach(start - 1));
clause('RFC 5280 §4.1.2.5: the first and the last second', ...atEach(start), ...atEach(end + 999));
clause('RFC 5280 §4.1.2.5: after its time', ...atEach(end + 1_000));
clause('RFC 5280 §4.1.2.6: no subject', of({ subject: sequence() }));
clause('RFC 5280 §4.1.2.7: a key of an end entity that nobody knows', () => {
  const spki = sequence(sequence(oid('1.2.3')), tlv(0x03, [0, 1, 2, 3]));
  const key = newKey();
  return outcomeOf(
    [issue('leaf', { issuer: root, key: { ...key, publicKey: { ...key.publicKey, spki } } })],
    root,
  );
});
clause('RFC 5280 §4.1.2.7: a key of an issuer that nobody knows', () => {
  const spki = sequence(sequence(oid('1.2.3')), tlv(0x03, [0, 1, 2, 3]));
  const key = newKey();
  const middle = authority('middle', {
    issuer: root,
    key: { ...key, publicKey: { ...key.publicKey, spki } },
  });
  return outcomeOf([issue('leaf', { issuer: { ...middle, key } }), middle], root);
});
clause(
  'RFC 5280 §4.1.2.8: unique identifiers in version 1',
  of({ version: [], afterSpki: tlv(0x81, [0, 1]) }),
);
clause(
  'RFC 5280 §4.1.2.9: extensions before version 3',
  of({ version: [], afterSpki: extensions(extension('1.2.3', [5, 0])) }),
  of({ version: tlv(0xa0, tlv(0x02, [1])), afterSpki: extensions(extension('1.2.3', [5, 0])) }),
);
clause('RFC 5280 §4.1.2.9: a list without extensions', of({ afterSpki: extensions() }));
clause(
  'RFC 5280 §4.1.2.9: extensions without end',
  of({
    afterSpki: extensions(
      ...Array.from({ length: maxExtensions + 1 }, (_, i) => extension(`1.2.${i}`, [5, 0])),
    ),
  }),
);
clause('RFC 5280 §4.1.2.9: a certificate that cannot be read', () =>
  outcomeOf(
    [{ ...root, certificate: certificate({ subject: commonName('x'), afterSpki: extensions() }) }],
    root,
  ),
);
