import { clientConfig, createClient, createServer, serverConfig, type Output } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, makeTestPki, TrustAnchors } from '@sealwire/x509';
import { expect, it } from 'vitest';
import { clientSettingsBy, serverSettingsBy, tell } from '../src/settings.ts';

/** Whom a transport trusts: nobody by an omission, and one answer alone. */

const certificate = makeTestPki({ provider, nowMs: Date.now() }).root.certificate;
const roots = encodePem('CERTIFICATE', certificate);
const spki = new Uint8Array(91);
const verifyPeer = () => ({ ok: true, publicKey: spki }) as const;
const anchors = new TrustAnchors([certificate]);
const defaults = { provider, roots: () => anchors };
const client = (options: object, more: object = defaults) =>
  clientSettingsBy({ clientConfig, createClient }, options as never, more as never);
const server = (options: object) =>
  serverSettingsBy({ serverConfig, createServer }, options as never, { provider });

it.each([
  { roots, verify: false },
  { roots, decide: { verifyPeer } },
  { rawPublicKeys: [spki], verify: false },
  { rawPublicKeys: [spki], decide: { verifyPeer } },
  { verify: false, decide: { verifyPeer } },
])('two who judge peers exclude each other: %#', (options) => {
  const message = 'roots or rawPublicKeys, decide.verifyPeer and verify: false exclude each other';
  expect(() => client({ serverName: 'localhost', ...options })).toThrow(message);
  expect(() => server({ clientAuthentication: 'require', ...options })).toThrow(message);
});

it.each([true, null, 0, 'false'])('verify is false or nothing, not %s', (verify) => {
  expect(() => client({ serverName: 'localhost', verify })).toThrow('verify can only be false');
});

it('who says nothing of trust has the transport’s list, or is refused', () => {
  expect(() => client({ serverName: 'localhost' })).not.toThrow();
  expect(() => client({}, defaults)).toThrow('expected serverName');
  expect(() => client({ serverName: 'localhost' }, { provider })).toThrow(
    'nothing says which peers to trust',
  );
  const rawOnly = { serverName: 'localhost', peerCertificateTypes: ['rawPublicKey'] };
  expect(() => client(rawOnly)).toThrow('nothing says which peers to trust');
});

it('a server without a certificate needs somebody who finds one, or keys', () => {
  expect(() => server({})).toThrow('a server needs a certificate');
  for (const found of ['chooseConfig', 'selectCertificate', 'lookupPsk'])
    expect(() => server({ decide: { [found]: () => ({ ok: false }) } })).not.toThrow();
});

it('tells of each thing the one who wants to hear of it', () => {
  const heard: unknown[] = [];
  const hear = (name: string) => (what: unknown) => void heard.push([name, what]);
  const names = ['onSession', 'onSessionInvalid', 'onTrace', 'onKeyLog'] as const;
  const settings = Object.fromEntries(names.map((name) => [name, hear(name)])) as never;
  const id = Uint8Array.of(1);
  const outputs = [
    { type: 'session', session: 's' },
    { type: 'sessionInvalid', sessionId: id, ticket: undefined },
    { type: 'sessionInvalid', sessionId: undefined, ticket: id },
    { type: 'trace', event: 'e' },
    { type: 'keylog', line: 'l' },
  ] as unknown as readonly Extract<Output, { type: 'session' }>[];
  for (const output of outputs) tell(settings, output, undefined);
  expect(heard).toEqual([
    ['onSession', 's'],
    ['onSessionInvalid', { sessionId: id }],
    ['onSessionInvalid', { ticket: id }],
    ['onTrace', 'e'],
    ['onKeyLog', 'l'],
  ]);
});
