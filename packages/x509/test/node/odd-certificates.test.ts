import { X509Certificate as NodeCertificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commonName, oid, certificate, sequence, tlv } from '../der.ts';
import { expectSame } from './compare.ts';
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
      { numRuns: isFull ? 100_000 : 2_000, seed: 5 },
    );
    expect(compared).toBeGreaterThan(0);
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
