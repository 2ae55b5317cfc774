import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { inspect } from 'node:util';
import { nodeProvider } from '@sealwire/crypto-node';
import { makeTestPki, type VerifyCode } from '@sealwire/x509';
import { expect, it } from 'vitest';
import { portrait } from '../../test/errors/reference.ts';
import { verifyError } from './verify-error.ts';

const nowMs = Date.now();
const dayMs = 86_400_000;

/** Chain that is sent, authorities that are trusted (default: those of Node), and what is wrong with it. */
const chains = (moment: number) => {
  const { root, intermediate, server } = makeTestPki({ provider: nodeProvider, nowMs: moment });
  const leaf = server.certificate;
  return {
    key: server.key.exportPkcs8!(),
    leaf: [leaf],
    withoutRoot: [leaf, intermediate.certificate],
    whole: [leaf, intermediate.certificate, root.certificate],
    root: [root.certificate],
    intermediate: [intermediate.certificate],
  };
};
const good = chains(nowMs);
const old = chains(nowMs - 200 * dayMs);
const early = chains(nowMs + 200 * dayMs);

const cases: readonly (readonly [VerifyCode, Uint8Array, Uint8Array[], Uint8Array[]?])[] = [
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', good.key, good.leaf],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', good.key, good.withoutRoot],
  ['SELF_SIGNED_CERT_IN_CHAIN', good.key, good.whole],
  ['UNABLE_TO_GET_ISSUER_CERT', good.key, good.leaf, good.intermediate],
  ['CERT_HAS_EXPIRED', old.key, old.withoutRoot, old.root],
  ['CERT_NOT_YET_VALID', early.key, early.withoutRoot, early.root],
];

it.each(cases.map((one) => [one[0], one] as const))(
  '%s is told as Node does',
  async (code, [, key, chain, ca]) => {
    const server = tls.createServer({
      key: pem('PRIVATE KEY', key),
      cert: chain.map((one) => pem('CERTIFICATE', one)).join(''),
    });
    server.on('tlsClientError', () => {});
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const trusted = ca === undefined ? {} : { ca: ca.map((one) => pem('CERTIFICATE', one)) };
    const client = tls.connect({ port, host: '127.0.0.1', ...trusted });
    const theirs = await once(client, 'secureConnect').catch((error: unknown) => error);
    server.close();
    const ours = verifyError({ code, message: '' });
    expect(portrait(ours, inspect)).toEqual(portrait(theirs, inspect));
  },
);

it('gives the advice that each Node gives', () => {
  const advised = (code: VerifyCode, major: number, usesSystemCa: boolean) =>
    verifyError({ code, message: '' }, { major, usesSystemCa }).message.endsWith('--use-system-ca');
  // Measured with Node 22.23.3, 24.21.0 and 26.10.0, the last two with and without --use-system-ca, on 22 November 2026.
  expect(advised('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 22, false)).toBe(false);
  for (const major of [24, 26]) {
    expect(advised('UNABLE_TO_VERIFY_LEAF_SIGNATURE', major, true)).toBe(true);
    expect(advised('DEPTH_ZERO_SELF_SIGNED_CERT', major, true)).toBe(true);
    expect(advised('UNABLE_TO_GET_ISSUER_CERT', major, false)).toBe(true);
    expect(advised('UNABLE_TO_GET_ISSUER_CERT', major, true)).toBe(false);
    expect(advised('SELF_SIGNED_CERT_IN_CHAIN', major, false)).toBe(false);
  }
});

it('has one code for what Node does not document', () => {
  expect(verifyError({ code: 'KEYUSAGE_NO_CERTSIGN', message: '' })).toMatchObject({
    code: 'UNSPECIFIED',
    message: 'key usage does not include certificate signing',
  });
});

function pem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString('base64')
    .match(/.{1,64}/g)!;
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
