import type { AddressInfo } from 'node:net';
import * as tls from 'node:tls';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type CrlContents,
  type Issued,
  type NodeTlsError,
  encodePem,
  makeCrl,
  nodeTlsError,
  nodeTlsPolicy,
  verifyChain,
} from '../src/index.ts';
import { type Contents, authority, issue, newKey, provider } from './authority.ts';
import { dayMs, entryOf } from './revocation.ts';

/**
 * The same chain and CRLs, decided by `verifyChain` with `nodeTlsPolicy` and the rules `node`, and by a handshake of
 * `node:tls` with its option `crl`: the code and OpenSSL's sentence are the same. `node:tls` has the clock of the machine, so these are
 * of today.
 */
const nowMs = Date.now();
const times: Contents = { notBeforeMs: nowMs - dayMs, notAfterMs: nowMs + dayMs };
const past: Contents = { notBeforeMs: nowMs - 3 * dayMs, notAfterMs: nowMs - dayMs };
const root = authority('root', times);
const middle = authority('middle', { issuer: root, ...times });
const stranger = newKey();

interface Chain {
  readonly leaf: Issued;
  readonly sent: readonly Issued[];
  readonly roots: readonly Issued[];
}

const leafOf = (contents: Contents = {}) =>
  issue('leaf', { issuer: middle, dnsNames: ['localhost'], ...times, ...contents });
const usual: Chain = { leaf: leafOf(), sent: [middle], roots: [root] };
const narrow = authority('narrow', {
  issuer: root,
  ...times,
  nameConstraints: { excluded: { dnsNames: ['localhost'] } },
});

const chains: Readonly<Record<string, Chain>> = {
  good: usual,
  'expired end entity': { ...usual, leaf: leafOf(past) },
  'end entity for clients': { ...usual, leaf: leafOf({ extendedKeyUsage: ['clientAuth'] }) },
  'forged end entity': {
    ...usual,
    leaf: leafOf({ issuer: { certificate: middle.certificate, key: stranger } }),
  },
  'without its intermediate': { ...usual, sent: [] },
  'of an unknown root': { ...usual, roots: [authority('else', times)] },
  'of an unknown root that is sent': { ...usual, sent: [middle, root], roots: [authority('else', times)] },
  'self-signed and unknown': {
    leaf: issue('alone', { dnsNames: ['localhost'], ...times }),
    sent: [],
    roots: [root],
  },
  'with an excluded name': { leaf: leafOf({ issuer: narrow }), sent: [narrow], roots: [root] },
};

const crlOf = (issuer: Issued, contents: Partial<CrlContents> = {}): Uint8Array =>
  makeCrl({
    provider,
    issuer,
    thisUpdateMs: nowMs - 60_000,
    nextUpdateMs: nowMs + dayMs,
    ...contents,
  });
const expired = { thisUpdateMs: nowMs - 3 * dayMs, nextUpdateMs: nowMs - dayMs };
const forged = { certificate: middle.certificate, key: stranger };

/** CRLs beside one of the root; `undefined` is no option at all. */
const lists: Readonly<Record<string, (leaf: Issued) => readonly Uint8Array[] | undefined>> = {
  'no option': () => undefined,
  good: () => [crlOf(middle), crlOf(narrow), crlOf(root)],
  revoked: (leaf) => [crlOf(middle, { revoked: [entryOf(leaf)] }), crlOf(root)],
  'revoked intermediate': () => [crlOf(middle), crlOf(root, { revoked: [entryOf(middle)] })],
  'no CRL of the issuer': () => [crlOf(root)],
  'no CRL of the root': () => [crlOf(middle)],
  expired: () => [crlOf(middle, expired), crlOf(root)],
  'expired and revoked': (leaf) => [crlOf(middle, { ...expired, revoked: [entryOf(leaf)] }), crlOf(root)],
  'not yet valid': () => [
    crlOf(middle, { thisUpdateMs: nowMs + dayMs, nextUpdateMs: nowMs + 2 * dayMs }),
    crlOf(root),
  ],
  forged: () => [crlOf(middle, { issuer: forged }), crlOf(root)],
  'forged and revoked': (leaf) => [crlOf(middle, { issuer: forged, revoked: [entryOf(leaf)] }), crlOf(root)],
  'for CAs alone': () => [
    crlOf(middle, { issuingDistributionPoint: { onlyContains: 'caCerts' } }),
    crlOf(root),
  ],
  'of somebody else': () => [crlOf(authority('else', times)), crlOf(root)],
  'two, of which the newer one is good': (leaf) => [
    crlOf(middle, { thisUpdateMs: nowMs - 120_000, revoked: [entryOf(leaf)] }),
    crlOf(middle),
    crlOf(root),
  ],
  'a time that is none': () => [withoutZone(crlOf(middle)), crlOf(root)],
  'with a critical extension': () => [
    crlOf(middle, { extensions: [{ id: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) }] }),
    crlOf(root),
  ],
};

/** Its thisUpdate ends in another letter than Z. */
function withoutZone(crl: Uint8Array): Uint8Array {
  const at = crl.findIndex((tag, i) => tag === 0x17 && crl[i + 1] === 13);
  return crl.map((octet, i) => (i === at + 14 ? 0x5b : octet));
}

const pem = (issued: Issued): string => encodePem('CERTIFICATE', issued.certificate);
const hinted = new Set(['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'DEPTH_ZERO_SELF_SIGNED_CERT']);
const servers = new Map<Chain, Promise<tls.Server>>();

describe.each(Object.entries(chains))('%s', (_, chain) => {
  test.each(Object.entries(lists))('CRLs: %s', async (__, listsOf) => {
    const crls = listsOf(chain.leaf);
    expect(asNodePrints(ours(chain, crls))).toEqual(await theirs(chain, crls));
  });
});

/** From 24 on Node adds something of its own to two of OpenSSL's sentences (24.21.0, 26.10.0). */
function asNodePrints(said: 'ok' | NodeTlsError): 'ok' | NodeTlsError {
  const isHinted = Number(process.versions.node.split('.')[0]) >= 24;
  if (said === 'ok' || !isHinted || !hinted.has(said.code)) return said;
  const hint = 'if the root CA is installed locally, try running Node.js with --use-system-ca';
  return { ...said, message: `${said.message}; ${hint}` };
}

test('what comes of it is not always the same', () => {
  const said = (name: string) => ours(usual, lists[name]!(usual.leaf));
  expect(said('good')).toBe('ok');
  expect(said('revoked')).toEqual({ code: 'CERT_REVOKED', message: 'certificate revoked' });
  expect(said('no CRL of the issuer')).toEqual({
    code: 'UNABLE_TO_GET_CRL',
    message: 'unable to get certificate CRL',
  });
  expect(said('expired')).toEqual({ code: 'CRL_HAS_EXPIRED', message: 'CRL has expired' });
  expect(said('forged')).toEqual({ code: 'CRL_SIGNATURE_FAILURE', message: 'CRL signature failure' });
});

afterAll(async () => {
  for (const server of await Promise.all(servers.values())) server.close();
});

function ours(chain: Chain, crls: readonly Uint8Array[] | undefined): 'ok' | NodeTlsError {
  const outcome = verifyChain({
    provider,
    chain: [chain.leaf, ...chain.sent].map(({ certificate }) => certificate),
    roots: chain.roots.map(({ certificate }) => certificate),
    timeMs: nowMs,
    ...(crls === undefined ? {} : { revocation: { crls, rules: 'node' } }),
    policy: nodeTlsPolicy(),
  });
  return outcome.ok ? 'ok' : nodeTlsError(outcome);
}

async function theirs(chain: Chain, crls: readonly Uint8Array[] | undefined): Promise<'ok' | NodeTlsError> {
  const server = await serverOf(chain);
  const { port } = server.address() as AddressInfo;
  const socket = tls.connect({
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: chain.roots.map(pem),
    ...(crls === undefined ? {} : { crl: crls.map((der) => encodePem('X509 CRL', der)) }),
  });
  const result = await new Promise<'ok' | NodeTlsError>((resolve) => {
    socket.on('secureConnect', () => resolve('ok'));
    socket.on('error', ({ code = '', message }: NodeJS.ErrnoException) => resolve({ code, message }));
  });
  socket.destroy();
  return result;
}

function serverOf(chain: Chain): Promise<tls.Server> {
  const known = servers.get(chain);
  if (known !== undefined) return known;
  const listening = new Promise<tls.Server>((resolve) => {
    const key = encodePem('PRIVATE KEY', chain.leaf.key.exportPkcs8());
    const cert = [chain.leaf, ...chain.sent].map(pem).join('');
    const server: tls.Server = tls.createServer({ key, cert }, (socket) => socket.end());
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
  servers.set(chain, listening);
  return listening;
}
