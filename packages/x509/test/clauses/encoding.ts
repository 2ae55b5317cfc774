import { DerReader, tags } from '../../src/der/reader.ts';
import { maxDerDepth } from '../../src/limits.ts';
import { parseCertificate, parseCrl } from '../../src/index.ts';
import { authority } from '../authority.ts';
import {
  type Parts,
  ascii,
  bytes,
  certificate,
  commonName,
  extension,
  extensions,
  oid,
  sequence,
  tlv,
} from '../der.ts';
import { crlOf } from '../revocation.ts';
import { type Case, clause, reading } from './clause.ts';

/** X.690, as far as certificates must keep it: RFC 5280 §4.1 asks for DER. */

const of = (parts: Partial<Parts>): Case => reading(() => parseCertificate(certificate(parts)));
const whole = (der: Uint8Array, read: (der: Uint8Array) => unknown = parseCertificate): Case =>
  reading(() => read(der));
const extended = (id: string, value: Uint8Array): Case =>
  reading(() =>
    parseCertificate(certificate({ afterSpki: extensions(extension(id, value)) })).readEverything(),
  );
const ca = authority('ca');

clause(
  'X.690 §8.1.2: a tag above 30',
  reading(() => new DerReader(Uint8Array.of(0x1f, 0x22, 0), 'Test').element('value')),
);
clause('X.690 §8.1.2: another tag than expected', of({ serialNumber: tlv(0x04, [1]) }));
clause(
  'X.690 §8.1.3: contents that end too soon',
  whole(certificate().subarray(0, -1)),
  whole(new Uint8Array(0)),
  of({ subject: sequence(tlv(0x31, sequence())) }),
);
clause('X.690 §8.1.3: an indefinite length', whole(bytes([0x30, 0x80], certificate().subarray(3), [0, 0])));
clause(
  'X.690 §8.1.3: a length of five octets',
  reading(() => new DerReader(Uint8Array.of(4, 0x85, 0, 0, 0, 0, 1, 9), 'Test').element('value')),
);
clause(
  'X.690 §10.1: a length that could be shorter',
  whole(bytes([0x30, 0x82, 0], certificate().subarray(2))),
);
clause(
  'X.690 §8.1.1: bytes after the end',
  whole(bytes(certificate(), [0])),
  of({ afterSpki: tlv(0x05) }),
  of({ afterSignature: tlv(0x05) }),
);
clause(
  'X.690 §8.1.1: elements within elements without end',
  reading(() => {
    let der = Uint8Array.of(0x30, 0) as Uint8Array;
    for (let i = 0; i < maxDerDepth + 2; i++) der = tlv(0x30, der);
    const dive = (reader: DerReader): void => dive(reader.enter(tags.sequence, 'deeper'));
    dive(new DerReader(der, 'Test'));
  }),
);
clause(
  'X.690 §11.1: a BOOLEAN of another octet',
  of({ afterSpki: extensions(extension('1.2.3', [5, 0], 1)) }),
);
clause(
  'X.690 §8.3: an INTEGER that could be shorter',
  of({ serialNumber: tlv(0x02, [0, 1]) }),
  of({ serialNumber: tlv(0x02, [0xff, 0x80]) }),
  of({ serialNumber: tlv(0x02) }),
);
clause(
  'X.690 §8.6: a BIT STRING with unused bits that are set, or too many of them',
  of({ afterSpki: tlv(0x81, [9, 0]) }),
  of({ signature: tlv(0x03, [3, 0xff]) }),
  of({ signature: tlv(0x03, [8, 0]) }),
  of({ signature: tlv(0x03) }),
);
clause(
  'X.690 §8.19: an OBJECT IDENTIFIER that is not in its shortest form, or cut',
  of({ afterSpki: extensions(sequence(tlv(0x06, [0x80, 1]), tlv(0x04, [5, 0]))) }),
  of({ afterSpki: extensions(sequence(tlv(0x06, [0x2a, 0x86]), tlv(0x04, [5, 0]))) }),
  of({ afterSpki: extensions(sequence(tlv(0x06), tlv(0x04, [5, 0]))) }),
);
const attribute = (text: string) => sequence(oid('2.5.4.3'), tlv(0x0c, ascii(text)));
const critical = (value: number) => extension('2.5.29.19', sequence(tlv(0x01, [0xff])), value);
const pointReasons = (...bits: number[]): Case =>
  whole(
    crlOf(ca, {
      extensions: [{ id: '2.5.29.28', critical: true, value: sequence(tlv(0x83, bits)) }],
    }),
    parseCrl,
  );
const userCertsAlone = (value: number): Case =>
  whole(
    crlOf(ca, {
      extensions: [
        { id: '2.5.29.28', critical: true, value: sequence(tlv(0x81, [value]), tlv(0x83, [6, 0x40])) },
      ],
    }),
    parseCrl,
  );
clause(
  'X.690 §11.2: zero bits at the end of ReasonFlags',
  pointReasons(5, 0x40),
  pointReasons(0, 0x40),
  pointReasons(7, 0x40, 0),
);
clause('X.690 §11.2: no zero bit at the end of ReasonFlags', pointReasons(6, 0x40), pointReasons(7, 0, 0x80));
clause(
  'X.690 §11.2: zero bits at the end of KeyUsage',
  extended('2.5.29.15', tlv(0x03, [7, 6, 0])),
  extended('2.5.29.15', tlv(0x03, [0, 6])),
);
clause(
  'X.690 §11.5: a default that is written out',
  of({ afterSpki: extensions(critical(0)) }),
  userCertsAlone(0),
);
clause(
  'X.690 §11.5: what is not the default',
  of({ afterSpki: extensions(critical(0xff)) }),
  userCertsAlone(0xff),
);
clause('X.690 §11.5: cA FALSE', extended('2.5.29.19', sequence(tlv(0x01, [0]))));
clause(
  'X.690 §11.6: a set out of order',
  of({ subject: sequence(tlv(0x31, attribute('b'), attribute('a'))) }),
  of({ issuer: sequence(tlv(0x31, attribute('bb'), attribute('c'))) }),
);
clause(
  'X.690 §11.6: a set in order',
  of({ subject: sequence(tlv(0x31, attribute('a'), attribute('b'))) }),
  of({ subject: sequence(tlv(0x31, attribute('b')), tlv(0x31, attribute('a'))) }),
);
clause(
  'X.690 §8.23: a UTF8String that is none',
  of({ subject: sequence(tlv(0x31, sequence(tlv(0x06, [0x55, 4, 3]), tlv(0x0c, [0xc0, 0x80])))) }),
);
clause('X.690 §8.23: a UTF8String', of({ subject: commonName('x') }));
