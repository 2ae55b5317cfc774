import { expect, it } from 'vitest';
import {
  ApiMisuseError,
  decodeDelegatedCredential,
  delegatedCredentialContent,
  encodeDelegatedCredential,
} from '../index.ts';
import { signatureSchemes as schemes } from '../registry/signature-schemes.ts';
import { hex } from '../wire/bytes.ts';

const credential = {
  cred: {
    validTimeSeconds: 0x0102_0304,
    dcCertVerifyAlgorithm: schemes.ed25519,
    subjectPublicKeyInfo: Uint8Array.of(0x30, 0),
  },
  algorithm: schemes.ecdsa_secp256r1_sha256,
  signature: Uint8Array.of(9),
};
const bytes = Uint8Array.of(1, 2, 3, 4, 8, 7, 0, 0, 2, 0x30, 0, 4, 3, 0, 1, 9);

it('goes to bytes and back', () => {
  expect(encodeDelegatedCredential(credential)).toEqual(bytes);
  const own = bytes.slice();
  const read = decodeDelegatedCredential(own);
  expect(read).toEqual(credential);
  own.fill(0);
  expect(read).toEqual(credential);
});

it('is nothing where bytes are missing or left over', () => {
  for (let length = 0; length < bytes.length; length++)
    expect(decodeDelegatedCredential(bytes.subarray(0, length))).toBeUndefined();
  expect(decodeDelegatedCredential(Uint8Array.of(...bytes, 0))).toBeUndefined();
});

it('has a form, or the caller is told', () => {
  const wrong = { ...credential, signature: new Uint8Array(0) };
  expect(() => encodeDelegatedCredential(wrong)).toThrow(ApiMisuseError);
  expect(() => encodeDelegatedCredential({} as never)).toThrow(ApiMisuseError);
  expect(() => decodeDelegatedCredential('bytes' as never)).toThrow(ApiMisuseError);
});

it('is signed with its certificate, for one role (RFC 9345 §4)', () => {
  const content = (role: 'client' | 'server') =>
    delegatedCredentialContent(role, Uint8Array.of(0xce), credential.cred, credential.algorithm);
  // "TLS, server delegated credentials", and client.
  const server = '544c532c207365727665722064656c656761746564 2063726564656e7469616c73';
  const client = '544c532c20636c69656e742064656c656761746564 2063726564656e7469616c73';
  const rest = '00 ce 01020304 0807 000002 3000 0403';
  const expected = (context: string) => `${'20'.repeat(64)}${context}${rest}`.replaceAll(' ', '');
  expect(hex(content('server'))).toBe(expected(server));
  expect(hex(content('client'))).toBe(expected(client));
});
