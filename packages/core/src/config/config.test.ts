import { describe, expect, it } from 'vitest';
import { p256Credential } from '../../test/harness/fixtures.ts';
import { misuse } from '../../test/harness/misuse.ts';
import { testProvider } from '../../test/harness/node-provider.ts';
import {
  ApiMisuseError,
  clientConfig,
  createClient,
  createServer,
  serverConfig,
  type ClientConfig,
  type ClientOptions,
  type ServerOptions,
} from '../index.ts';
import { baseOf } from './base-of.ts';
import { withSessions } from './client.ts';
import { namedGroups } from '../registry/groups.ts';
import { signatureSchemes } from '../registry/signature-schemes.ts';
import { suites12 } from '../registry/suites12.ts';
import { suites13 } from '../registry/suites13.ts';
import { SessionTable, tls12 } from '../tls12.ts';
import * as newest from '../tls13.ts';

const provider = testProvider;
const { tls13 } = newest;
const _spoken = ({ versions }: Pick<ClientConfig, 'versions'>) => versions.flatMap((each) => each.versions);

/** Options that could never work, for either side. */
const psk = { identity: new Uint8Array(1), key: new Uint8Array(16) };

const shared: readonly (readonly [string, Partial<ClientOptions & ServerOptions>])[] = [
  ['options need a provider, for example that of @sealwire/crypto-node', { provider: undefined as never }],
  ['options need a provider, for example that of @sealwire/crypto-node', { provider: {} as never }],
  ['options need at least one TLS version module', { versions: [] }],
  [
    'cipher suite 0x1304 is not supported by the versions and provider given',
    { cipherSuites: [suites13.TLS_AES_128_CCM_SHA256] },
  ],
  [
    'cipher suite 0xc02f is not supported by the versions and provider given',
    { cipherSuites: [0xc02f as never], versions: [tls13] },
  ],
  [
    'cipher suite 0x2b is not supported by the versions and provider given',
    { cipherSuites: [suites12.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, 0x002b as never] },
  ],
  [
    'cipherSuites holds numbers of the registry, such as suites13.TLS_AES_128_GCM_SHA256, got "TLS_AES_128_GCM_SHA256"',
    { cipherSuites: ['TLS_AES_128_GCM_SHA256' as never] },
  ],
  [
    'groups holds numbers of the registry, such as namedGroups.x25519, got "x25519"',
    { groups: ['x25519' as never] },
  ],
  ['cipherSuites must name at least one suite', { cipherSuites: [] }],
  [
    'group 0x18 is not supported by the versions given and the provider core tests',
    { groups: [namedGroups.secp384r1] },
  ],
  ['groups must name at least one group', { groups: [] }],
  ['signatureSchemes must name at least one scheme that can sign a handshake', { signatureSchemes: [] }],
  [
    'signatureSchemes must name at least one scheme that can sign a handshake',
    { signatureSchemes: [signatureSchemes.rsa_pkcs1_sha256], versions: [tls13] },
  ],
  ['a credential needs at least its own certificate', { credentials: [{ ...p256Credential, chain: [] }] }],
  [
    'a credential needs at least one signature scheme',
    { credentials: [{ ...p256Credential, signatureSchemes: [] }] },
  ],
  [
    "signature scheme 0x807 does not fit a credential's ec key",
    { credentials: [{ ...p256Credential, signatureSchemes: [signatureSchemes.ed25519] }] },
  ],
  ['an ALPN protocol name has 1 to 255 bytes, got ""', { alpnProtocols: ['h2', ''] }],
  ['an ALPN protocol name has 1 to 255 bytes, got "', { alpnProtocols: ['x'.repeat(256)] }],
  ['an ALPN protocol name has 1 to 255 bytes, got "€"', { alpnProtocols: ['€'] }],
  [
    'cipherSuites must be an array, got "TLS_AES_128_GCM_SHA256"',
    { cipherSuites: 'TLS_AES_128_GCM_SHA256' as never },
  ],
  ['groups must be an array, got 29', { groups: 29 as never }],
  ['alpnProtocols must be an array, got "h2"', { alpnProtocols: 'h2' as never }],
  ['credentials must be an array, got an object', { credentials: p256Credential as never }],
  ['versions must be version modules, for example tls13, got "TLSv1.3"', { versions: ['TLSv1.3' as never] }],
  ['limits.keyUpdates must be an integer of at least 0, got "1"', { limits: { keyUpdates: '1' as never } }],
  ['recordSizeLimit must be an integer from 64 to 16385, got 63', { recordSizeLimit: 63 }],
  ['recordSizeLimit must be an integer from 64 to 16385, got 16386', { recordSizeLimit: 16_386 }],
  ['recordSizeLimit must be an integer from 64 to 16385, got 64.5', { recordSizeLimit: 64.5 }],
  [
    'recordPadding.toMultipleOf must be an integer from 1 to 16384, got 1.5',
    { recordPadding: { toMultipleOf: 1.5 } },
  ],
  ['recordPadding must be', { recordPadding: null as never }],
  ['recordPadding must be', { recordPadding: 'all' as never }],
  ['pskModes expects psk_ke (0) and psk_dhe_ke (1), got 0x2', { pskModes: [2 as never] }],
  ['an external PSK needs an identity', { externalPsks: [{ ...psk, identity: new Uint8Array(0) }] }],
  ['an external PSK needs an identity', { externalPsks: [{ ...psk, identity: new Uint8Array(65_536) }] }],
  ['an external PSK needs an identity', { externalPsks: [{ ...psk, identity: 'x' as never }] }],
  ['an external PSK needs an identity', { externalPsks: [null as never] }],
  ['an external PSK needs a key', { externalPsks: [{ ...psk, key: new Uint8Array(15) }] }],
  ['an external PSK needs a key', { externalPsks: [{ ...psk, key: 'x'.repeat(16) as never }] }],
  ['the hash of an external PSK is sha256 or sha384', { externalPsks: [{ ...psk, hash: 'sha1' as never }] }],
  ['sessionContext must be a Uint8Array of up to 255 bytes', { sessionContext: 'x' as never }],
  ['sessionContext must be a Uint8Array of up to 255 bytes', { sessionContext: new Uint8Array(256) }],
  ['certificateCompression must be { accept?, send? }', { certificateCompression: [1] as never }],
  ['certificateCompression must be { accept?, send? }', { certificateCompression: null as never }],
  ['certificateCompression must be { accept?, send? }', { certificateCompression: 1 as never }],
];

const ofClients: readonly (readonly [string, Partial<ClientOptions>])[] = [
  [
    'versions must be version modules with a client, for example tls13',
    { versions: [tls13, ...serverConfig({ provider }).versions] },
  ],
  [
    'key share 0x17 is of a group that is not in groups',
    { groups: [namedGroups.x25519], keyShares: [namedGroups.secp256r1] },
  ],
  ['expected a DNS name in ASCII (A-labels), got "bücher.example"', { serverName: 'bücher.example' }],
  ['expected a DNS name in ASCII (A-labels), got ""', { sni: '' }],
  ['expected a server name as a string, got 42', { serverName: 42 as never }],
  ['expected a DNS name in ASCII (A-labels), got "', { sni: 'x'.repeat(254) }],
  [
    'allowInsecureRenegotiation needs requireSecureRenegotiation: false',
    { allowInsecureRenegotiation: true },
  ],
  ['ech must be what clientEch or greaseEch makes, got true', { ech: true as never }],
  ['sessions expects what the output session gave out', { sessions: [null as never] }],
  [
    'sessions expects what the output session gave out',
    { sessions: [{ ticket: new Uint8Array(1) } as never] },
  ],
];

const ofServers: readonly (readonly [string, Partial<ServerOptions>])[] = [
  [
    'versions must be version modules with a server, for example tls13',
    { versions: clientConfig({ provider, serverName: 'localhost' }).versions },
  ],
  [
    'clientAuthentication must be one of none, request, require, got "required"',
    { clientAuthentication: 'required' as never },
  ],
  [
    'clientAuthentication must be one of none, request, require, got true',
    { clientAuthentication: true as never },
  ],
  [
    'cipherSuitePreference must be one of server, client, got "ours"',
    { cipherSuitePreference: 'ours' as never },
  ],
  ['retryCookie must be a Uint8Array of 1 to 65535 bytes', { retryCookie: new Uint8Array(0) }],
  ['retryCookie must be a Uint8Array of 1 to 65535 bytes', { retryCookie: new Uint8Array(65_536) }],
  ['retryCookie must be a Uint8Array of 1 to 65535 bytes', { retryCookie: 'x' as never }],
  ['tickets must be an object of options or false, got true', { tickets: true as never }],
  ['tickets must be an object of options or false, got null', { tickets: null as never }],
  ['tickets.count must be an integer from 0 to 16, got 17', { tickets: { count: 17 } }],
  ['tickets.count must be an integer from 0 to 16, got -1', { tickets: { count: -1 } }],
  [
    'tickets.countWhenResumed must be an integer from 0 to 16, got 0.5',
    { tickets: { countWhenResumed: 0.5 } },
  ],
  [
    'tickets.lifetimeSeconds must be an integer from 1 to 604800, got 604801',
    { tickets: { lifetimeSeconds: 604_801 } },
  ],
  ['tickets.maxSessionAgeSeconds must be an integer from 1 to', { tickets: { maxSessionAgeSeconds: 0 } }],
  ['tickets.keeper must have sealTicket and openTicket', { tickets: { keeper: {} as never } }],
  [
    'tickets.keeper must have sealTicket and openTicket',
    { tickets: { keeper: { sealTicket: () => ({}) } as never } },
  ],
  ['tickets.keeper must have sealTicket and openTicket', { tickets: { keeper: keeping('sealTicket') } }],
  ['tickets.keeper must have sealTicket and openTicket', { tickets: { keeper: keeping('useTicket') } }],
  [
    'tickets.applicationData must be a Uint8Array of up to 65535 bytes',
    { tickets: { applicationData: 'x' as never } },
  ],
  [
    'tickets.applicationData must be a Uint8Array of up to 65535 bytes',
    { tickets: { applicationData: new Uint8Array(65_536) } },
  ],
  ['sessionIds must be { store?, lifetimeSeconds? }, got null', { sessionIds: null as never }],
  ['sessionIds.store must have lookupSession and storeSession', { sessionIds: { store: {} as never } }],
  [
    'sessionIds.store must have lookupSession and storeSession',
    { sessionIds: { store: { lookupSession: () => ({}) } as never } },
  ],
  [
    'sessionIds.lifetimeSeconds must be an integer from 1 to 604800, got 0',
    { sessionIds: { lifetimeSeconds: 0, store: new SessionTable() } },
  ],
  ['sessionIds needs a store, for example a SessionTable, or answers', { sessionIds: {} }],
  [
    'sessionIds needs a store, for example a SessionTable, or answers',
    { sessionIds: {}, answers: { lookupSession: () => undefined } },
  ],
  ['earlyData must be { maxBytes, … }, got 5', { earlyData: 5 as never }],
  ['earlyData must be { maxBytes, … }, got null', { earlyData: null as never }],
  ['earlyData.maxBytes must be an integer from 1 to 4294967295, got 0', { earlyData: { maxBytes: 0 } }],
  [
    'earlyData.windowMs must be an integer from 1 to 604800000, got 0',
    { earlyData: { maxBytes: 1, windowMs: 0 } },
  ],
  ['earlyData.guard must have acceptEarlyData', { earlyData: { maxBytes: 1, guard: {} as never } }],
  ['acceptEch must be what serverEch or backendEch makes, got true', { acceptEch: true as never }],
];

/** A keeper of tickets, one part of which is no function. */
function keeping(wrong: 'sealTicket' | 'useTicket'): never {
  return { sealTicket: () => ({}), openTicket: () => ({}), [wrong]: 1 } as never;
}

describe('options that could never work', () => {
  it.each([...shared, ...ofClients])('of a client: %s', (message, options) => {
    expect(() => clientConfig({ provider, ...options })).toThrow(misuse(message));
    expect(() => createClient({ provider, ...options })).toThrow(misuse(message));
  });

  it.each([...shared, ...ofServers])('of a server: %s', (message, options) => {
    expect(() => serverConfig({ provider, ...options })).toThrow(misuse(message));
  });
});

describe('options that pass for a configuration', () => {
  it.each([
    ['with a role', () => createClient({ provider, role: 'client' } as never), 'clientConfig'],
    ['of a server', () => createClient(serverConfig({ provider }) as never), 'clientConfig'],
    ['of a server, with a role', () => createServer({ provider, role: 'server' } as never), 'serverConfig'],
    ['of a client', () => createServer(clientConfig({ provider }) as never), 'serverConfig'],
  ])('are refused: %s', (_what, create, maker) => {
    expect(create).toThrow(misuse(`expected options without role, or what ${maker} made`));
  });

  it('are taken when they are one', () => {
    expect(createClient(clientConfig({ provider })).facts.role).toBe('client');
    expect(createServer(serverConfig({ provider })).facts.role).toBe('server');
  });
});

describe('options that do not exist', () => {
  it.each([
    ['clientAuthentification', 'clientAuthentication'],
    ['recordSizelimit', 'recordSizeLimit'],
    ['credential', 'credentials'],
    ['alpn', undefined],
  ])('are refused by name: %s', (name, meant) => {
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    const options = { provider, [name]: undefined } as ServerOptions;
    for (const make of [serverConfig, createServer]) {
      expect(() => make(options)).toThrow(new ApiMisuseError(`${name} is no server option${hint}`));
    }
  });

  it('are those of the other side as well', () => {
    expect(() => clientConfig({ provider, retryCookie: new Uint8Array(1) } as ClientOptions)).toThrow(
      'retryCookie is no client option',
    );
  });

  it.each([[undefined], [null], [7], ['provider'], [[]]])('or are no object at all: %j', (options) => {
    for (const make of [clientConfig, createClient, serverConfig, createServer]) {
      expect(() => make(options as never)).toThrow(ApiMisuseError);
    }
  });
});

describe('signature schemes of older handshakes', () => {
  const { rsa_pkcs1_sha256, ecdsa_sha1, dsa_sha1 } = signatureSchemes;
  it.each([[rsa_pkcs1_sha256], [ecdsa_sha1]])('suffice where such a version is spoken: 0x%i', (scheme) => {
    const signatureSchemes = [scheme];
    for (const versions of [[tls12], [tls13, tls12]]) {
      expect(clientConfig({ provider, versions, signatureSchemes }).signatureSchemes).toEqual([scheme]);
    }
    expect(() => clientConfig({ provider, signatureSchemes, versions: [tls13] })).toThrow(ApiMisuseError);
  });

  it('are those that we know', () => {
    expect(() => clientConfig({ provider, versions: [tls12], signatureSchemes: [dsa_sha1] })).toThrow(
      'at least one scheme that can sign a handshake',
    );
  });
});

describe('a configuration with other sessions', () => {
  const base = clientConfig({ provider, versions: [tls13], serverName: 'a.test' });
  const session = { ticket: new Uint8Array(1), secret: new Uint8Array(32) } as never;

  it('is the same but for them, and what was made of the first serves it', () => {
    const derived = withSessions(base, [session], true);
    expect(derived).toEqual({ ...base, sessions: [session], sendEarlyData: true });
    expect(Object.isFrozen(derived)).toBe(true);
    expect([baseOf(base), baseOf(derived), baseOf(withSessions(derived, []))]).toEqual([base, base, base]);
    expect(baseOf(derived)).toBe(base);
  });

  it('is another once somebody has copied it', () => {
    const copy = Object.freeze({ ...withSessions(base, [session]), trace: true });
    expect(baseOf(copy)).toBe(copy);
  });
});

it('keeps external PSKs as they were checked, whatever becomes of the arrays', () => {
  const own = { ...psk, identity: psk.identity.slice(), key: psk.key.slice() };
  const { externalPsks } = serverConfig({ provider, externalPsks: [own] });
  own.identity.fill(1);
  own.key.fill(1);
  expect(externalPsks).toMatchObject([{ identity: psk.identity, key: psk.key }]);
});
