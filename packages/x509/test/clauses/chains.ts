import { TrustAnchors, parseCertificate } from '../../src/index.ts';
import { authority, issue, newKey } from '../authority.ts';
import { chain, outcomeOf } from '../chain.ts';
import { type Piece, ascii, bytes, ecdsaWithSha256, oid, sequence, tlv, utcTime } from '../der.ts';
import { mappings, policies } from '../policies.ts';
import { verdict, world } from '../revocation.ts';
import { type Case, clause } from './clause.ts';

/** RFC 5280 §6 and §7, RFC 9618: what takes whole chains that `makeCertificate` does not write, or names as they are compared. */

const year = sequence(utcTime('260101000000Z'), utcTime('270101000000Z'));
const signed = (tbs: Uint8Array, key: typeof rootKey) =>
  sequence(tbs, ecdsaWithSha256, tlv(3, [0], key.sign({ type: 'ecdsa', hash: 'sha256' }, tbs)));
const rootKey = newKey();
const attribute = (type: string, tag: number, text: string): Uint8Array =>
  sequence(oid(type), tlv(tag, ascii(text)));
const cn = (text: string, tag = 0x0c): Uint8Array => tlv(0x31, attribute('2.5.4.3', tag, text));

/** A certificate without extensions: version 1, or 2 by its field. */
function old(subject: Piece, issuer: Piece, key = newKey(), signer = key, version: Piece = []) {
  const { spki } = key.publicKey;
  const tbs = sequence(version, tlv(2, [9]), ecdsaWithSha256, issuer, year, subject, spki);
  return { certificate: signed(tbs, signer), key };
}
const v2 = tlv(0xa0, tlv(2, [1]));

const root = authority('root', { key: rootKey });
const rootName = parseCertificate(root.certificate).subject.der;
const between = (version: Piece): Case => {
  const middle = old(sequence(cn('old')), rootName, newKey(), rootKey, version);
  return () => outcomeOf([issue('leaf', { issuer: middle }), middle], root);
};
clause('RFC 5280 §6.1.4: an intermediate of version 1 or 2', between([]), between(v2));
clause('RFC 5280 §6.1.4: a trust anchor of version 1', () => {
  const anchor = old(sequence(cn('old')), sequence(cn('old')));
  return outcomeOf([issue('leaf', { issuer: anchor })], anchor);
});
clause('RFC 5280 §4.1.2.6: an authority without a name', () => {
  const nameless = old(sequence(), rootName, newKey(), rootKey);
  const tbs = sequence(
    tlv(2, [9]),
    ecdsaWithSha256,
    sequence(),
    year,
    sequence(cn('leaf')),
    rootKey.publicKey.spki,
  );
  return outcomeOf([{ certificate: signed(tbs, nameless.key), key: rootKey }, nameless], root);
});

// ------------------------------------------------------------------------- paths
clause('RFC 5280 §6.1: a circle', () => {
  const [a, b] = [newKey(), newKey()];
  const one = authority('a', { key: a, issuer: { ...authority('b', { key: b }), key: b } });
  const other = authority('b', { key: b, issuer: { ...one, key: a } });
  return outcomeOf([issue('leaf', { issuer: one }), one, other], root);
});
clause('RFC 5280 §6.1: a circle beside the way', () => {
  const [a, b] = [newKey(), newKey()];
  const one = authority('a', { key: a, issuer: authority('b', { key: b }) });
  const other = authority('b', { key: b, issuer: one });
  const way = authority('b', { key: b, issuer: root });
  return outcomeOf([issue('leaf', { issuer: one }), one, other, way], root);
});
const within = (name: string) => {
  const { subject, spki } = parseCertificate(root.certificate);
  const nameConstraints = sequence(tlv(0xa0, sequence(tlv(0x82, ascii(name)))));
  return new TrustAnchors([], { named: [{ subject: subject.der, publicKey: spki, nameConstraints }] });
};
const under = (name: string): Case => {
  const leaf = issue('leaf', { issuer: root, dnsNames: ['a.example'] });
  return () => outcomeOf([leaf], root, { roots: within(name) });
};
clause('RFC 5280 §6.1.1: a name outside of initial permitted subtrees', under('b.example'));
clause('RFC 5280 §6.1.1: a name within initial permitted subtrees', under('example'));
clause(
  'RFC 5280 §4.2: a critical extension that is known, and that nothing is done about',
  ...(['2.5.29.18', '2.5.29.9', '2.5.29.46', '1.3.6.1.5.5.7.1.1', '1.3.6.1.5.5.7.1.11'].map(
    (id) => () => chain({ leaf: { extensions: [{ id, critical: true, value: sequence(tlv(0x82, [65])) }] } }),
  ) as unknown as [Case, ...Case[]]),
);
const keyCertSign = { id: '2.5.29.15', critical: true, value: tlv(3, [2, 0x84]) };
clause(
  'RFC 5280 §4.2.1.9: an end entity with keyCertSign, or that is a CA',
  () => chain({ leaf: { extensions: [keyCertSign] }, options: { keyUse: 'sign' } }),
  () => chain({ leaf: { ca: true } }),
);
clause(
  'RFC 5280 §4.2.1.12: a purpose that key usage and extended key usage do not both allow',
  () =>
    chain({ leaf: { extendedKeyUsage: ['serverAuth'], keyUsage: ['cRLSign'] }, options: { keyUse: 'sign' } }),
  () =>
    chain({
      leaf: { extendedKeyUsage: ['clientAuth'], keyUsage: ['digitalSignature'] },
      options: { keyUse: 'sign' },
    }),
);
clause(
  'RFC 5280 §4.2.1.1: a critical one, half of one, or another than the key of the issuer',
  () =>
    chain({ leaf: { extensions: [{ id: '2.5.29.35', critical: true, value: sequence(tlv(0x80, [1])) }] } }),
  () => chain({ leaf: { extensions: [{ id: '2.5.29.35', value: sequence(tlv(0x82, [1])) }] } }),
  () => chain({ leaf: { extensions: [{ id: '2.5.29.35', value: sequence() }] } }),
);
clause('RFC 9618 §5: mappings that would double a tree with each certificate', () => {
  const all = Array.from({ length: 30 }, (_, i) => `1.2.3.${i}`);
  const extensions = [
    policies(...all),
    mappings(...all.flatMap((one) => all.map((other) => [one, other] as const))),
  ];
  let issuer = root;
  const between = Array.from(
    { length: 8 },
    (_, i) => (issuer = authority(`middle ${i}`, { issuer, extensions })),
  );
  const leaf = issue('leaf', { issuer, extensions: [policies(all[0]!)] });
  return outcomeOf([leaf, ...between], root, { policy: { initialExplicitPolicy: true } });
});

// ------------------------------------------------------------------------- names
/** A certificate whose issuer is written in another way than the subject of the CA above. */
const spelt = (above: Piece, below: Piece): Case => {
  const key = newKey();
  const ca = old(above, above, key);
  const leaf = old(sequence(cn('leaf')), below, newKey(), key);
  return () => outcomeOf([leaf], ca);
};
const two = (...texts: string[]) =>
  sequence(tlv(0x31, ...texts.map((text) => attribute('2.5.4.3', 0x0c, text))));
clause(
  'RFC 5280 §7.1: another case, other spaces, another type of string',
  spelt(sequence(cn('Some  CA')), sequence(cn('some ca'))),
  spelt(sequence(cn(' CA ')), sequence(cn('CA'))),
  spelt(sequence(cn('CA', 0x13)), sequence(cn('CA'))),
  spelt(two('A', 'b'), two('B', 'a')),
  spelt(
    sequence(tlv(0x31, sequence(oid('2.5.4.3'), tlv(0x0c, [0xc3, 0x85])))),
    sequence(tlv(0x31, sequence(oid('2.5.4.3'), tlv(0x1e, [0, 0xe5])))),
  ),
);
clause(
  'RFC 5280 §7.1: another name',
  spelt(sequence(cn('CA')), sequence(cn('C A'))),
  spelt(sequence(cn('CA')), sequence(tlv(0x31, attribute('2.5.4.10', 0x0c, 'CA')))),
  spelt(sequence(cn('a'), cn('b')), sequence(cn('b'), cn('a'))),
  spelt(two('a', 'b'), sequence(cn('a'), cn('b'))),
  spelt(sequence(cn('a')), sequence(cn('a'), cn('b'))),
);
const dc = (...labels: string[]) =>
  sequence(
    ...labels.map((label) =>
      tlv(
        0x31,
        sequence(tlv(6, [9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x19]), tlv(0x16, ascii(label))),
      ),
    ),
  );
clause('RFC 5280 §7.3: a domainComponent in another case', spelt(dc('example', 'A'), dc('EXAMPLE', 'a')));
clause('RFC 5280 §7.3: another domainComponent', spelt(dc('example', 'a'), dc('example', 'b')));

// RFC 9598 §3: id-on-SmtpUTF8Mailbox.
const mailbox = (text: string, tag = 0x0c) => ({
  id: '2.5.29.17',
  value: sequence(tlv(0xa0, oid('1.3.6.1.5.5.7.8.9'), tlv(0xa0, tlv(tag, new TextEncoder().encode(text))))),
});
const mailboxes =
  (side: 'permitted' | 'excluded', base: string, ...name: Parameters<typeof mailbox>): Case =>
  () =>
    chain({
      middle: { nameConstraints: { [side]: { emails: [base] } } },
      leaf: { dnsNames: [], extensions: [mailbox(...name)] },
    });
clause(
  'RFC 9598 §6: a mailbox beyond ASCII within permitted hosts',
  mailboxes('permitted', 'host.example', 'é@host.example'),
  mailboxes('permitted', '.example', 'é@HOST.example'),
  mailboxes('excluded', 'host.example', 'é@other.example'),
);
clause(
  'RFC 9598 §6: a mailbox beyond ASCII outside',
  mailboxes('permitted', 'host.example', 'é@other.example'),
  mailboxes('permitted', 'e@host.example', 'é@host.example'),
);
clause(
  'RFC 9598 §6: a mailbox beyond ASCII in an excluded host',
  mailboxes('excluded', 'host.example', 'é@host.example'),
);
clause(
  'RFC 9598 §6: a mailbox beyond ASCII that cannot be compared',
  mailboxes('permitted', 'host.example', 'é@höst.example'),
  mailboxes('excluded', 'host.example', 'nobody'),
  mailboxes('excluded', 'host.example', 'a@host.example', 0x16),
);

// ------------------------------------------------------------------------- CRLs
const plain = world();
const oldCrl = (...entries: Uint8Array[]): Uint8Array => {
  const { subject } = parseCertificate(plain.middle.certificate);
  const times = bytes(utcTime('260101000000Z'), utcTime('270101000000Z'));
  const list = entries.length === 0 ? [] : sequence(...entries);
  return signed(sequence(ecdsaWithSha256, subject.der, times, list), plain.middle.key);
};
const listed = ({ certificate }: typeof root) =>
  sequence(tlv(2, parseCertificate(certificate).serialNumber), utcTime('260101000000Z'));
clause(
  'RFC 5280 §5: a CRL of version 1',
  () => verdict(plain, [oldCrl()]),
  () => verdict(plain, [oldCrl(listed(root))]),
);
clause('RFC 5280 §5: listed in a CRL of version 1', () => verdict(plain, [oldCrl(listed(plain.leaf))]));
