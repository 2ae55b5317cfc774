import type { KeyKind, KeySpec } from '@sealwire/core';
import { constants } from 'node:crypto';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { optionsWithoutEffect, secureOptions } from '../../src/openssl/options.ts';
import {
  allowsKey,
  allowsTickets,
  defaultSecurityLevel,
  type SecurityLevel,
} from '../../src/openssl/security.ts';
import { nodeMajor } from '../../src/process/host.ts';
import { ask, builtins } from './builtin.ts';
import { identityOf } from './handshake.ts';

/** What levels forbid beside the lists, and what bits of `secureOptions` do, beside the builtin. */
const levels: readonly SecurityLevel[] = [0, 1, 2, 3, 4, 5];

const keys: readonly (KeySpec & KeyKind)[] = [
  { type: 'rsa', bits: 1_024 },
  { type: 'rsa', bits: 2_048 },
  { type: 'rsa', bits: 3_072 },
  { type: 'ec', curve: 'secp256r1' },
  { type: 'ec', curve: 'secp384r1' },
  { type: 'ec', curve: 'secp521r1' },
  { type: 'ed25519' },
  { type: 'ed448' },
];

describe.each(keys.map((key) => [JSON.stringify(key), key] as const))(
  'an own certificate with %s',
  (_name, spec) => {
    const identity = identityOf(spec);
    it.each([...levels, undefined])('at level %s', (level) => {
      const ciphers = level === undefined ? 'ALL' : `ALL:@SECLEVEL=${level}`;
      const isAllowed = allowsKey(level ?? defaultSecurityLevel(nodeMajor()), spec);
      const load = () => tls.createSecureContext({ ca: [], ...identity, ciphers });
      if (isAllowed) expect(load).not.toThrow();
      else expect(load).toThrow(expect.objectContaining({ code: 'ERR_SSL_EE_KEY_TOO_SMALL' }));
    });
  },
);

describe.each(await builtins())('$name', (builtin) => {
  it('offers tickets up to level 2', async () => {
    const questions = levels
      .slice(0, 5)
      .map((level) => ({ ask: 'hello', options: { ciphers: `ALL:@SECLEVEL=${level}` } }) as const);
    const answers = await ask(builtin, questions);
    expect(answers.map(({ hello }) => hello?.hasTicketExtension === true)).toEqual(
      levels.slice(0, 5).map(allowsTickets),
    );
  });

  it('leaves out what two bits ask for', async () => {
    const options = [0, constants.SSL_OP_NO_TICKET, constants.SSL_OP_NO_ENCRYPT_THEN_MAC, -1 - 0x3c00_0000];
    const answers = await ask(
      builtin,
      options.map((bits) => ({ ask: 'hello', options: { secureOptions: bits } })),
    );
    expect(answers.map(({ hello }) => [hello?.hasTicketExtension, hello?.hasEncryptThenMac])).toEqual(
      options
        .map(secureOptions)
        .map((o) => [o.avoidsTickets ? undefined : true, o.avoidsEncryptThenMac ? undefined : true]),
    );
  });
});

describe('the names of crypto.constants', () => {
  const named = Object.entries(constants).filter(([name]) => name.startsWith('SSL_OP_'));
  const nothing = JSON.stringify(secureOptions(0));

  it.each(named)('%s has an effect, or a reason to have none', (name, bits) => {
    const isWithout = JSON.stringify(secureOptions(bits as number)) === nothing;
    expect(isWithout).toBe(name in optionsWithoutEffect);
  });

  it('are those that are written down', () => {
    expect(named).toHaveLength(23);
    const names = new Set(named.map(([name]) => name));
    expect(Object.keys(optionsWithoutEffect).filter((name) => !names.has(name))).toEqual([]);
  });

  it('each set one thing', () => {
    const effects = named
      .filter(([name]) => !(name in optionsWithoutEffect))
      .map(([, bits]) => JSON.stringify(secureOptions(bits as number)));
    expect(new Set(effects).size).toBe(effects.length);
  });
});

it('counts bits modulo 2³²', () => {
  expect(secureOptions(2 ** 32 + constants.SSL_OP_NO_TICKET).avoidsTickets).toBe(true);
  expect(secureOptions(-1).prefersOwnOrder).toBe(true);
});
