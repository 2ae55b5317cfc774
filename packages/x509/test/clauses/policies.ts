import { type ExtensionInput, parseCertificate, TrustAnchors } from '../../src/index.ts';
import { authority, issue } from '../authority.ts';
import { chain, outcomeOf } from '../chain.ts';
import { certificate, extension, extensions, oid, sequence, tlv } from '../der.ts';
import { anyPolicy, constraints, inhibitAny, mappings, policies, qualified } from '../policies.ts';
import { type Case, clause, reading } from './clause.ts';

/** RFC 5280 §4.2.1.4, §4.2.1.5, §4.2.1.11, §4.2.1.14 and what §6.1 makes of them. */

const [red, green] = ['1.2.3.1', '1.2.3.2'];
const explicit = { initialExplicitPolicy: true };
const of = ({ id, value }: ExtensionInput): Case =>
  reading(() =>
    parseCertificate(certificate({ afterSpki: extensions(extension(id, value)) })).readEverything(),
  );
const under =
  (middle: ExtensionInput[], leaf: ExtensionInput[], policy: object = {}): Case =>
  () =>
    chain({ middle: { extensions: middle }, leaf: { extensions: leaf }, policy });
const qualifier = (kind: string) => qualified([red, sequence(oid(kind), tlv(0x16, [0x61]))]);

clause('RFC 5280 §4.2.1.4: a policy twice, or none', of(policies(red, red)), of(qualified()));
clause('RFC 5280 §4.2.1.4: a qualifier that nobody knows, in a critical extension', () =>
  chain({ leaf: { extensions: [{ ...qualifier('1.2.3.4'), critical: true }] } }),
);
clause(
  'RFC 5280 §4.2.1.4: qualifiers that are known, or in an extension that is not critical',
  () => chain({ leaf: { extensions: [{ ...qualifier('1.3.6.1.5.5.7.2.1'), critical: true }] } }),
  () => chain({ leaf: { extensions: [qualifier('1.2.3.4')] } }),
);
clause(
  'RFC 5280 §4.2.1.4: a qualifier of anyPolicy that nobody knows',
  of(qualified([anyPolicy, sequence(oid('1.2.3.4'), tlv(0x16, [0x61]))])),
);
clause(
  'RFC 5280 §4.2.1.4: a qualifier of anyPolicy that is known',
  of(qualified([anyPolicy, sequence(oid('1.3.6.1.5.5.7.2.1'), tlv(0x16, [0x61]))])),
);
clause(
  'RFC 5280 §4.2.1.5: a mapping of half a pair',
  of({ id: '2.5.29.33', value: sequence(sequence(oid(red))) }),
);
clause(
  'RFC 5280 §4.2.1.5: a mapping from or to anyPolicy',
  under([policies(anyPolicy), mappings([anyPolicy, red])], []),
  under([policies(anyPolicy), mappings([red, anyPolicy])], []),
);
clause('RFC 5280 §4.2.1.11: neither field', of({ id: '2.5.29.36', value: sequence() }));
clause(
  'RFC 5280 §4.2.1.11: a number below zero',
  of({ id: '2.5.29.36', value: sequence(tlv(0x80, [0xff])) }),
);
clause(
  'RFC 5280 §4.2.1.11: a policy that is asked for, and is not there',
  under([policies(red), constraints({ explicit: 0 })], []),
  under([policies(red)], [policies(green), constraints({ explicit: 0 })]),
  under([], [policies(red)], explicit),
);
clause(
  'RFC 5280 §4.2.1.11: a policy that is asked for further down than the chain goes',
  under([policies(red), constraints({ explicit: 2 })], []),
);
clause(
  'RFC 5280 §4.2.1.11: a mapping that a CA above forbids',
  under([policies(red), mappings([red, green])], [policies(green)], {
    ...explicit,
    initialPolicyMappingInhibit: true,
  }),
  () =>
    chain({
      root: { extensions: [constraints({ mapping: 0 })] },
      middle: { extensions: [policies(red), mappings([red, green])] },
      leaf: { extensions: [policies(green)] },
      policy: explicit,
    }),
);
clause(
  'RFC 5280 §4.2.1.14: an anyPolicy that a CA above forbids',
  under([policies(red), inhibitAny(0)], [policies(anyPolicy)], explicit),
);
clause(
  'RFC 5280 §6.1.1: a policy that the user does not take',
  under([policies(red)], [policies(red)], { ...explicit, initialPolicySet: [green] }),
);
clause(
  'RFC 5280 §6.1.1: a policy that the user takes',
  under([policies(red)], [policies(red)], { ...explicit, initialPolicySet: [red] }),
);
clause('RFC 5280 §6.1.1: a trust anchor as a name and a key', () => {
  const root = authority('root');
  const { subject, spki } = parseCertificate(root.certificate);
  const roots = new TrustAnchors([], { named: [{ subject: subject.der, publicKey: spki }] });
  return outcomeOf([issue('leaf', { issuer: root })], root, { roots });
});
