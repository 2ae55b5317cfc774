import { X509Certificate as NodeCertificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Piece, certificate, commonName, extension, extensions, oid, sequence, tlv } from '../der.ts';
import { expectSame, pair } from './compare.ts';
import { oddCertificate } from './odd-certificates.ts';

const isFull = process.env['SEALWIRE_PROFILE'] === 'full';

describe('odd certificates are shown as Node shows them', () => {
  test('generated', () => {
    let compared = 0;
    fc.assert(
      fc.property(oddCertificate, (der) => {
        compared++;
        expectSame(der);
      }),
      { numRuns: isFull ? 100_000 : 400, seed: 5 },
    );
    expect(compared).toBeGreaterThan(0);
  });

  const edi = (...contents: Piece[]) => tlv(0xa5, ...contents);
  const party = (tag: number, ...octets: number[]) => tlv(0xa1, tlv(tag, octets));
  const [x400, stranger] = ['X400Name:<unsupported>', 'EdiPartyName:<unsupported>'];
  test.each<[string, Uint8Array, string | null]>([
    ['UTF8String', edi(party(0x0c, 0x61)), stranger],
    ['octets that are no UTF-8', edi(party(0x0c, 0xff)), stranger],
    ['an empty PrintableString', edi(party(0x13)), stranger],
    ['TeletexString', edi(party(0x14, 0x61)), stranger],
    ['BMPString', edi(party(0x1e, 0, 0x61)), stranger],
    ['UniversalString', edi(party(0x1c, 0, 0, 0, 0x61)), stranger],
    ['whoever assigned it', edi(tlv(0xa0, tlv(0x0c, [0x61])), party(0x0c, 0x61)), stranger],
    ['half a character', edi(party(0x1e, 0x61)), null],
    ['IA5String', edi(party(0x16, 0x61)), null],
    ['no string', edi(party(0x02, 1)), null],
    ['two strings', edi(tlv(0xa1, tlv(0x0c, [0x61]), tlv(0x0c, [0x61]))), null],
    ['implicit', edi(tlv(0x81, [0x61])), null],
    ['no party', edi(tlv(0xa0, tlv(0x0c, [0x61]))), null],
    ['nothing', edi(), null],
    ['another order', edi(party(0x0c, 0x61), tlv(0xa0, tlv(0x0c, [0x61]))), null],
    ['something behind', edi(party(0x0c, 0x61), [5, 0]), null],
    ['no constructed element', tlv(0x85, [0x61]), null],
    ['an address', tlv(0xa3, sequence(tlv(0x61, tlv(0x13, [0x43, 0x48])))), x400],
    ['anything as an address', tlv(0xa3, [0x30, 5, 0]), x400],
    ['an address that is not constructed', tlv(0x83, [0x61]), null],
  ])('EDI party names and X.400 addresses: %s', (_, name, shown) => {
    const names = sequence(tlv(0x82, [0x61]), name, tlv(0x82, [0x62]));
    const der = certificate({ afterSpki: extensions(extension('2.5.29.17', names)) });
    expectSame(der);
    const { ours, theirs } = pair(der);
    expect(ours.subjectAltName).toBe(shown === null ? null : `DNS:a, ${shown}, DNS:b`);
    for (const host of ['b', 'c']) expect(ours.checkHost(host)).toBe(theirs.checkHost(host));
    expect(ours.checkIP('1.2.3.4')).toBe(theirs.checkIP('1.2.3.4'));
  });

  test('each object identifier that OpenSSL names', async () => {
    const { objectNamesTable } = await import('../../src/node/object-names-table.ts');
    const ids = objectNamesTable
      .trim()
      .split('\n')
      .flatMap((line) => {
        const [parent, items] = line.split(': ');
        return items!.split(';').map((item) => `${parent}.${/^\d+/.exec(item)![0]}`);
      })
      // Arcs of more than 21 bits are beyond the writer of these tests.
      .filter((id) => id.split('.').every((arc) => Number(arc) < 2 ** 21) && id.includes('.'));
    expect(ids.length).toBeGreaterThan(1_000);
    for (const id of ids) {
      const type = sequence(tlv(0x31, sequence(oid(id), tlv(0x0c, [0x61]))));
      const der = certificate({ subject: type, issuer: commonName('x') });
      expect(new NodeCertificate(der).subject).toBeDefined();
      expectSame(der);
    }
  });
});
