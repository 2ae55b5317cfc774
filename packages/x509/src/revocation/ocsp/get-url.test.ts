import { describe, expect, test } from 'vitest';
import { ocspGetUrl } from './get-url.ts';

describe('the address of a request (RFC 6960 appendix A.1, RFC 9919 §6)', () => {
  // In base64: +/+/+A==
  const request = Uint8Array.of(0xfb, 0xff, 0xbf, 0xf8);
  test.each([
    ['http://ocsp.example', 'http://ocsp.example/'],
    ['http://ocsp.example/', 'http://ocsp.example/'],
    ['https://ocsp.example:8080/a/b//', 'https://ocsp.example:8080/a/b/'],
    ['HTTP://[::1]', 'HTTP://[::1]/'],
  ])('%s', (responder, start) => {
    expect(ocspGetUrl(responder, request)).toBe(`${start}%2B%2F%2B%2F%2BA%3D%3D`);
  });
  test.each([
    'ldap://ocsp.example',
    'ocsp.example',
    'http://',
    'http:///',
    'http://ocsp.example/?a=b',
    'http://ocsp.example/#a',
    'http://ocsp.example/a b',
    'http://ocsp.example/\n',
    'http://bücher.example/',
  ])('%j is nothing to add to', (responder) => expect(ocspGetUrl(responder, request)).toBeUndefined());
  test('255 characters are the most', () => {
    const responder = 'http://ocsp.example';
    // Three octets without anything to escape are four characters.
    const fits = new Uint8Array((((255 - responder.length - 1) / 4) | 0) * 3);
    const url = ocspGetUrl(responder, fits)!;
    expect(ocspGetUrl(responder, new Uint8Array(fits.length + 3))).toBeUndefined();
    const longest =
      responder + '/a'.repeat(Math.floor((255 - url.length) / 2)) + 'a'.repeat((255 - url.length) % 2);
    expect(ocspGetUrl(longest, fits)).toHaveLength(255);
    expect(ocspGetUrl(`${longest}a`, fits)).toBeUndefined();
  });
});
