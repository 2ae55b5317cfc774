import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApiMisuseError } from '@sealwire/core';
import { ascii } from '../test/der.ts';
import { thrownCode } from '../test/thrown.ts';
import { X509Error } from './errors.ts';
import { certificatesDer } from './inputs.ts';
import { maxPemCharacters } from './limits.ts';
import { encodePem, parsePem } from './pem.ts';

const block = (label: string, body: string) => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;

describe('what is read', () => {
  test('any bytes, there and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (der) => {
        expect(parsePem(encodePem('CERTIFICATE', der))[0]!.der).toEqual(der);
      }),
    );
  });
  test('several blocks with text around, CRLF, spaces in lines', () => {
    const text =
      `# root bundle\nSubject: somebody\n${block('A', 'AQI=')}between -----BEGIN prose\n${block('B', ' AwQF \n BgcI ')}after`.replaceAll(
        '\n',
        '\r\n',
      );
    expect(parsePem(text).map(({ label, der }) => [label, [...der]])).toEqual([
      ['A', [1, 2]],
      ['B', [3, 4, 5, 6, 7, 8]],
    ]);
    expect(parsePem(ascii(text))).toEqual(parsePem(text));
  });
  test('headers', () => {
    const [one] = parsePem(
      block('RSA PRIVATE KEY', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,\n 0011\n\nAQI='),
    );
    expect([...one!.headers]).toEqual([
      ['Proc-Type', '4,ENCRYPTED'],
      ['DEK-Info', 'AES-128-CBC, 0011'],
    ]);
    expect(one!.der).toEqual(Uint8Array.of(1, 2));
  });
  test('nothing', () => expect(parsePem('no block at all')).toEqual([]));
});

describe('what is refused', () => {
  test.each([
    ['pem.badBase64', block('A', 'AQ=')],
    ['pem.badBase64', block('A', 'AQI')],
    ['pem.badBase64', block('A', 'AQJ=')],
    ['pem.badBase64', block('A', 'AQ=I')],
    ['pem.badBase64', block('A', 'AQ-_')],
    ['pem.badBase64', block('A', 'AQéI')],
    ['pem.badBase64', block('A', '')],
    ['pem.badBase64', block('A', 'A')],
    ['pem.badBase64', block('A', 'Header: x\nAQI=')],
    ['pem.unclosedBlock', '-----BEGIN A-----\nAQI=\n'],
    ['pem.labelMismatch', '-----BEGIN A-----\nAQI=\n-----END B-----\n'],
    ['pem.labelMismatch', '-----BEGIN A-----\nAQI=\n-----BEGIN A-----\nAQI=\n-----END A-----\n'],
    ['pem.badLabel', '-----BEGIN  -----\nAQI=\n'],
    ['pem.badLabel', '-----BEGIN A'],
    ['pem.tooLarge', 'x'.repeat(maxPemCharacters + 1)],
  ])('%s', (code, text) => expect(thrownCode(() => parsePem(text))).toBe(code));

  test('with the place', () => {
    try {
      parsePem(`some text\n${block('A', 'AQ!I')}`);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(X509Error);
      expect(error).toMatchObject({ offset: 30 });
    }
  });
  test('any text: only X509Error', () => {
    const part = fc.constantFrom(
      '-----BEGIN A-----',
      '-----END A-----',
      '\n',
      'AQI=',
      ': ',
      '-----BEGIN ',
      'x',
    );
    fc.assert(fc.property(fc.array(part), (parts) => void thrownCode(() => parsePem(parts.join('')))));
  });
});

describe('certificatesDer', () => {
  test('takes certificate blocks and passes over others', () => {
    const text =
      block('PRIVATE KEY', 'AQI=') + block('CERTIFICATE', 'AwQF') + block('X509 CERTIFICATE', 'BgcI');
    expect(certificatesDer([text, ascii(text)]).map((der) => [...der])).toEqual([
      [3, 4, 5],
      [6, 7, 8],
      [3, 4, 5],
      [6, 7, 8],
    ]);
  });
  test("cuts OpenSSL's trust settings off", () => {
    const trusted = encodePem('TRUSTED CERTIFICATE', Uint8Array.of(0x30, 1, 5, 0x30, 0));
    expect(certificatesDer(trusted)).toEqual([Uint8Array.of(0x30, 1, 5)]);
  });
  test('refuses entries without any', () => {
    expect(thrownCode(() => certificatesDer('nothing'))).toBe('pem.noBlock');
    expect(thrownCode(() => certificatesDer(block('PRIVATE KEY', 'AQI=')))).toBe('pem.noBlock');
    expect(() => certificatesDer('server.pem')).toThrow('(the contents of a file, not its path)');
    const key = block('PRIVATE KEY', 'AQI=');
    expect(() => certificatesDer(key)).toThrow('at least one CERTIFICATE block of PEM, got PRIVATE KEY');
    expect(() => certificatesDer(5 as never)).toThrow(ApiMisuseError);
    expect(() => certificatesDer([5 as never])).toThrow(ApiMisuseError);
    expect(() => parsePem(5 as never)).toThrow(ApiMisuseError);
  });
});
