import { checkHostName, checkService, parseCertificate, type ServiceName } from '../../src/index.ts';
import { ascii, certificate, commonName, extension, extensions, oid, sequence, tlv } from '../der.ts';
import { type Case, clause } from './clause.ts';

/** RFC 9525, below its overview in `paths.ts`: names as they are matched. */

type Name = Uint8Array;
const dns = (text: string): Name => tlv(0x82, ascii(text));
const uri = (text: string): Name => tlv(0x86, ascii(text));
const address = (...octets: number[]): Name => tlv(0x87, octets);
const srv = (text: string, tag = 0x16): Name =>
  tlv(0xa0, oid('1.3.6.1.5.5.7.8.7'), tlv(0xa0, tlv(tag, ascii(text))));

const certified = (...names: Name[]) =>
  parseCertificate(
    certificate({
      subject: commonName('www.a.example'),
      afterSpki: extensions(extension('2.5.29.17', sequence(...names))),
    }),
  );
const host =
  (wanted: string, ...names: Name[]): Case =>
  () =>
    checkHostName(certified(...names), wanted);
const service =
  (wanted: ServiceName, ...names: Name[]): Case =>
  () =>
    checkService(certified(...names), wanted);

clause(
  'RFC 9525 §6.3: a wildcard for one label',
  host('www.a.example', dns('*.a.example')),
  host('xn--bcher-kva.a.example', dns('*.A.example')),
);
clause(
  'RFC 9525 §6.3: a wildcard that is no whole left-most label, or one of two',
  host('www.a.example', dns('w*.a.example')),
  host('www.a.example', dns('*w.a.example')),
  host('www.a.example', dns('www.*.example')),
  host('www.a.example', dns('*.*.example')),
  host('xn--bcher-kva.a.example', dns('xn--*.a.example')),
);
clause(
  'RFC 9525 §6.3: a wildcard for no label, or for several',
  host('a.example', dns('*.a.example')),
  host('b.www.a.example', dns('*.a.example')),
);
clause(
  'RFC 9525 §6.3: a wildcard below nothing but a top level',
  host('a.example', dns('*.example')),
  host('example', dns('*')),
);
clause(
  'RFC 9525 §6.3: a name with a NUL or a blank',
  host('www.a.example', dns('www.a.example\0.b.example')),
  host('www.a.example', dns('www.a.example ')),
);
clause('RFC 9525 §6.3: a name with a final dot', host('www.a.example', dns('www.a.example.')));
clause('RFC 9525 §6.3: a host with a final dot', host('www.a.example.', dns('www.a.example')));
clause(
  'RFC 9525 §6.3: an A-label in another case',
  host('XN--BCHER-KVA.example', dns('xn--bcher-kva.example')),
);
clause('RFC 9525 §6.3: a host in U-labels', host('bücher.example', dns('xn--bcher-kva.example')));
clause(
  'RFC 9525 §6.3: the common name where there are other names',
  host('www.a.example', dns('b.example')),
  host('www.a.example', uri('https://www.a.example/')),
);
clause(
  'RFC 9525 §6.4: the address',
  host('192.0.2.1', address(192, 0, 2, 1)),
  host('2001:db8::1', address(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
  host('2001:0DB8:0:0:0:0:0:1', address(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
);
clause(
  'RFC 9525 §6.4: an address as text of a DNS name',
  host('192.0.2.1', dns('192.0.2.1')),
  host('192.0.2.1', dns('*.0.2.1')),
);
clause(
  'RFC 9525 §6.4: an IPv4 address mapped into IPv6',
  host('::ffff:192.0.2.1', address(192, 0, 2, 1)),
  host('192.0.2.1', address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1)),
);

const imaps: ServiceName = { type: 'srv', service: 'imaps', name: 'a.example' };
const sip: ServiceName = { type: 'uri', scheme: 'sip', name: 'a.example' };
clause(
  'RFC 9525 §6.5: the service',
  service(imaps, srv('_imaps.a.example')),
  service(imaps, srv('_IMAPS.A.example')),
  service({ ...imaps, name: 'www.a.example' }, srv('_imaps.*.a.example')),
  service(sip, uri('sip:a.example')),
  service(sip, uri('SIP:a.example:5060;transport=tcp')),
  service({ ...sip, scheme: 'https' }, uri('https://A.example:443/x')),
);
clause(
  'RFC 9525 §6.5: another service or scheme',
  service(imaps, srv('_imap.a.example')),
  service(sip, uri('sips:a.example')),
);
clause(
  'RFC 9525 §6.5: the service under another name',
  service(imaps, srv('_imaps.b.example')),
  service(sip, uri('sip:b.example')),
  service({ ...sip, scheme: 'https' }, uri('https://a.example@b.example/')),
);
clause(
  'RFC 9525 §6.5: an identifier of another form',
  service(imaps, dns('a.example'), uri('imaps://a.example')),
  service(sip, dns('a.example'), srv('_sip.a.example')),
);
clause(
  'RFC 9525 §6.5: an SRV-ID or URI-ID that is malformed',
  service(imaps, srv('imaps.a.example')),
  service(imaps, srv('_imaps')),
  service(imaps, srv('_imaps.a.example', 0x0c)),
  service(sip, uri('sip:')),
  service({ ...sip, scheme: 'https' }, uri('https:a.example')),
  service({ ...sip, scheme: 'https' }, uri('https://a.example\0.b.example/')),
);
