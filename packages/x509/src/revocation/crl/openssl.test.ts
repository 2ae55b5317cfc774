import { describe, expect, it } from 'vitest';
import { authority, issue, nowMs } from '../../../test/authority.ts';
import { commonName, ecdsaWithSha256, sequence, tlv, utcTime } from '../../../test/der.ts';
import { crlOf, dayMs, entryOf, hourMs, serialOf, verdict, world } from '../../../test/revocation.ts';
import { type RevocationOptions, makeCrl, parseCertificate } from '../../index.ts';
import { provider } from '../../../test/authority.ts';

/** CRLs by the rules of OpenSSL, one thing wrong with each; that OpenSSL says the same is in `test/openssl-crl.test.ts`. */

const plain = world();
const { root, middle, leaf } = plain;
const endEntity = { rules: 'openssl', certificates: 'endEntity' } as const;
const judged = (crl: Uint8Array, options: RevocationOptions = {}, of = plain) =>
  verdict(of, [crl], { ...endEntity, ...options });
const authorityKey = (...fields: Uint8Array[]) => ({
  extensions: [{ id: '2.5.29.35', value: sequence(...fields) }],
});
const directory = (name: string) => tlv(0xa4, commonName(name));

/** A CRL of `middle`, rightly signed, with nothing in it but these. */
function bare(...times: Uint8Array[]): Uint8Array {
  const name = parseCertificate(middle.certificate).subject.der;
  const tbs = sequence(tlv(2, [1]), ecdsaWithSha256, name, ...times);
  const signature = middle.key.sign({ type: 'ecdsa', hash: 'sha256' }, tbs);
  return sequence(tbs, ecdsaWithSha256, tlv(3, [0], signature));
}

const [past, future] = [utcTime('260101000000Z'), utcTime('270101000000Z')];

describe('a CRL', () => {
  it('need not say whose key has signed it', () => {
    expect(judged(crlOf(middle))).toBe('ok');
    expect(judged(bare(past, future))).toBe('ok');
    expect(judged(crlOf(middle, authorityKey()))).toBe('ok');
  });

  it('is of another if it names another key, another number, or another issuer', () => {
    const named = (issuer: Uint8Array[], serial: Uint8Array) =>
      judged(crlOf(middle, authorityKey(tlv(0xa1, ...issuer), tlv(0x82, serial))));
    expect(named([directory('root')], serialOf(middle))).toBe('ok');
    const none = 'UNABLE_TO_GET_CRL (unavailable) at 0';
    expect(named([directory('root')], serialOf(leaf))).toBe(none);
    expect(named([directory('other')], serialOf(middle))).toBe(none);
    // The first directory name counts, whatever stands before it.
    expect(named([tlv(0x82, [0x61]), directory('other')], serialOf(middle))).toBe(none);
    expect(judged(crlOf(middle, authorityKey(tlv(0x80, [1, 2, 3]))))).toBe(none);
  });

  it('may be signed by an older key of the same name further up, and by nobody else up there', () => {
    const renewed = authority('middle', { issuer: middle });
    const of = {
      ...plain,
      middle: renewed,
      leaf: issue('leaf', { issuer: renewed, dnsNames: ['a.example'] }),
    };
    const sent = [middle];
    expect(verdict(of, [crlOf(middle)], { ...endEntity, sent })).toBe('ok');
    const ofRoot = { certificate: middle.certificate, key: root.key };
    const { subjectKeyIdentifier } = parseCertificate(root.certificate);
    const byRoot = crlOf(ofRoot, authorityKey(tlv(0x80, subjectKeyIdentifier!)));
    expect(verdict(of, [byRoot], { ...endEntity, sent })).toBe('UNABLE_TO_GET_CRL (unavailable) at 0');
  });

  it('is signed with a key that may', () => {
    const of = world({}, { keyUsage: ['keyCertSign'] });
    expect(judged(crlOf(of.middle), {}, of)).toMatch(/^KEYUSAGE_NO_CRL_SIGN /);
    const forged = crlOf({ ...middle, key: root.key });
    expect(judged(forged)).toMatch(/^CRL_SIGNATURE_FAILURE /);
  });

  it('has times that can be read, and holds until nextUpdate, if it has one', () => {
    const open = makeCrl({ provider, issuer: middle, thisUpdateMs: nowMs - 400 * dayMs });
    expect(judged(open)).toBe('ok');
    expect(judged(bare(past, utcTime('271301000000Z')))).toMatch(/^ERROR_IN_CRL_NEXT_UPDATE_FIELD /);
    expect(judged(bare(utcTime('261301000000Z'), future))).toMatch(/^ERROR_IN_CRL_LAST_UPDATE_FIELD /);
    const until = (offsetMs: number) => crlOf(middle, { nextUpdateMs: nowMs + offsetMs });
    expect(judged(until(1_000))).toBe('ok');
    expect(judged(until(0))).toMatch(/^CRL_HAS_EXPIRED /);
    expect(judged(crlOf(middle, { thisUpdateMs: nowMs }))).toBe('ok');
    expect(judged(crlOf(middle, { thisUpdateMs: nowMs + 1_000 }))).toMatch(/^CRL_NOT_YET_VALID /);
  });

  it('counts where the certificate’s point has no name, or names its issuer', () => {
    const uris = ['http://crl.example/1'];
    const at = (...crlDistributionPoints: object[]) => ({
      ...plain,
      leaf: issue('leaf', { issuer: middle, dnsNames: ['a.example'], crlDistributionPoints }),
    });
    const scoped = crlOf(middle, { issuingDistributionPoint: { uris } });
    expect(judged(scoped, {}, at({ crlIssuer: [{ CN: 'middle' }] }))).toBe('ok');
    expect(judged(scoped, {}, at({ uris }))).toBe('ok');
    expect(judged(scoped, {}, at({ uris: ['http://crl.example/2'] }))).toMatch(/^DIFFERENT_CRL_SCOPE /);
    expect(judged(scoped, {}, at({ crlIssuer: [{ CN: 'other' }] }))).toMatch(/^DIFFERENT_CRL_SCOPE /);
  });
});

it('with soft failure nothing counts but that somebody is revoked', () => {
  const soft = { failure: 'soft' } as const;
  const ended = { thisUpdateMs: nowMs - 2 * hourMs, nextUpdateMs: nowMs - hourMs };
  expect(judged(crlOf(middle, ended), soft)).toBe('ok');
  expect(judged(crlOf(middle, ended))).toMatch(/^CRL_HAS_EXPIRED /);
  const revoked = { revoked: [entryOf(leaf)] };
  expect(judged(crlOf(middle, { ...ended, ...revoked }), soft)).toBe('CERT_REVOKED (revoked) at 0');
  // The first problem is told, or the last as `node:tls` does.
  expect(judged(crlOf(middle, { ...ended, ...revoked }))).toMatch(/^CRL_HAS_EXPIRED /);
  expect(judged(crlOf(middle, { ...ended, ...revoked }), { rules: 'node' })).toMatch(/^CERT_REVOKED /);
});
