import { expect, test } from 'vitest';
import { authority } from '../../../test/authority.ts';
import { tlv } from '../../../test/der.ts';
import { type GeneralName, parseCertificate } from '../../index.ts';
import { isSameName } from './scope.ts';

const nameOf = (commonName: string) => parseCertificate(authority(commonName).certificate).subject;
const other = (form: 'otherName' | 'x400Address' | 'ediPartyName', ...value: number[]): GeneralName => ({
  type: 'other',
  form,
  value: tlv(5, value),
});

/** Names of distribution points: each is the same as itself alone. */
const names: readonly GeneralName[] = [
  { type: 'uri', value: 'http://crl.example/1' },
  { type: 'uri', value: 'http://crl.example/2' },
  { type: 'dns', value: 'a.example' },
  { type: 'dns', value: 'b.example' },
  { type: 'email', value: 'a.example' },
  { type: 'ip', value: Uint8Array.of(127, 0, 0, 1) },
  { type: 'ip', value: Uint8Array.of(127, 0, 0, 2) },
  { type: 'directory', value: nameOf('one') },
  { type: 'directory', value: nameOf('two') },
  other('otherName', 1),
  other('otherName', 2),
  other('x400Address', 1),
  other('ediPartyName', 1),
];

test('names of distribution points are the same if form and value are', () => {
  for (const [i, one] of names.entries())
    for (const [j, two] of names.entries()) expect([i, j, isSameName(one, two)]).toEqual([i, j, i === j]);
  expect(isSameName({ type: 'dns', value: 'A.example' }, { type: 'dns', value: 'a.EXAMPLE' })).toBe(true);
  expect(isSameName({ type: 'directory', value: nameOf('one') }, names[7]!)).toBe(true);
});
