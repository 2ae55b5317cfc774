import { nodeProvider } from '@sealwire/crypto-node';
import { parseIpAddress, verifyChain } from '@sealwire/x509';
import { ascii, commonName, emptyName, extension, ids, isCa, made, madeAtMs, root, tlv } from './made.mjs';
import { facts, malformed } from './name-constraints-facts.mjs';

const folder = 'name_constraints_unittest';

/** Each constraint in a CA's certificate, critical and not, and each name in that of an end entity below it. */
export function nameConstraints({ blocks, compare }) {
  const constraintsOf = (file) => blocks(`${folder}/${file}.pem`).get('NAME CONSTRAINTS');
  for (const isCritical of [true, false]) {
    const decide = (constraints, contents) => verdict(constraints, isCritical, contents);
    const label = isCritical ? 'critical' : 'not critical';
    for (const [file, byKind] of Object.entries(facts)) {
      const constraints = constraintsOf(file);
      for (const [kind, verdicts] of Object.entries(byKind)) {
        for (const [expected, values] of Object.entries(verdicts)) {
          for (const value of values) {
            const contents = contentsOf[kind](value, blocks);
            const { got, detail } = decide(constraints, contents);
            const there = expected === 'critical' ? (isCritical ? 'refused' : 'permitted') : expected;
            compare(`name constraints ${file}, ${label}: ${kind} ${value}`, there, got, detail);
          }
        }
      }
    }
    // One name of each form, for what is malformed in a constraint counts where a name meets it.
    const fine = withNames(
      tlv(0x30, tlv(0x82, ascii('permitted.example.com')), tlv(0x87, parseIpAddress('192.168.1.3'))),
    );
    const damaged = new Uint8Array(constraintsOf('dnsname'));
    damaged[Buffer.from(damaged).indexOf('permitted.example2.com')] = 0xff;
    for (const [file, constraints] of [
      ...malformed.map((one) => [one, constraintsOf(one)]),
      ['empty value', new Uint8Array(0)],
      ['dnsname that is no IA5String', damaged],
    ]) {
      const { got, detail } = decide(constraints, fine);
      compare(`name constraints ${file}, ${label}`, 'refused', got, detail);
    }
  }
}

const contentsOf = {
  dns: (value) => withNames(tlv(0x30, tlv(0x82, ascii(value)))),
  ip: (value) => withNames(tlv(0x30, tlv(0x87, parseIpAddress(value)))),
  name: (file, blocks) => ({ subject: blocks(`${folder}/${file}.pem`).get('NAME') }),
  san: (file, blocks) => withNames(blocks(`${folder}/${file}.pem`).get('SUBJECT ALTERNATIVE NAME')),
};

function withNames(der) {
  return { subject: emptyName, extensions: [extension(ids.subjectAltName, der, true)] };
}

function verdict(constraints, isCritical, contents) {
  const subject = commonName('constrained');
  const extensions = [isCa, extension(ids.nameConstraints, constraints, isCritical)];
  const outcome = verifyChain({
    provider: nodeProvider,
    chain: [made({ ...contents, issuer: subject }), made({ subject, extensions })],
    roots: root,
    timeMs: madeAtMs,
    purpose: 'any',
  });
  if (outcome.ok) return { got: 'permitted' };
  return { got: 'refused', detail: `(${outcome.code}: ${outcome.message})` };
}
