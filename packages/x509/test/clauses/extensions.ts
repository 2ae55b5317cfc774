import { extensionIds } from '../../src/extensions/registry.ts';
import { maxGeneralNames, maxKeyPurposes } from '../../src/limits.ts';
import { parseCertificate } from '../../src/index.ts';
import { authority, type Contents, issue } from '../authority.ts';
import { chain, outcomeOf } from '../chain.ts';
import { ascii, bytes, certificate, extension, extensions, oid, sequence, tlv } from '../der.ts';
import { type Case, clause, reading } from './clause.ts';

/** RFC 5280 §4.2: what stands inside of extensions, and what each alone forbids. */

const ids = extensionIds;
const of = (id: string, value: Uint8Array): Case =>
  reading(() =>
    parseCertificate(certificate({ afterSpki: extensions(extension(id, value)) })).readEverything(),
  );
const each = (contents: Contents): [Case, Case, Case] => [
  () => chain({ leaf: contents }),
  () => chain({ middle: contents }),
  () => chain({ root: contents }),
];
const unknown = (critical: boolean): Contents => ({
  extensions: [{ id: '1.2.3.4', critical, value: Uint8Array.of(5, 0) }],
});
const subtree = (...inside: Uint8Array[]) => sequence(tlv(0xa0, sequence(...inside)));

clause(
  'RFC 5280 §4.2: two instances of one extension',
  reading(() =>
    parseCertificate(
      certificate({ afterSpki: extensions(extension('1.2.3', [5, 0]), extension('1.2.3', [5, 0])) }),
    ),
  ),
);
clause('RFC 5280 §4.2: a critical extension that nobody knows', ...each(unknown(true)));
clause('RFC 5280 §4.2: one that is not critical', ...each(unknown(false)));
clause(
  'RFC 5280 §4.2: a malformed one that is known, in a chain',
  ...each({ extensions: [{ id: ids.subjectAltName, value: Uint8Array.of(5, 0) }] }),
);
clause('RFC 5280 §4.2.1.1: other fields', of(ids.authorityKeyIdentifier, sequence(tlv(0x85, [1]))));
clause('RFC 5280 §4.2.1.2: no OCTET STRING', of(ids.subjectKeyIdentifier, tlv(0x05)));
clause('RFC 5280 §4.2.1.3: no bit', of(ids.keyUsage, tlv(0x03, [7, 0])));
clause(
  'RFC 5280 §4.2.1.3: an issuer without keyCertSign',
  () => chain({ middle: { keyUsage: ['digitalSignature'] } }),
  () => chain({ root: { keyUsage: ['cRLSign'] } }),
);
clause('RFC 5280 §4.2.1.3: no key usage', () => chain({ middle: { keyUsage: [] }, root: { keyUsage: [] } }));
clause(
  'RFC 5280 §4.2.1.3: an end entity that may not do what it does',
  () => chain({ leaf: { keyUsage: ['keyEncipherment'] }, options: { keyUse: 'sign' } }),
  () => chain({ leaf: { keyUsage: ['digitalSignature'] }, options: { keyUse: 'encipher' } }),
);
clause(
  'RFC 5280 §4.2.1.6: no name, or half an address',
  ...([sequence(), sequence(tlv(0x87, [1, 2, 3]))].map((value) => of(ids.subjectAltName, value)) as [
    Case,
    Case,
  ]),
);
clause('RFC 5280 §4.2.1.6: a name that is not ASCII', of(ids.subjectAltName, sequence(tlv(0x82, [0xe9]))));
clause(
  'RFC 5280 §4.2.1.6: names without end',
  of(ids.subjectAltName, sequence(...new Array<Uint8Array>(maxGeneralNames + 1).fill(tlv(0x82, [65])))),
);
clause('RFC 5280 §4.2.1.9: a path length without cA', of(ids.basicConstraints, sequence(tlv(0x02, [0]))));
clause(
  'RFC 5280 §4.2.1.9: a negative path length',
  of(ids.basicConstraints, sequence(tlv(0x01, [0xff]), tlv(0x02, [0x80]))),
);
clause(
  'RFC 5280 §4.2.1.9: an issuer that is no CA',
  () => chain({ middle: { ca: false } }),
  () => chain({ root: { ca: false } }),
);
clause('RFC 5280 §4.2.1.9: a chain that is too long', () => chain({ root: { ca: { pathLength: 0 } } }));
clause('RFC 5280 §4.2.1.9: a chain that is as long as may be', () =>
  chain({ root: { ca: { pathLength: 1 } }, middle: { ca: { pathLength: 0 } } }),
);
clause('RFC 5280 §4.2.1.9: self-issued certificates do not count', () => {
  const root = authority('root', { ca: { pathLength: 1 } });
  const middle = authority('middle', { issuer: root });
  const rollover = authority('middle', { issuer: middle });
  return outcomeOf([issue('leaf', { issuer: rollover }), rollover, middle], root);
});
clause(
  'RFC 5280 §4.2.1.10: no subtree',
  of(ids.nameConstraints, sequence()),
  of(ids.nameConstraints, sequence(tlv(0xa0))),
);
clause(
  'RFC 5280 §4.2.1.10: a subtree with minimum or maximum',
  of(ids.nameConstraints, subtree(tlv(0x82, ascii('a')), tlv(0x80, [0]))),
  of(ids.nameConstraints, subtree(tlv(0x82, ascii('a')), tlv(0x81, [1]))),
);
clause(
  'RFC 5280 §4.2.1.10: an address without a mask',
  of(ids.nameConstraints, subtree(tlv(0x87, [1, 2, 3, 4]))),
);
clause(
  'RFC 5280 §4.2.1.12: no purpose, or purposes without end',
  of(ids.extendedKeyUsage, sequence()),
  of(ids.extendedKeyUsage, sequence(...new Array<Uint8Array>(maxKeyPurposes + 1).fill(oid('1.2.3')))),
);
clause('RFC 5280 §4.2.1.12: another purpose', ...each({ extendedKeyUsage: ['clientAuth'] }), () =>
  chain({ leaf: { extendedKeyUsage: ['serverAuth'] }, options: { purpose: 'clientAuth' } }),
);
clause(
  'RFC 5280 §4.2.1.12: the purpose, any purpose, or none said',
  ...each({ extendedKeyUsage: ['clientAuth', 'serverAuth'] }),
  ...each({ extendedKeyUsage: ['any'] }),
  ...each({}),
);
clause(
  'RFC 5280 §4.2.1.12: bytes after the list',
  of(ids.extendedKeyUsage, bytes(sequence(oid('1.2.3')), [0])),
);
