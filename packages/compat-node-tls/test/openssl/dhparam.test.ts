import { encodePem } from '@sealwire/x509';
import { createDiffieHellman, getDiffieHellman } from 'node:crypto';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { fieldPlan } from '../../src/openssl/dhparam.ts';
import { isRefusal } from '../../src/openssl/refusal.ts';
import { defaultSecurityLevel, type SecurityLevel } from '../../src/openssl/security.ts';
import { nodeMajor } from '../../src/process/host.ts';
import { integer, sequence } from './der.ts';
import { shownError } from './expected.ts';
import { builtinPair, identityOf } from './handshake.ts';

/** The option `dhparam`, beside a server of the builtin. */
const rsa = identityOf({ type: 'rsa', bits: 3_072 });

const prime = (name: string): Buffer => getDiffieHellman(name).getPrime();
const small = createDiffieHellman(768).getPrime();
const almost = createDiffieHellman(1_023).getPrime();
const odd = createDiffieHellman(1_030).getPrime();
/** No group that OpenSSL knows by its prime, for those have the order that goes with it. */
const unknown = Buffer.from(prime('modp14'));
unknown[100] = (unknown[100] as number) ^ 1;

const pkcs3 = (p: Uint8Array, ...more: Uint8Array[]): string =>
  encodePem('DH PARAMETERS', sequence([integer(p), integer(Uint8Array.of(2)), ...more]));
const cases: readonly (readonly [string, string | Uint8Array])[] = [
  ['auto', 'auto'],
  ['auto as bytes', Buffer.from('auto')],
  ['768 bits', pkcs3(small)],
  ['1023 bits', pkcs3(almost)],
  ['1024 bits', pkcs3(prime('modp2'))],
  ['1030 bits', pkcs3(odd)],
  ['1536 bits', pkcs3(prime('modp5'))],
  ['2048 bits', pkcs3(prime('modp14'))],
  ['2048 bits as bytes', Buffer.from(pkcs3(prime('modp14')))],
  ['3072 bits', pkcs3(prime('modp15'))],
  ['an exponent of 256 bits', pkcs3(unknown, integer(Uint8Array.of(1, 0)))],
  ['a known group with an exponent of 160 bits', pkcs3(prime('modp14'), integer(Uint8Array.of(160)))],
  ['an exponent of 225 bits', pkcs3(unknown, integer(Uint8Array.of(225)))],
  ['an exponent of 160 bits', pkcs3(unknown, integer(Uint8Array.of(160)))],
  [
    'X9.42',
    encodePem(
      'X9.42 DH PARAMETERS',
      sequence([integer(prime('modp14')), integer(Uint8Array.of(2)), integer(half(prime('modp14')))]),
    ),
  ],
  ['after a certificate', rsa.cert + pkcs3(prime('modp14'))],
  ['after text', `a group\n${pkcs3(prime('modp14'))}`],
  ['a certificate', rsa.cert],
  ['nothing', ''],
  ['no PEM', 'nonsense'],
  ['no base64', '-----BEGIN DH PARAMETERS-----\n????\n-----END DH PARAMETERS-----\n'],
  ['no DER', encodePem('DH PARAMETERS', Uint8Array.of(1, 2, 3))],
  ['one number', encodePem('DH PARAMETERS', sequence([integer(prime('modp14'))]))],
  ['a truncated number', encodePem('DH PARAMETERS', sequence([integer(prime('modp14'))]).subarray(0, 100))],
  ['DER', Buffer.from(sequence([integer(prime('modp14')), integer(Uint8Array.of(2))]))],
];
const levels = [undefined, 0, 1, 2, 3] as const;

describe.each(cases)('%s', (_name, dhparam) => {
  it.each(levels)('at level %s', async (level) => {
    const ciphers = level === undefined ? 'ALL' : `ALL:@SECLEVEL=${level}`;
    const plan = fieldPlan(dhparam, level ?? defaultSecurityLevel(nodeMajor()), nodeMajor());
    const said = await sizeOf({ ...rsa, ciphers, dhparam: dhparam as string });
    if (isRefusal(plan)) expect(said).toEqual(shownError(plan));
    else if (plan.type === 'none') expect(said).toBe('no suite');
    else if (plan.type === 'auto') expect(said).toMatchObject({ type: 'DH', size: 3_072, warnings: [] });
    else {
      const size = BigInt(`0x${Buffer.from(plan.parameters.prime).toString('hex')}`).toString(2).length;
      expect(said).toEqual({ type: 'DH', size, warnings: plan.warning === undefined ? [] : [plan.warning] });
      expect([...plan.parameters.generator]).toEqual([2]);
    }
  });
});

it('has a case of each kind', () => {
  const level: SecurityLevel = 2;
  const kinds = cases
    .map(([, dhparam]) => fieldPlan(dhparam, level, nodeMajor()))
    .map((plan) => (isRefusal(plan) ? plan.refused : plan.type));
  expect(new Set(kinds)).toEqual(new Set(['auto', 'given', 'none', 'node']));
});

/** The group that a client gets, the error that the context throws, or that there is no suite of the kind. */
async function sizeOf(options: tls.SecureContextOptions): Promise<unknown> {
  const warnings: string[] = [];
  const emitWarning = process.emitWarning;
  process.emitWarning = ((text: string) => warnings.push(text)) as typeof process.emitWarning;
  try {
    tls.createSecureContext({ ca: [], ...options });
  } catch (error) {
    const { name, code, message } = error as Error & { code: string };
    return { name, code, message, text: String(error) };
  } finally {
    process.emitWarning = emitWarning;
  }
  try {
    const { client } = await builtinPair(options, { maxVersion: 'TLSv1.2', ciphers: 'DHE:@SECLEVEL=0' });
    const info = client.getEphemeralKeyInfo();
    client.destroy();
    return { ...info, warnings };
  } catch {
    return 'no suite';
  }
}

function half(number: Uint8Array): Uint8Array {
  const hex = (BigInt(`0x${Buffer.from(number).toString('hex')}`) >> 1n).toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
}
