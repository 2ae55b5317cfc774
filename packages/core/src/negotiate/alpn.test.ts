import { expect, it } from 'vitest';
import { selectAlpn } from './alpn.ts';

it('RFC 7301 §3.2: takes the most wanted of ours that the client offers', () => {
  expect(selectAlpn(['h2', 'http/1.1'], ['http/1.1', 'h2'])).toEqual({ kind: 'selected', protocol: 'h2' });
  expect(selectAlpn(['h2', 'http/1.1'], ['x', 'http/1.1'])).toEqual({
    kind: 'selected',
    protocol: 'http/1.1',
  });
});

it('RFC 7301 §3.2: is no success without overlap, and compares bytes', () => {
  expect(selectAlpn(['h2'], ['H2', 'h3'])).toEqual({ kind: 'noOverlap' });
});

it('is not used where either side has no list', () => {
  expect(selectAlpn([], ['h2'])).toEqual({ kind: 'none' });
  expect(selectAlpn(['h2'], undefined)).toEqual({ kind: 'none' });
});
