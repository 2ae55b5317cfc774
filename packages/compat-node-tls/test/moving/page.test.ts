import { constants, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Server as NetServer, Socket } from 'node:net';
import builtin from 'node:tls';
import { fileURLToPath } from 'node:url';
import { verifyCodes } from '@sealwire/x509';
import ours from '@sealwire/compat-node-tls';
import { describe, expect, it } from 'vitest';
import { certificateObject } from '../../src/certificates/objects.ts';
import type { ContextState } from '../../src/context/state.ts';
import { sslReasons } from '../../src/errors/ssl-reasons.ts';
import { boxes } from '../parity/boxes/index.ts';
import { parityPki } from '../parity/pki.ts';
import { beyondMembers } from './beyond.ts';
import * as errors from './errors.ts';
import * as exported from './exports.ts';
import * as options from './options.ts';
import { chapters, generated } from './page.ts';
import { bareName, namesOf, type Row } from './rows.ts';
import * as server from './server.ts';
import * as socket from './socket.ts';
import * as switches from './switches.ts';

const page = new URL('../../../../docs/moving-from-node-tls.md', import.meta.url);
const begin = '<!-- Written by pnpm docs:update. -->';
const end = '<!-- End. -->';

/** The sources of this package, and of what it takes from x509. */
const files = ['../../src/', '../../../x509/src/node/'].flatMap((folder) => {
  const place = new URL(folder, import.meta.url);
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => [name, readFileSync(new URL(name, place), 'utf8')] as const);
});
const sources = files.map(([, text]) => text).join('\n');
/** Without the table that says how errors are made. */
const throwing = files.filter(([name]) => !name.endsWith('node-codes.ts'));

it('shows on the page what the table says', async () => {
  const text = readFileSync(page, 'utf8');
  const [before, after] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  expect(before).toBeGreaterThan(begin.length);
  await expect(`${text.slice(0, before)}\n\n${generated()}\n\n${text.slice(after)}`).toMatchFileSnapshot(
    fileURLToPath(page),
  );
});

it('names nothing twice', () => {
  for (const [title, rows] of chapters) {
    const names = rows.map(({ name }) => name);
    expect(new Set(names).size, title).toBe(names.length);
  }
});

// What the table says exists exists on the package as it is built, and what the running Node has, and the package, is in the table.

type Members = Record<string, unknown>;
const present = (rows: readonly Row[]): string[] =>
  namesOf(rows.filter(({ status }) => status === 'same' || !('absent' in status)));
const absent = (rows: readonly Row[]): string[] =>
  namesOf(rows.filter(({ status }) => status !== 'same' && 'absent' in status));
const ownNames = (value: object): string[] =>
  Object.getOwnPropertyNames(value).filter((name) => name !== 'constructor' && !beyond.has(name));
/** What is not of Node's API at all. */
const beyond = new Set(['sealwire']);

describe('the table of exports', () => {
  const { functions, classes, constants: values, modules } = exported;
  const all = [...functions, ...classes, ...values, ...modules];

  it('has nothing that is not there', () => {
    const members = ours as unknown as Members;
    for (const name of namesOf(functions)) expect(typeof members[name], name).toBe('function');
    for (const name of namesOf(classes)) expect(typeof members[name], name).toBe('function');
    for (const name of namesOf(values))
      expect(['string', 'number', 'object'], name).toContain(typeof members[name]);
    for (const name of namesOf(modules)) expect(typeof members[name], name).toBe('object');
  });

  it.each([
    ['Node', builtin as unknown as object],
    ['ours', ours as object],
  ])('has all of %s', (_, subject) => {
    expect(namesOf(all)).toEqual(expect.arrayContaining(ownNames(subject)));
  });
});

describe.each([
  ['TLSSocket', socket.socketMethods, [...socket.socketOfNet, ...socket.socketProperties], Socket],
  ['Server', server.serverMethods, server.serverOfNet, NetServer],
] as const)('the table of methods of %s', (name, methods, others, Parent) => {
  const inherited = new Set(Object.getOwnPropertyNames(Parent.prototype));

  it('has nothing that is not there', () => {
    const { prototype } = ours[name];
    for (const each of present(methods))
      expect(typeof (prototype as unknown as Members)[each], each).toBe('function');
    for (const each of absent(methods)) expect(prototype, each).not.toHaveProperty(each);
  });

  it.each([
    ['Node', builtin[name].prototype],
    ['ours', ours[name].prototype],
  ])('has all of %s', (_, prototype) => {
    const own = ownNames(prototype as object).filter(
      (each) => !inherited.has(each) && !streamMethods.has(each),
    );
    expect(namesOf([...methods, ...others])).toEqual(expect.arrayContaining(own));
  });
});

/** What every stream has that does its own writing. */
const streamMethods = new Set(['_write', '_writev', '_final', '_read', '_destroy']);

describe('the table of properties', () => {
  it.each([
    [
      'TLSSocket',
      () => new ours.TLSSocket() as object,
      () => new builtin.TLSSocket(null as never),
      () => new Socket(),
    ],
    ['Server', () => new ours.Server() as object, () => new builtin.Server(), () => new NetServer()],
  ] as const)('of %s has what there is', (name, own, nodes, parents) => {
    const rows: readonly Row[] = name === 'Server' ? server.serverProperties : socket.socketProperties;
    const parent = parents();
    const more = (subject: object): string[] => ownNames(subject).filter((each) => !(each in parent));
    expect(namesOf(rows), 'of Node').toEqual(expect.arrayContaining(more(nodes())));
    expect(namesOf(rows), 'of ours').toEqual(expect.arrayContaining(more(own())));
    const made = own();
    // Only where the option is given, or the running Node has it.
    const sometimes = new Set([
      'npnProtocol',
      'ALPNProtocols',
      'certificateCompression',
      'sessionTimeout',
      'ticketKeys',
    ]);
    for (const each of present(rows)) if (!sometimes.has(each)) expect(each in made, each).toBe(true);
  });

  it('has what comes from net', () => {
    const made = { socket: new ours.TLSSocket() as object, server: new ours.Server() as object };
    for (const name of namesOf(socket.socketOfNet)) {
      // There when they were used.
      if (!['autoSelectFamilyAttemptedAddresses', 'timeout'].includes(name))
        expect(name in made.socket, name).toBe(true);
    }
    for (const name of namesOf(server.serverOfNet)) {
      if (name !== 'maxConnections') expect(name in made.server, name).toBe(true);
    }
  });

  it('of pairs has what there is', () => {
    const pair = ours.createSecurePair() as unknown as Members & { destroy(): void };
    for (const name of namesOf(socket.pairMembers.filter((each) => !each.name.endsWith('(event)'))))
      expect(name in pair, name).toBe(true);
    pair.destroy();
  });
});

describe('the table of options', () => {
  /** The options that a function reads. */
  const read = (call: (given: object) => unknown): string[] => {
    const names = new Set<string>();
    const given = new Proxy({}, { get: (_, name) => void (typeof name === 'string' && names.add(name)) });
    call(given);
    return [...names];
  };
  const names = {
    createSecureContext: namesOf(options.contextOptions),
    createServer: namesOf([...options.contextOptions, ...options.serverOptions]),
  };

  it.each(['createSecureContext', 'createServer'] as const)('has all that %s reads', (name) => {
    expect(names[name], 'of Node').toEqual(
      expect.arrayContaining(read((given) => builtin[name](given)).filter(isOption)),
    );
    expect(names[name], 'of ours').toEqual(
      expect.arrayContaining(read((given) => ours[name](given)).filter(isOption)),
    );
  });

  it('has no option of a context that nobody reads', () => {
    const asked = new Set(read((given) => ours.createSecureContext(given)));
    // Where the running Node has none, it is not asked for.
    const sometimes = new Set(['certificateCompression', 'passphrase', 'privateKeyIdentifier', 'singleUse']);
    for (const name of names.createSecureContext)
      if (!sometimes.has(name)) expect(asked, name).toContain(name);
  });

  it('has no other option that nobody reads', () => {
    const ofNet = new Set([
      'blockList',
      'hints',
      'family',
      'localAddress',
      'localPort',
      'lookup',
      'autoSelectFamily',
      'autoSelectFamilyAttemptTimeout',
    ]);
    const rows = [...options.connectOptions, ...options.serverOptions, ...options.socketOptions];
    for (const name of namesOf(rows))
      if (!ofNet.has(name)) expect(sources, name).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it('has every bit', () => {
    const bits = Object.keys(constants).filter((name) => name.startsWith('SSL_OP_'));
    expect(generated()).toSatisfy((text: string) => bits.every((bit) => text.includes(`\`${bit}\``)));
  });
});

/** `tls.connect` of newer Nodes says by an option of its own that a context is for one connection. */
const isOption = (name: string): boolean => name !== 'singleUse' && !beyond.has(name);

describe('the table of events', () => {
  const emitted = [...server.serverEvents, ...socket.socketEvents].map(({ name }) => name);

  // The first is emitted by net.Server; of the second pair one is chosen, and emitted by what it is called.
  it.each(emitted.filter((name) => name !== 'connection'))('has %s, which is emitted', (name) => {
    const isChosen = name === 'tlsClientError' || name === 'clientError';
    expect(sources).toMatch(
      isChosen ? /'tlsClientError' : 'clientError'/ : new RegExp(`emit\\(\\s*'${name}'`),
    );
  });
});

it('has the fields of certificates that are shown, and no other', () => {
  const { rsa, server: own } = parityPki();
  const seen = new Set(['infoAccess', 'issuerCertificate']);
  for (const { cert } of [rsa, own]) {
    const certificate = new X509Certificate(cert);
    const state = ours.createSecureContext().context as unknown as { readonly state: ContextState };
    for (const name of Object.keys(certificateObject([certificate.raw], state.state, true) ?? {}))
      seen.add(name);
    for (const name of Object.keys(certificate.toLegacyObject())) seen.add(name);
  }
  expect([...seen].sort()).toEqual(present(socket.certificateFields).sort());
});

describe('the tables of errors', () => {
  const rows = [...errors.nodeErrors, ...errors.sharedErrors];

  it.each(rows.filter(({ never }) => !never).map((row) => [row.code, row] as const))(
    '%s is thrown',
    (code, { by }) => {
      const made = by ?? `'${code}'`;
      expect(throwing.filter(([, text]) => text.includes(made)).map(([file]) => file)).not.toEqual([]);
    },
  );

  it.each(rows.filter(({ never }) => never).map(({ code }) => code))('%s is never thrown', (code) => {
    expect(sources).not.toContain(code);
  });

  it('has every code of the package', () => {
    const thrown = [
      ...sources.matchAll(/(?:codedError|nodeError|nativeError)\(\s*'((?:ERR_|ECONN)\w+)'/g),
    ].map(([, code]) => code!);
    expect(thrown.length).toBeGreaterThan(20);
    const known = new Set(rows.map(({ code }) => code));
    expect(thrown.filter((code) => !known.has(code))).toEqual([]);
  });

  it('has reasons that OpenSSL has', () => {
    const reasons = new Set(
      Object.keys(sslReasons).map((reason) => `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`),
    );
    const codes = errors.handshakeErrors.flatMap(({ server: ofServer, client }) => [ofServer, client]);
    for (const code of codes) expect(reasons, code).toContain(code);
  });

  it('has the codes of certificates that there are', () => {
    const nodes = errors.certificateErrors.map(({ code }) => code);
    expect(nodes).toHaveLength(28);
    for (const { code, never } of errors.certificateErrors) {
      if (!never) expect(Object.keys(verifyCodes), code).toContain(code);
    }
  });
});

it('has nothing documented that no scenario plays', () => {
  const pieces = Object.values(boxes).flatMap((each) =>
    each.flatMap(({ piece }) => piece.match(/[-\w.]+/g) ?? []),
  );
  const played = new Set(pieces);
  const { functions, constants: values } = exported;
  const { contextOptions, connectOptions, serverOptions, socketOptions } = options;
  const { serverEvents, serverMethods } = server;
  const { socketEvents, socketMethods } = socket;
  const rows = [functions, values, contextOptions, connectOptions, serverOptions, socketOptions, serverEvents]
    .concat([serverMethods, socketEvents, socketMethods] as never)
    .flat() as readonly Row[];
  // Handed on to net; the last is in every scenario.
  const ofNet = new Set(['autoSelectFamilyAttemptTimeout', 'blockList', 'isServer']);
  const documented = namesOf(rows.filter(({ since, name }) => since !== undefined && !ofNet.has(name)));
  expect(documented.length).toBeGreaterThan(90);
  expect(documented.filter((name) => !played.has(name))).toEqual([]);
});

it('has what sockets have beyond Node', () => {
  const socketOf = new ours.TLSSocket() as unknown as { readonly sealwire: object };
  const { sealwire } = socketOf;
  const names = new Set([...ownNames(Object.getPrototypeOf(sealwire) as object), ...Object.keys(sealwire)]);
  for (const name of namesOf(beyondMembers)) expect(names, name).toContain(name);
});

it('has switches and variables that are read', () => {
  for (const { name } of switches.commandLine) {
    // Node itself makes the list of suites of it, in `crypto.constants.defaultCipherList`.
    if (name.startsWith('--tls-cipher-list')) expect(sources).toContain('defaultCipherList');
    else expect(sources, name).toContain(`'${bareName(name).slice(2)}'`);
  }
  for (const { name } of switches.environment) {
    // Node itself reads it for util.debuglog.
    if (name === 'NODE_DEBUG=tls') expect(sources).toContain("debuglog('tls'");
    else expect(sources, name).toContain(`'${name}'`);
  }
});
