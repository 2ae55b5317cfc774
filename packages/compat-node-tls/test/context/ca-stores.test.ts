import builtin from 'node:tls';
import { describe, expect, it } from 'vitest';
import ours from '../../src/index.ts';
import { key, outcome, stores } from './store-calls.ts';
import { ecdsa, middle, root } from './material.ts';

/** The lists of authorities, beside those of a Node that has them; on older Nodes, what those of Node 24 say. */

const hasStores = 'setDefaultCACertificates' in builtin;
if (!hasStores) console.log('the lists of authorities are not compared: this Node has none');
const broken = (body: string): string => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;

const lists: readonly unknown[] = [
  undefined,
  null,
  5,
  'x',
  {},
  [5],
  [null],
  [new ArrayBuffer(3)],
  ['x'],
  [''],
  [key],
  [broken('!!!!')],
  [broken('AAAA')],
  [broken('')],
  [root.cert, 'x'],
  [root.cert, broken('AAAA')],
  [root.cert.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE')],
  [root.cert.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
  [root.cert, root.cert],
  [root.cert + middle.cert, ecdsa.cert],
  [Buffer.from(root.cert), new DataView(Uint8Array.from(Buffer.from(middle.cert)).buffer)],
  [],
];

describe.runIf(hasStores)('as the builtin, on a Node that has stores', () => {
  it.each(lists.map((list, row) => [row, list] as const))('setDefaultCACertificates, row %i', (_, list) => {
    expect(stores(ours as never).set(list)).toEqual(stores(builtin as never).set(list));
  });

  it.each([['x'], [5], [null], ['']])('getCACertificates(%j)', (type) => {
    const get = (tls: unknown) => outcome(() => stores(tls as never).get(type));
    expect(get(ours)).toEqual(get(builtin));
  });

  it('reads the same certificates of the system', () => {
    expect(
      stores(ours as never)
        .get('system')
        .toSorted(),
    ).toEqual(
      stores(builtin as never)
        .get('system')
        .toSorted(),
    );
  });
});

it('keeps each list until it changes', () => {
  const { get, set } = stores(ours as never);
  for (const type of ['default', 'bundled', 'system', 'extra']) {
    expect(get(type)).toBe(get(type));
    expect(Object.isFrozen(get(type))).toBe(true);
  }
  expect(get('bundled')).toBe(ours['rootCertificates']);
  const before = get('default');
  expect(set([root.cert])).toMatchObject({ accepted: true, list: [root.cert] });
  expect(get('default')).not.toBe(before);
  expect(get('default')).toBe(get('default'));
});

it('changes nothing where one certificate is broken', () => {
  const { get, set } = stores(ours as never);
  set([root.cert]);
  const before = get('default');
  expect(set([middle.cert, broken('AAAA')])).toMatchObject({
    code: 'ERR_OSSL_PEM_ASN1_LIB',
    message: 'error:0488000D:PEM routines::ASN1 lib',
  });
  expect(get('default')).toBe(before);
});

it('does not let rootCertificates be written to', () => {
  expect(() => {
    (ours as unknown as Record<string, unknown>)['rootCertificates'] = 0;
  }).toThrow(TypeError);
});
