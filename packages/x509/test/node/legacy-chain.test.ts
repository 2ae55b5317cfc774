import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import * as tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import { encodePem, makeTestPki, parseCertificate, TrustAnchors } from '../../src/index.ts';
import { legacyCertificateChain } from '../../src/node/index.ts';
import { authority, issue, nowMs, provider } from '../authority.ts';
import { expectSameObject, options } from './compare.ts';

/** `getPeerCertificate(true)` of a connection of Node, level by level. */
async function fromNode(
  chain: readonly Uint8Array[],
  key: string,
  roots: readonly Uint8Array[],
): Promise<unknown> {
  const pem = (ders: readonly Uint8Array[]): string =>
    ders.map((der) => encodePem('CERTIFICATE', der)).join('');
  const server = tls.createServer({ cert: pem(chain), key }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = tls.connect({
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    ca: roots.length === 0 ? pem([issue('nobody').certificate]) : pem(roots),
    rejectUnauthorized: false,
  });
  await once(socket, 'secureConnect');
  const object = socket.getPeerCertificate(true);
  socket.destroy();
  server.close();
  return object;
}

async function expectSameChain(
  chain: readonly Uint8Array[],
  key: { exportPkcs8(): Uint8Array },
  roots: readonly Uint8Array[],
): Promise<number> {
  let theirs = (await fromNode(
    chain,
    encodePem('PRIVATE KEY', key.exportPkcs8()),
    roots,
  )) as tls.DetailedPeerCertificate;
  const [first, ...others] = chain.map((der) => parseCertificate(der));
  let ours = legacyCertificateChain([first!, ...others], {
    ...options,
    anchors: new TrustAnchors(roots),
    timeMs: nowMs,
  });
  for (let depth = 1; ; depth++) {
    const [{ issuerCertificate: above, ...own }, { issuerCertificate: theirsAbove, ...other }] = [
      ours,
      theirs,
    ];
    expectSameObject(own, other);
    expect(above === ours).toBe(theirsAbove === theirs);
    expect(above === undefined).toBe(theirsAbove === undefined);
    expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    if (above === undefined || above === ours) return depth;
    [ours, theirs] = [above, theirsAbove];
  }
}

describe('as getPeerCertificate(true) of node:tls', () => {
  const pki = makeTestPki({ provider, nowMs });
  const { chain, key } = pki.server;
  const root = pki.root.certificate;
  test.each([
    ['the root is known', chain, [root], 3],
    ['the root is sent too', [...chain, root], [root], 3],
    ['in order', [...chain, root], [], 3],
    ['in another order', [chain[0]!, root, chain[1]!], [], 2],
    ['in another order, and the root is known', [chain[0]!, root, chain[1]!], [root], 3],
    ['nothing is known', chain, [], 2],
    ['the leaf alone, and its issuers are known', [chain[0]!], [root, chain[1]!], 3],
    ['the leaf alone', [chain[0]!], [root], 1],
  ] as const)('%s', async (_name, sent, roots, depth) => {
    expect(await expectSameChain(sent, key, roots)).toBe(depth);
  });

  test('a self-signed certificate that may not sign others has no issuer', async () => {
    const alone = issue('alone', { dnsNames: ['localhost'], keyUsage: ['digitalSignature'] });
    expect(await expectSameChain([alone.certificate], alone.key, [])).toBe(1);
    const free = issue('free', { dnsNames: ['localhost'], keyUsage: [] });
    expect(await expectSameChain([free.certificate], free.key, [])).toBe(1);
  });

  test('anchors that have issued each other end the chain', () => {
    const one = authority('one');
    const other = authority('other', { issuer: one });
    const back = authority('one', { issuer: other, key: one.key });
    const leaf = issue('leaf', { issuer: other });
    const anchors = new TrustAnchors([other.certificate, back.certificate]);
    let object = legacyCertificateChain([parseCertificate(leaf.certificate)], {
      ...options,
      anchors,
      timeMs: nowMs,
    });
    let depth = 1;
    for (; object.issuerCertificate !== undefined && object.issuerCertificate !== object; depth++)
      object = object.issuerCertificate;
    expect(depth).toBe(3);
  });
});
