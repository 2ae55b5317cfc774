import { authority, type Contents, issue } from '../authority.ts';
import { chain, outcomeOf } from '../chain.ts';
import { ascii, oid, sequence, tlv } from '../der.ts';
import { type Case, clause } from './clause.ts';

/** RFC 5280 §4.2.1.10: names below constraints. */

type Constraints = NonNullable<Contents['nameConstraints']>;

const under =
  (nameConstraints: Constraints, leaf: Contents): Case =>
  () =>
    chain({ middle: { nameConstraints }, leaf });

/** Constraints that the writer does not know, over a name that it does not. */
const raw = (base: Uint8Array, name?: Uint8Array): Case => {
  const leaf: Contents =
    name === undefined ? {} : { dnsNames: [], extensions: [{ id: '2.5.29.17', value: sequence(name) }] };
  const constraints = { id: '2.5.29.30', critical: true, value: sequence(tlv(0xa0, sequence(base))) };
  return () => chain({ middle: { extensions: [constraints] }, leaf });
};
const uri = (text: string) =>
  tlv(
    0x86,
    Uint8Array.from(text, (c) => c.charCodeAt(0)),
  );
const registered = tlv(0x88, [0x2a, 3]);

clause(
  'RFC 5280 §4.2.1.10: DNS names within permitted domains',
  under({ permitted: { dnsNames: ['example'] } }, { dnsNames: ['a.example', 'EXAMPLE'] }),
  under(
    { permitted: { dnsNames: ['a.example', 'b.example'] } },
    { dnsNames: ['x.b.example', '*.b.example'] },
  ),
);
clause(
  'RFC 5280 §4.2.1.10: a DNS name outside of permitted domains',
  under({ permitted: { dnsNames: ['example'] } }, { dnsNames: ['a.example', 'a.badexample'] }),
  under({ permitted: { dnsNames: ['a.example'] } }, { dnsNames: ['*.example'] }),
  // A dot in front is not in the profile; who writes it means the hosts below.
  under({ permitted: { dnsNames: ['.a.example'] } }, { dnsNames: ['a.example'] }),
);
clause(
  'RFC 5280 §4.2.1.10: a DNS name in an excluded domain',
  under({ excluded: { dnsNames: ['b.example'] } }, { dnsNames: ['a.example', 'x.B.example'] }),
  under({ excluded: { dnsNames: ['b.example'] } }, { dnsNames: ['*.example'] }),
  under({ excluded: { dnsNames: [''] } }, { dnsNames: ['a.example'] }),
);
clause(
  'RFC 5280 §4.2.1.10: a name that is permitted and excluded',
  under(
    { permitted: { dnsNames: ['example'] }, excluded: { dnsNames: ['example'] } },
    { dnsNames: ['a.example'] },
  ),
);
clause(
  'RFC 5280 §4.2.1.10: names of other forms than the constraints',
  under({ permitted: { dnsNames: ['a.example'] } }, { dnsNames: [], ipAddresses: ['127.0.0.1'] }),
  raw(registered),
);
clause(
  'RFC 5280 §4.2.1.10: an address outside of permitted ranges',
  under({ permitted: { ipRanges: ['10.0.0.0/8'] } }, { dnsNames: [], ipAddresses: ['11.0.0.1'] }),
  under({ permitted: { ipRanges: ['10.0.0.0/8'] } }, { dnsNames: [], ipAddresses: ['a00::1'] }),
);
clause(
  'RFC 5280 §4.2.1.10: an address in an excluded range',
  under({ excluded: { ipRanges: ['2001:db8::/33'] } }, { dnsNames: [], ipAddresses: ['2001:db8:7fff::1'] }),
);
clause(
  'RFC 5280 §4.2.1.10: a mailbox, or a host or domain of mailboxes',
  under({ permitted: { emails: ['a@host.example'] } }, { emails: ['a@HOST.example'] }),
  under({ permitted: { emails: ['host.example'] } }, { emails: ['a@host.example'] }),
  under({ permitted: { emails: ['.host.example'] } }, { emails: ['a@sub.host.example'] }),
);
clause(
  'RFC 5280 §4.2.1.10: a mailbox outside',
  under({ permitted: { emails: ['a@host.example'] } }, { emails: ['A@host.example'] }),
  under({ permitted: { emails: ['host.example'] } }, { emails: ['a@sub.host.example'] }),
  under({ permitted: { emails: ['.host.example'] } }, { emails: ['a@host.example'] }),
);
clause(
  'RFC 5280 §4.2.1.10: emailAddress in the subject',
  under(
    { excluded: { emails: ['host.example'] } },
    { dnsNames: [], subject: { CN: 'x', emailAddress: 'a@host.example' } },
  ),
);
clause(
  'RFC 5280 §4.1.2.6: emailAddress in another case than an excluded mailbox',
  under(
    { excluded: { emails: ['a@host.example'] } },
    { dnsNames: [], subject: { CN: 'x', emailAddress: 'A@HOST.example' } },
  ),
);
clause(
  'RFC 5280 §4.2.1.10: hosts and domains of URIs',
  raw(uri('a.example'), uri('https://user@a.EXAMPLE:8443/x')),
  raw(uri('.example'), uri('https://a.example')),
  raw(uri(''), uri('https://a.example')),
);
clause('RFC 5280 §4.2.1.10: a URI outside', raw(uri('a.example'), uri('https://b.example/a.example')));
clause(
  'RFC 5280 §4.2.1.10: a URI without a host name',
  raw(uri('a.example'), uri('https://1.2.3.4/')),
  raw(uri('a.example'), uri('mailto:a@a.example')),
  raw(uri('a.example'), uri('https://a..example/')),
  raw(uri('a.example'), uri('https://a_b!.example/')),
);
clause(
  'RFC 5280 §4.2.1.10: a subject within a permitted directory',
  under({ permitted: { directoryNames: [{ O: 'One' }] } }, { subject: { O: 'one', CN: 'x' } }),
  under({ permitted: { directoryNames: [{ O: 'One' }] } }, { subject: {} }),
);
clause(
  'RFC 5280 §4.2.1.10: a subject outside',
  under({ permitted: { directoryNames: [{ O: 'One' }] } }, { subject: { O: 'Two', CN: 'x' } }),
);
clause(
  'RFC 5280 §4.2.1.10: a subject in an excluded directory',
  under({ excluded: { directoryNames: [{ O: 'One' }] } }, { subject: { O: 'One', CN: 'x' } }),
);
clause(
  'RFC 5280 §4.2.1.10: forms that cannot be compared, where they meet',
  raw(registered, registered),
  raw(tlv(0xa0, oid('1.2.3'), tlv(0xa0, tlv(0x0c))), tlv(0xa0, oid('1.2.3'), tlv(0xa0, tlv(0x0c)))),
);
clause(
  'RFC 5280 §4.2.1.10: a constraint or a name that is malformed',
  under({ permitted: { dnsNames: ['not..a.name'] } }, { dnsNames: ['a.example'] }),
  // A wildcard is no constraint, whatever it would stand for.
  raw(tlv(0x82, ascii('*.a.example')), tlv(0x82, ascii('b.a.example'))),
  raw(tlv(0x82, ascii('*.a.example')), tlv(0x82, ascii('b.example'))),
  raw(tlv(0x87, [10, 0, 0, 0, 0xff, 0, 0xff, 0]), tlv(0x87, [10, 0, 0, 1])),
  raw(tlv(0x82, ascii('example')), tlv(0x82, ascii('.example'))),
  raw(tlv(0x82, ascii('example')), tlv(0x82, ascii('a..example'))),
  under(
    { excluded: { emails: ['host.example'] } },
    { dnsNames: [], extensions: [{ id: '2.5.29.17', value: sequence(tlv(0x81, ascii('nobody'))) }] },
  ),
  raw(tlv(0x81, ascii('@host.example')), tlv(0x81, ascii('a@host.example'))),
  raw(tlv(0x81, ascii('a@a..example')), tlv(0x81, ascii('a@a.example'))),
);
clause('RFC 5280 §6.1.3: an intermediate outside of permitted names', () => {
  const nameConstraints = { permitted: { directoryNames: [{ O: 'One' }] } };
  const root = authority('root', { nameConstraints, subject: { O: 'One' } });
  const outside = authority('x', { issuer: root, subject: { O: 'Two' } });
  return outcomeOf([issue('leaf', { issuer: outside, subject: { O: 'One', CN: 'x' } }), outside], root);
});
clause('RFC 5280 §6.1.3: a self-issued intermediate outside', () => {
  const named = authority('root', { nameConstraints: { permitted: { dnsNames: ['example'] } } });
  const rollover = authority('root', { issuer: named, dnsNames: ['elsewhere'] });
  return outcomeOf([issue('leaf', { issuer: rollover }), rollover], named);
});
