import { nodeProvider } from '@sealwire/crypto-node';
import { parseCertificate, verifyChain } from '@sealwire/x509';
import { commonName, extension, ids, isCa, made, madeAtMs, root, tlv } from './made.mjs';
import { readability } from './scoreboard.mjs';

const folder = 'verify_name_match_unittest/names';
const types = ['PRINTABLESTRING', 'T61STRING', 'UTF8', 'BMPSTRING', 'UNIVERSALSTRING'];
const mangled = ['unmangled', 'case_swap', 'extra_whitespace'];

/** Names that are the same, or one within the other, though written otherwise: facts of their verify_name_match_unittest.cc. */
export function names({ blocks, compare, list }) {
  const nameOf = (file) => blocks(`${folder}/${file}.pem`).get('NAME');
  const same = (a, b, expected) => {
    compare(`name ${a} = ${b}`, expected ? 'same' : 'other', sameness(nameOf(a), nameOf(b)));
    compare(`name ${b} = ${a}`, expected ? 'same' : 'other', sameness(nameOf(b), nameOf(a)));
  };
  const within = (inner, outer, expected) =>
    compare(
      `name ${inner} within ${outer}`,
      expected ? 'within' : 'outside',
      place(nameOf(inner), nameOf(outer)),
    );
  for (const type of types) {
    for (const mangling of mangled) {
      const [base, attribute, relative, twice] = ['', '-extra_attr', '-extra_rdn', '-dupe_attr'].map(
        (what) => `ascii-${type}-${mangling}${what}`,
      );
      for (const one of [base, attribute, relative, twice]) same(one, one, true);
      same(base, attribute, false);
      same(base, relative, false);
      same(twice, attribute, false);
    }
    same(`ascii-${type}-unmangled`, `ascii-${type}-case_swap`, type !== 'T61STRING');
    same(`ascii-${type}-unmangled`, `ascii-${type}-extra_whitespace`, type !== 'T61STRING');
    for (const other of types) {
      const isAlike = type === other || ![type, other].includes('T61STRING');
      const [a, b] = [`ascii-${type}-unmangled`, `ascii-${other}-unmangled`];
      same(a, b, isAlike);
      within(a, b, isAlike);
      within(`${a}-extra_rdn`, b, isAlike);
      within(a, `${b}-extra_rdn`, false);
      within(`${a}-extra_attr`, b, false);
      within(a, `${b}-extra_attr`, false);
    }
  }
  for (const [prefix, kinds] of [
    ['unicode_bmp', ['BMPSTRING', 'UNIVERSALSTRING', 'UTF8']],
    ['unicode_supplementary', ['UNIVERSALSTRING', 'UTF8']],
  ]) {
    for (const a of kinds)
      for (const b of kinds) same(`${prefix}-${a}-unmangled`, `${prefix}-${b}-unmangled`, true);
  }
  same('ascii-PRINTABLESTRING-rdn_sorting_1', 'ascii-PRINTABLESTRING-rdn_sorting_2', true);
  same('ascii-mixed-rdn_dupetype_sorting_1', 'ascii-mixed-rdn_dupetype_sorting_2', true);
  same('unicode-mixed-normalized', 'unicode-mixed-unnormalized', true);
  same('custom-custom-normalized', 'custom-custom-normalized', true);
  same('valid-minimal', 'valid-minimal', true);
  same('valid-Name-empty', 'valid-Name-empty', true);
  same('valid-Name-empty', 'ascii-PRINTABLESTRING-unmangled', false);
  within('valid-Name-empty', 'valid-Name-empty', true);
  within('ascii-PRINTABLESTRING-unmangled', 'valid-Name-empty', true);
  within('valid-Name-empty', 'ascii-PRINTABLESTRING-unmangled', false);

  const refused = (name, der) => {
    const { got, detail } = readability(() => read(der));
    compare(`name ${name}`, 'refused', got, detail);
  };
  for (const path of list(folder, '.pem').filter((one) => one.includes('/invalid-')))
    refused(path, blocks(path).get('NAME'));
  const printable = nameOf('ascii-PRINTABLESTRING-unmangled');
  const ia5 = nameOf('ascii-mixed-rdn_dupetype_sorting_1');
  const isPrintable = (octet) => /[A-Za-z0-9 '()+,\-./:=?]/.test(String.fromCharCode(octet));
  const asterisk = 0x2a;
  for (const [label, der, text, expected, those] of [
    ['PrintableString, its own characters', printable, '0123456789', 'read', isPrintable],
    ['PrintableString, *', printable, '0123456789', 'read', (octet) => octet === asterisk],
    [
      'PrintableString, others of ASCII',
      printable,
      '0123456789',
      'refused',
      (octet) => octet < 128 && octet !== asterisk && !isPrintable(octet),
    ],
    ['PrintableString, beyond ASCII', printable, '0123456789', 'refused', (octet) => octet >= 128],
    ['IA5String, ASCII', ia5, 'eXaMple', 'read', (octet) => octet < 128],
    ['IA5String, beyond ASCII', ia5, 'eXaMple', 'refused', (octet) => octet >= 128],
  ]) {
    const results = new Set(
      octets.filter(those).map((octet) => readability(() => read(replaced(der, text, octet))).got),
    );
    compare(`name ${label}`, expected, [...results].join(' or '));
  }
  const surrogates = Buffer.from(nameOf('unicode_bmp-BMPSTRING-unmangled'));
  surrogates.set([0xd8, 0x35, 0xdc, 0x00], surrogates.indexOf(Buffer.from('67714eac', 'hex')));
  refused('BMPString with surrogates', new Uint8Array(surrogates));
}

const octets = Array.from({ length: 256 }, (_, octet) => octet);

function replaced(der, text, octet) {
  const changed = Buffer.from(der);
  changed[changed.indexOf(text)] = octet;
  return new Uint8Array(changed);
}

function read(name) {
  const certificate = parseCertificate(made({ subject: name }));
  certificate.readEverything();
  return certificate.subject;
}

function sameness(a, b) {
  let isSame = false;
  const { got, detail } = readability(() => {
    isSame = read(a).equals(read(b));
  });
  return got === 'read' ? (isSame ? 'same' : 'other') : `refused ${detail}`;
}

/** By name constraints of a CA. */
function place(inner, outer) {
  const subject = commonName('constrained');
  const permitted = tlv(0x30, tlv(0xa0, tlv(0x30, tlv(0xa4, outer))));
  const extensions = [isCa, extension(ids.nameConstraints, permitted, true)];
  const san = extension(
    ids.subjectAltName,
    tlv(0x30, inner.length > 2 ? tlv(0x82, Buffer.from('a')) : tlv(0xa4, inner)),
    true,
  );
  const outcome = verifyChain({
    provider: nodeProvider,
    chain: [made({ subject: inner, issuer: subject, extensions: [san] }), made({ subject, extensions })],
    roots: root,
    timeMs: madeAtMs,
    purpose: 'any',
  });
  return outcome.ok ? 'within' : outcome.code === 'PERMITTED_VIOLATION' ? 'outside' : outcome.message;
}
