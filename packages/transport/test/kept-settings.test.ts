import { namedGroups, tls13, type Session } from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { encodePem, makeTestPki, TrustAnchors } from '@sealwire/x509';
import { describe, expect, it } from 'vitest';
import { clientSettings, type TlsClientOptions } from '../src/index.ts';
import { keptSettings } from '../src/kept-settings.ts';

const defaults = { provider: nodeProvider };
const root = makeTestPki({ provider: nodeProvider, nowMs: Date.now() }).root.certificate;
const roots = encodePem('CERTIFICATE', root);
const usual = { roots, serverName: 'localhost' };
const configOf = (options: TlsClientOptions) => clientSettings(options, defaults).config;

const session = { ticket: new Uint8Array(1), secret: new Uint8Array(32) } as Partial<Session> as Session;

describe('the same options, for one connection after the other', () => {
  it('are checked once', () => {
    expect(configOf({ ...usual })).toBe(configOf({ ...usual }));
    const lists = () => ({ ...usual, versions: [tls13], groups: [namedGroups.x25519] });
    expect(configOf(lists())).toBe(configOf(lists()));
    const anchors = new TrustAnchors([root]);
    expect(configOf({ ...usual, roots: anchors })).toBe(configOf({ ...usual, roots: anchors }));
  });

  it('but for what is of one connection', () => {
    const onSession = () => {};
    const bare = clientSettings(usual, defaults);
    const resuming = clientSettings({ ...usual, sessions: [session], onSession }, defaults);
    expect(resuming.config).toEqual({ ...bare.config, sessions: [session] });
    expect(resuming.onSession).toBe(onSession);
    expect(clientSettings(usual, defaults).onSession).toBe(undefined);
    expect(configOf(usual)).toMatchObject({ sessions: [], sendEarlyData: false });
    expect(configOf({ ...usual, sendEarlyData: new Uint8Array(1) })).toMatchObject({ sendEarlyData: true });
    const wrong = [
      { ...usual, sessions: [{}] },
      { ...usual, sendEarlyData: 'text' },
    ];
    for (const options of wrong)
      expect(() => configOf(options as unknown as TlsClientOptions)).toThrow(/expects|must be/);
  });
});

describe('other options', () => {
  it('are others where a list was and is none any more, or is a list now', () => {
    const named = { ...usual, alpnProtocols: ['h2'] };
    const config = configOf(named);
    expect(configOf({ ...usual, alpnProtocols: undefined as never })).not.toBe(config);
    expect(configOf({ ...usual, roots: [roots] })).not.toBe(configOf({ ...usual, roots }));
    expect(configOf(named)).toBe(config);
  });

  it('are others, in whatever they differ', () => {
    const others: TlsClientOptions[] = [
      { ...usual, serverName: 'other.example' },
      { ...usual, versions: [tls13] },
      { ...usual, groups: [namedGroups.x25519] },
      { ...usual, groups: [namedGroups.x25519, namedGroups.secp256r1] },
      { ...usual, groups: [namedGroups.secp256r1, namedGroups.x25519] },
      { ...usual, keyShares: [namedGroups.x25519] },
      { ...usual, provider: { ...nodeProvider } },
    ];
    const configs = [usual, ...others].map(configOf);
    expect(new Set(configs).size).toBe(configs.length);
    expect(clientSettings(usual, { provider: { ...nodeProvider } }).config).not.toBe(configOf(usual));
  });

  it('are not made of what a property says when it is read again', () => {
    const make = ({ roots }: { readonly roots: string }) => ({ trusted: roots });
    let reads = 0;
    const wavering = {
      get roots(): string {
        return reads++ === 0 ? 'a' : 'b';
      },
    };
    const by = [make];
    expect(keptSettings(wavering, by, make)).toEqual({ trusted: 'a' });
    expect(keptSettings({ roots: 'a' }, by, make)).toEqual({ trusted: 'a' });
  });

  it('are those of a list that was changed', () => {
    const groups = [namedGroups.x25519];
    expect(configOf({ ...usual, groups }).groups).toEqual([namedGroups.x25519]);
    groups.push(namedGroups.secp256r1);
    expect(configOf({ ...usual, groups }).groups).toEqual([namedGroups.x25519, namedGroups.secp256r1]);
  });

  it('are checked each time where they can change unseen, or hold a key', () => {
    const externalPsks = [{ identity: Uint8Array.of(1), key: new Uint8Array(32).fill(1) }];
    expect(configOf({ ...usual, externalPsks })).not.toBe(configOf({ ...usual, externalPsks }));
    const limits = { offeredPsks: 2 };
    expect(configOf({ ...usual, limits }).limits.offeredPsks).toBe(2);
    limits.offeredPsks = 1;
    expect(configOf({ ...usual, limits }).limits.offeredPsks).toBe(1);
    const sessionContext = new Uint8Array(1);
    expect(configOf({ ...usual, sessionContext })).not.toBe(configOf({ ...usual, sessionContext }));
    const { server } = makeTestPki({ provider: nodeProvider, nowMs: Date.now() });
    const certificate = encodePem('CERTIFICATE', server.chain[0]!);
    const own = { ...usual, certificate, privateKey: encodePem('PRIVATE KEY', server.key.exportPkcs8()) };
    expect(configOf(own)).not.toBe(configOf(own));
  });

  it('are refused each time', () => {
    for (let i = 0; i < 2; i++) {
      expect(() => configOf({ ...usual, groups: [] })).toThrow();
      expect(() => configOf({ serverName: 'localhost' })).toThrow();
    }
  });
});
