import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import ours from '../../src/index.ts';
import { ecdsa, middle, otherRsa, pfx, root, rsa } from './material.ts';

/** What libraries and tests do with the `context` of a SecureContext, beside that of the builtin. */
interface Inner {
  getCertificate(): Buffer | null;
  getIssuer(): Buffer | null;
  getTicketKeys(): Buffer;
  setTicketKeys(keys: Uint8Array): boolean;
  getMinProto(): number;
  getMaxProto(): number;
  addCACert(pem: string): void;
  close(): void;
  readonly _external: unknown;
  readonly constructor: { readonly name: string };
}

const inner = (from: unknown, options: unknown): Inner =>
  (from as { createSecureContext(options: unknown): { context: Inner } }).createSecureContext(options)
    .context;

describe('own certificate and its issuer', () => {
  const rows: readonly object[] = [
    {},
    { cert: rsa.cert },
    { cert: rsa.cert, ca: root.cert },
    { cert: ecdsa.cert, ca: root.cert },
    { cert: ecdsa.cert, ca: [root.cert, middle.cert] },
    { cert: ecdsa.cert + middle.cert },
    { cert: ecdsa.cert + root.cert + middle.cert },
    { cert: [rsa.cert, ecdsa.cert + middle.cert] },
    { cert: [ecdsa.cert + middle.cert, otherRsa.cert] },
    { cert: root.cert, ca: root.cert },
    { cert: root.cert },
    { pfx: pfx([rsa], 'pw', [root]), passphrase: 'pw' },
    { key: rsa.key },
  ];
  it.each(rows.map((options, row) => [row, options] as const))('row %i', (_, options) => {
    const facts = (from: unknown) => {
      const context = inner(from, { ...options });
      return [context.getCertificate()?.toString('hex'), context.getIssuer()?.toString('hex')];
    };
    expect(facts(ours)).toEqual(facts(tls));
  });
});

describe('versions', () => {
  it.each([
    {},
    { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' },
    { ciphers: 'TLS_AES_128_GCM_SHA256' },
    { ciphers: 'TLS_AES_128_GCM_SHA256', maxVersion: 'TLSv1.2' },
    { secureProtocol: 'TLSv1_2_method' },
    { secureProtocol: 'SSLv23_method' },
  ])('%j', (options) => {
    const bounds = (from: unknown) => [
      inner(from, options).getMinProto(),
      inner(from, options).getMaxProto(),
    ];
    expect(bounds(ours)).toEqual(bounds(tls));
  });
});

it('gives and takes ticket keys', () => {
  const keys = Buffer.from(Array.from({ length: 48 }, (_, i) => i));
  for (const from of [tls, ours]) {
    expect(inner(from, { ticketKeys: keys }).getTicketKeys()).toEqual(keys);
    const context = inner(from, {});
    expect(context.getTicketKeys()).toHaveLength(48);
    expect(context.setTicketKeys(keys)).toBe(true);
    expect(context.getTicketKeys()).toEqual(keys);
  }
  const context = inner(ours, {});
  expect(() => context.setTicketKeys(keys.subarray(1))).toThrow(
    'Session ticket keys must be a 48-byte buffer',
  );
});

it('has a pointer that objects which inherit from it have not', () => {
  for (const from of [tls, ours]) {
    const context = inner(from, {});
    expect(typeof context._external).toBe('object');
    expect(() => (Object.create(context) as Inner)._external).toThrow(TypeError);
  }
});

it('refuses to do for others what it does', () => {
  for (const from of [tls, ours]) {
    const { getMaxProto, addCACert } = inner(from, {});
    expect(() => Reflect.apply(getMaxProto, {}, [])).toThrow(new TypeError('Illegal invocation'));
    expect(() => Reflect.apply(addCACert, undefined, [''])).toThrow(new TypeError('Illegal invocation'));
  }
});

it('shows no fields', () => {
  expect(Object.keys(inner(ours, {}))).toEqual(Object.keys(inner(tls, {})));
  expect(Object.keys((ours as unknown as typeof tls).createSecureContext())).toEqual(['context']);
});

describe('authorities', () => {
  interface Trusting {
    readonly state: { trust(): { readonly size: number } };
  }
  const size = (options: object, add: readonly string[] = []): number => {
    const context = inner(ours, options);
    for (const pem of add) context.addCACert(pem);
    return (context as unknown as Trusting).state.trust().size;
  };
  const all = size({});

  it('are the default ones, unless `ca` names some', () => {
    expect(all).toBeGreaterThan(100);
    expect(size({ ca: root.cert + middle.cert })).toBe(2);
    expect(size({ ca: [] })).toBe(0);
    expect(size({ ca: 'x' })).toBe(0);
  });

  it('are joined by those of addCACert and of PKCS #12 files', () => {
    expect(size({}, [root.cert])).toBe(all + 1);
    expect(size({ ca: root.cert }, [middle.cert])).toBe(2);
    expect(size({ ca: [] }, [middle.cert])).toBe(1);
    expect(size({ pfx: pfx([rsa], 'pw', [root]), passphrase: 'pw' })).toBe(all + 1);
    expect(size({})).toBe(all);
  });
});
