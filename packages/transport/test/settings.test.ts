import {
  ApiMisuseError,
  clientConfig,
  createClient,
  createServer,
  serverConfig,
  type Output,
} from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, makeTestPki, TrustAnchors } from '@sealwire/x509';
import { expect, it } from 'vitest';
import { namedServerSettings } from '../src/index.ts';
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

it('keys that are trusted say which certificates are taken, unless the options say it', () => {
  const named = { serverName: 'localhost', rawPublicKeys: [spki] };
  const types = (more: object) => client({ ...named, ...more }).config as { peerCertificateTypes: unknown };
  expect(types({}).peerCertificateTypes).toEqual(['rawPublicKey']);
  expect(types({ roots }).peerCertificateTypes).toEqual(['rawPublicKey', 'x509']);
  const wanted = ['x509', 'rawPublicKey'];
  expect(types({ roots, peerCertificateTypes: wanted }).peerCertificateTypes).toEqual(wanted);
});

it.each([
  null,
  {},
  { now: Date.now, setTimeout },
  { now: Date.now, clearTimeout },
  { setTimeout, clearTimeout },
  { now: 0, setTimeout, clearTimeout },
])('a clock has three functions: %#', (clock) => {
  const refused = () => client({ serverName: 'localhost', clock });
  expect(refused).toThrow(ApiMisuseError);
  expect(refused).toThrow('clock must have the functions now, setTimeout and clearTimeout');
});

it('a timer counts from 1 to what setTimeout can count', () => {
  for (const name of ['handshakeTimeoutMs', 'idleTimeoutMs']) {
    const of = (ms: unknown) => () => client({ serverName: 'localhost', [name]: ms });
    for (const ms of [1, 2_147_483_647]) expect(of(ms)).not.toThrow();
    for (const ms of [0, -1, 2_147_483_648, Number.NaN, Number.POSITIVE_INFINITY, '5'])
      expect(of(ms)).toThrow(`${name} must be from 1 to 2147483647, got ${String(ms)}`);
  }
});

it('a decision that is left undefined is nobody’s, one that is no function a mistake', () => {
  const decide = (more: object) => () => client({ serverName: 'localhost', decide: more });
  expect(decide({ verifyPeer: undefined, sign: undefined })).not.toThrow();
  expect(decide({ anything: undefined })).not.toThrow();
  expect(decide({ anything: () => 0 })).toThrow('decide: expected');
  expect(decide({ sign: 'yes' })).toThrow('decide.sign must be a function, got string');
});

it('names are an object of DNS names, each of 253 characters at most', () => {
  const named = (names: unknown) => () =>
    namedServerSettings(
      { decide: { selectCertificate: verifyPeer as never }, names: names as never },
      { provider },
    );
  for (const names of [null, 'a.example', 5, () => 0])
    expect(named(names)).toThrow('names must be an object of options by DNS name');
  const long = (length: number) => `${'a.'.repeat(length)}b`.slice(-length);
  const own = { decide: undefined };
  expect(named({ [long(253)]: {} })).not.toThrow();
  for (const name of [long(255), 'A.example', '', 'a..b', '*', 'a.*.b', `${'a'.repeat(64)}.b`])
    expect(named({ [name]: {} })).toThrow('names: expected DNS names in lower case');
  expect(named({ 'a.example': own })).toThrow(ApiMisuseError);
});
