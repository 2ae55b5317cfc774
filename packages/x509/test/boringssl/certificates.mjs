import { parseCertificate } from '@sealwire/x509';
import { commonName, elementsOf, extension, hex, ids, made, tlv } from './made.mjs';
import { readability } from './scoreboard.mjs';

const folder = 'parse_certificate_unittest';

/** Certificates, parts of them and extensions that are well formed or not. */
export function certificates({ blocks, compare, list, read }) {
  const readable = (name, isGood, make) => {
    const { got, detail } = readability(make);
    compare(name, isGood ? 'read' : 'refused', got, detail);
  };
  for (const file of list(folder, '.pem').filter((one) => !one.includes('/authority_key_identifier/'))) {
    const parts = blocks(file);
    const whole = parts.get('CERTIFICATE');
    if (whole !== undefined) {
      const isGood = !/^ERROR: /m.test(read(file).toString());
      readable(file, isGood, () => parseCertificate(whole).readEverything());
    } else {
      tbsTest(file, parts, compare);
    }
  }
  readable('verify_unittest/self-issued.pem', true, () => {
    const certificate = parseCertificate(blocks('verify_unittest/self-issued.pem').get('CERTIFICATE'));
    certificate.readEverything();
    compare('self-issued.pem is self-issued', true, certificate.isSelfIssued);
  });
  const google = parseCertificate(new Uint8Array(read('verify_unittest/google-leaf.der')));
  compare('google-leaf.der is self-issued', false, google.isSelfIssued);
  compare('google-leaf.der: serial number', '0118F044A8F31892', google.serialNumberHex.padStart(16, '0'));
  compare('google-leaf.der: notBefore', 1_498_644_466_000, google.notBeforeMs);
  compare('google-leaf.der: notAfter', 1_505_899_620_000, google.notAfterMs);
  const withExtension = (id, value) => () =>
    parseCertificate(made({ subject: commonName('x'), extensions: [extension(id, value)] })).readEverything();
  for (const file of list(`${folder}/authority_key_identifier`, '.pem')) {
    const value = blocks(file).get('AUTHORITY_KEY_IDENTIFIER');
    const isGood = !/_only|invalid_|extra_contents/.test(file);
    readable(file, isGood, withExtension(ids.authorityKeyIdentifier, value));
  }
  for (const file of list('name_constraints_unittest', '.pem').filter((one) => one.includes('/san-'))) {
    const value = blocks(file).get('SUBJECT ALTERNATIVE NAME');
    readable(file, !file.includes('/san-invalid-'), withExtension(ids.subjectAltName, value));
  }
  for (const file of list('certificate_policies_unittest', '.pem')) {
    const value = blocks(file).get('CERTIFICATE POLICIES');
    readable(file, !file.includes('/invalid-'), withExtension(ids.certificatePolicies, value));
  }
}

/** A TBSCertificate, made a certificate with a signature that is none; the file says what is read of it. */
function tbsTest(file, parts, compare) {
  const tbs = parts.get('TBS CERTIFICATE');
  const elements = elementsOf(tbs);
  const algorithm = elements[elements[0][0] === 0xa0 ? 2 : 1];
  let certificate;
  const { got, detail } = readability(() => {
    certificate = parseCertificate(tlv(0x30, tbs, algorithm, hex('03020000')));
    certificate.readEverything();
  });
  compare(file, parts.has('SPKI') ? 'read' : 'refused', got, detail);
  if (certificate === undefined || !parts.has('SPKI')) return;
  for (const [label, value] of [
    ['SERIAL NUMBER', certificate.serialNumber],
    ['ISSUER', certificate.issuer.der],
    ['SUBJECT', certificate.subject.der],
    ['SPKI', certificate.spki],
  ])
    compare(`${file}: ${label}`, text(parts.get(label)), text(value));
  compare(`${file}: VALIDITY NOTBEFORE`, ...times(parts.get('VALIDITY NOTBEFORE'), certificate.notBeforeMs));
  compare(`${file}: VALIDITY NOTAFTER`, ...times(parts.get('VALIDITY NOTAFTER'), certificate.notAfterMs));
}

/** Theirs is written `year=2014, month=4, …`. */
function times(theirs, ours) {
  const [year, month, ...rest] = Buffer.from(theirs).toString().match(/\d+/g).map(Number);
  return [Date.UTC(year, month - 1, ...rest), ours];
}

function text(bytes) {
  return Buffer.from(bytes).toString('hex');
}
