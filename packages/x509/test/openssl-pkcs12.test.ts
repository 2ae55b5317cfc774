import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { encodePem, makePkcs12, makeTestPki, readPkcs12 } from '../src/index.ts';
import { nowMs, provider } from './authority.ts';
import { hasLegacy, hasOpenssl, legacy, opensslFiles } from './openssl.ts';
import { thrownCode } from './thrown.ts';

/** PKCS #12 files of other programs, whatever they can write; and ours, which they read. */
const has = (command: string, flag: string): boolean => spawnSync(command, [flag]).status === 0;
const hasKeytool = has('keytool', '-help');
const hasCerttool = has('certtool', '--version');
// It has no option that does nothing and succeeds.
const hasPk12util =
  spawnSync('pk12util', ['-h']).error === undefined && spawnSync('certutil', ['-H']).error === undefined;
for (const [program, here] of [
  ['openssl', hasOpenssl],
  ['the legacy provider of openssl', hasOpenssl && hasLegacy],
  ['keytool (Java)', hasKeytool],
  ['certtool (GnuTLS)', hasCerttool],
  ['pk12util (NSS)', hasPk12util],
] as const)
  if (!here)
    console.log(`openssl-pkcs12.test.ts: ${program} is missing, PKCS #12 files are not exchanged with it`);

// It iterates 600,000 times for each part of a file: seconds for each.
const isFull = process.env['SEALWIRE_PROFILE'] === 'full';
const certtoolCiphers = ['aes-128', 'aes-192', 'aes-256', '3des', '3des-pkcs12', 'rc2-40', 'arcfour'];
if (hasCerttool && !isFull)
  console.log('openssl-pkcs12.test.ts: what certtool writes is read with the full profile');

const pki = makeTestPki({ provider, nowMs });
const { server, intermediate, root } = pki;
const pkcs8 = server.key.exportPkcs8();
const files = {
  'key.pem': encodePem('PRIVATE KEY', pkcs8),
  'leaf.pem': encodePem('CERTIFICATE', server.certificate),
  'chain.pem':
    encodePem('CERTIFICATE', intermediate.certificate) + encodePem('CERTIFICATE', root.certificate),
};
const passphrase = 'Größe 🔑 𝄞';
const providers = [nodeProvider, nobleProvider];

interface Expected {
  readonly passphrase?: string;
  readonly allowRc2?: boolean;
  readonly allowMissingMac?: boolean;
  readonly friendlyName?: string;
  readonly certificates?: number;
}

function checkRead(file: Uint8Array, expected: Expected): void {
  const { friendlyName, certificates = 3, ...options } = expected;
  for (const provider of providers) {
    const { identities, keys, certificates: found } = readPkcs12(file, { provider, ...options });
    expect(keys.map((key) => key.pkcs8)).toEqual([pkcs8]);
    expect(found.length).toBe(certificates);
    expect(identities.length).toBe(1);
    expect(identities[0]!.chain).toEqual(
      [server.certificate, intermediate.certificate, root.certificate].slice(0, certificates),
    );
    expect(identities[0]!.friendlyName).toBe(friendlyName);
    if (options.passphrase === undefined || options.passphrase === '') continue;
    const read = (passphrase?: string) =>
      thrownCode(() => readPkcs12(file, { provider, ...options, passphrase: passphrase as string }));
    expect(read(`${options.passphrase}x`)).toBe('encryption.passphraseWrong');
    expect(read('')).toBe('encryption.passphraseWrong');
    expect(read(undefined)).toBe('encryption.passphraseMissing');
  }
}

function exported(...args: string[]): Uint8Array {
  const { file, stderr } = opensslFiles(files, [
    'pkcs12',
    '-export',
    ...['-in', '{leaf.pem}', '-inkey', '{key.pem}', '-certfile', '{chain.pem}', '-out', '{out.p12}'],
    ...args,
  ]);
  const made = file('out.p12');
  if (made === undefined) throw new Error(stderr);
  return new Uint8Array(made);
}

describe.skipIf(!hasOpenssl)('openssl writes', () => {
  const pass = ['-passout', `pass:${passphrase}`, '-iter', '20'];
  const name = ['-name', 'example ü'];
  test('by default', () => {
    checkRead(exported(...pass, ...name), { passphrase, friendlyName: 'example ü' });
    checkRead(exported('-passout', 'pass:x'), { passphrase: 'x' });
  });
  test.each(['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc', 'PBE-SHA1-3DES', 'PBE-SHA1-2DES', 'des-ede3-cbc'])(
    'keys and certificates by %s',
    (cipher) => checkRead(exported(...pass, '-keypbe', cipher, '-certpbe', cipher), { passphrase }),
  );
  test.each(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'])('a MAC with %s', (hash) => {
    checkRead(exported(...pass, '-macalg', hash), { passphrase });
    checkRead(exported(...pass, '-macalg', hash, '-nomaciter'), { passphrase });
  });
  test('a MAC with a hash that is unknown here', () => {
    const file = exported(...pass, '-macalg', 'sha512-256');
    expect(() => readPkcs12(file, { provider, passphrase })).toThrow(
      'expected a MAC with a known hash, got 2.16.840.1.101.3.4.2.6',
    );
  });
  test('nothing encrypted', () => {
    checkRead(exported(...pass, '-keypbe', 'NONE', '-certpbe', 'NONE'), { passphrase });
  });
  test('no MAC: only where the caller allows it', () => {
    const file = exported(...pass, '-nomac');
    expect(thrownCode(() => readPkcs12(file, { provider, passphrase }))).toBe('container.noMac');
    expect(readPkcs12(file, { provider, passphrase, allowMissingMac: true })).toMatchObject({ mac: 'none' });
    checkRead(file, { passphrase, allowMissingMac: true });
    const open = exported('-passout', 'pass:', '-nomac', '-keypbe', 'NONE', '-certpbe', 'NONE');
    checkRead(open, { allowMissingMac: true });
  });
  test('the empty password, which is also read without one', () => {
    for (const scheme of ['aes-256-cbc', 'PBE-SHA1-3DES']) {
      const file = exported('-passout', 'pass:', '-keypbe', scheme, '-certpbe', scheme);
      checkRead(file, { passphrase: '' });
      checkRead(file, {});
      expect(thrownCode(() => readPkcs12(file, { provider, passphrase: 'x' }))).toBe(
        'encryption.passphraseWrong',
      );
    }
  });
  test('ciphers that are unknown here', () => {
    const file = exported(...pass, '-certpbe', 'camellia-256-cbc');
    expect(() => readPkcs12(file, { provider, passphrase })).toThrow('Camellia-256-CBC');
    expect(thrownCode(() => readPkcs12(file, { provider, passphrase }))).toBe('encryption.unsupported');
  });
  test.skipIf(!hasLegacy)('its legacy format, RC2 with 40 bits', () => {
    const file = exported(...pass, ...legacy, '-legacy');
    expect(thrownCode(() => readPkcs12(file, { provider, passphrase }))).toBe('encryption.rc2NotAllowed');
    checkRead(file, { passphrase, allowRc2: true });
    checkRead(exported(...pass, ...legacy, '-descert', '-macalg', 'sha1', '-keypbe', 'PBE-SHA1-3DES'), {
      passphrase,
    });
  });
  test.skipIf(!hasLegacy).each(['PBE-SHA1-RC2-128', 'PBE-SHA1-RC2-40', 'PBE-MD5-RC2-64', 'rc2-cbc'])(
    '%s',
    (cipher) =>
      checkRead(exported(...pass, ...legacy, '-keypbe', cipher, '-certpbe', cipher), {
        passphrase,
        allowRc2: true,
      }),
  );
  test.skipIf(!hasLegacy).each(['PBE-MD5-DES', 'PBE-SHA1-DES', 'des-cbc'])('%s', (cipher) => {
    checkRead(exported(...pass, ...legacy, '-keypbe', cipher, '-certpbe', cipher), { passphrase });
  });
  test.skipIf(!hasLegacy).each(['PBE-SHA1-RC4-128', 'PBE-SHA1-RC4-40'])('%s: no', (cipher) => {
    const file = exported(...pass, ...legacy, '-keypbe', cipher);
    expect(thrownCode(() => readPkcs12(file, { provider, passphrase, allowRc2: true }))).toBe(
      'encryption.unsupported',
    );
  });
});

const quick = { type: 'pbkdf2', iterations: 10 } as const;
function ours(more: Partial<Parameters<typeof makePkcs12>[0]> = {}): Uint8Array {
  return makePkcs12({
    provider,
    passphrase,
    derivation: quick,
    identities: [
      { key: server.key, chain: [server.certificate, intermediate.certificate], friendlyName: 'sérver' },
    ],
    certificates: [{ certificate: root.certificate, friendlyName: 'root 𝄞' }],
    ...more,
  });
}

describe.skipIf(!hasOpenssl)('openssl reads', () => {
  test.each([
    ['PBKDF2', {}],
    ['scrypt', { derivation: { type: 'scrypt', N: 1_024, r: 8, p: 1 } as const, macIterations: 10 }],
    ['the empty password', { passphrase: '' }],
    ['passwords by bytes', { passphrase: new TextEncoder().encode(passphrase) }],
    ['the other provider', { provider: nobleProvider }],
  ])('%s', (name, more) => {
    const file = ours(more);
    const word = name === 'the empty password' ? '' : passphrase;
    const { stdout, stderr, status } = opensslFiles({ 'in.p12': file }, [
      ...['pkcs12', '-in', '{in.p12}', '-passin', `pass:${word}`, '-noenc', '-info'],
    ]);
    expect(status, stderr).toBe(0);
    const text = stdout.toString();
    for (const [label, der] of [
      ['PRIVATE KEY', pkcs8],
      ['CERTIFICATE', server.certificate],
      ['CERTIFICATE', intermediate.certificate],
      ['CERTIFICATE', root.certificate],
    ] as const)
      expect(text).toContain(encodePem(label, der));
    expect(stdout.toString('latin1')).toContain('friendlyName: s\u00e9rver');
    expect(stderr).toContain('MAC: sha256, Iteration 10');
    checkRead(file, { passphrase: word, friendlyName: 'sérver' });
  });
  test('with the wrong password it does not', () => {
    const { status, stderr } = opensslFiles({ 'in.p12': ours() }, [
      'pkcs12',
      '-in',
      '{in.p12}',
      '-passin',
      'pass:x',
    ]);
    expect([status, stderr]).toEqual([1, expect.stringContaining('invalid password')]);
  });
});

describe.skipIf(!hasKeytool)('keytool', () => {
  // It takes arguments by the locale, and has no empty password.
  const word = 'changeit';
  const run = (input: Record<string, string | Uint8Array>, ...args: string[]) => {
    const result = opensslFiles(input, ['-J-Duser.language=en', ...args], 'keytool');
    expect(result.status, result.stdout.toString() + result.stderr).toBe(0);
    return result;
  };
  test('reads what we write', () => {
    const file = ours({ passphrase: word });
    const list = ['-list', '-v', '-keystore', '{in.p12}', '-storetype', 'PKCS12', '-storepass', word];
    const text = run({ 'in.p12': file }, ...list).stdout.toString();
    expect(text).toContain('Entry type: PrivateKeyEntry');
    expect(text).toContain('Certificate chain length: 3');
  });
  test('writes keys, chains, trusted certificates and secrets that we read', () => {
    const { file } = run(
      {},
      ...['-genkeypair', '-alias', 'One', '-keyalg', 'EC', '-groupname', 'secp256r1', '-dname', 'CN=One'],
      ...['-keystore', '{out.p12}', '-storetype', 'PKCS12', '-storepass', word],
    );
    const first = file('out.p12')!;
    const store = ['-keystore', '{in.p12}', '-storepass', word];
    const second = run(
      { 'in.p12': first, 'root.pem': encodePem('CERTIFICATE', root.certificate) },
      '-importcert',
      '-noprompt',
      '-alias',
      'root',
      '-file',
      '{root.pem}',
      ...store,
    ).file('in.p12')!;
    const third = run(
      { 'in.p12': second },
      '-genseckey',
      '-alias',
      'secret',
      '-keyalg',
      'AES',
      '-keysize',
      '128',
      ...store,
    ).file('in.p12')!;
    for (const provider of providers) {
      const found = readPkcs12(new Uint8Array(third), { provider, passphrase: word });
      expect(found.identities.map(({ friendlyName, chain }) => [friendlyName, chain.length])).toEqual([
        ['one', 1],
      ]);
      expect(found.certificates.map(({ friendlyName }) => friendlyName).sort()).toEqual(['one', 'root']);
      expect(found.secrets.map(({ friendlyName }) => friendlyName)).toEqual(['secret']);
      expect(thrownCode(() => readPkcs12(new Uint8Array(third), { provider, passphrase: 'x' }))).toBe(
        'encryption.passphraseWrong',
      );
    }
  });
  test('reads again what openssl, we and it passed on', () => {
    const imported = run(
      { 'in.p12': ours({ passphrase: word }) },
      ...['-importkeystore', '-srckeystore', '{in.p12}', '-srcstorepass', word, '-srcstoretype', 'PKCS12'],
      ...['-destkeystore', '{out.p12}', '-deststorepass', word, '-deststoretype', 'PKCS12'],
    ).file('out.p12')!;
    checkRead(new Uint8Array(imported), { passphrase: word, friendlyName: 'sérver' });
  });
  test('its legacy format, RC2 with 40 bits', () => {
    const { file } = run(
      {},
      ...['-J-Dkeystore.pkcs12.legacy', '-genkeypair', '-alias', 'old', '-keyalg', 'RSA', '-dname', 'CN=Old'],
      ...['-keystore', '{out.p12}', '-storetype', 'PKCS12', '-storepass', word],
    );
    const old = new Uint8Array(file('out.p12')!);
    expect(thrownCode(() => readPkcs12(old, { provider, passphrase: word }))).toBe(
      'encryption.rc2NotAllowed',
    );
    const { identities } = readPkcs12(old, { provider, passphrase: word, allowRc2: true });
    expect(identities.map(({ friendlyName }) => friendlyName)).toEqual(['old']);
  });
});

describe.skipIf(!hasCerttool || !isFull)('certtool', () => {
  const word = 'pass word';
  test.each(certtoolCiphers)('writes %s', (cipher) => {
    const { file, stderr } = opensslFiles(
      files,
      [
        ...[
          '--to-p12',
          '--load-privkey',
          '{key.pem}',
          '--load-certificate',
          '{leaf.pem}',
          '--load-ca-certificate',
          '{chain.pem}',
        ],
        ...[
          '--p12-name',
          'tool',
          '--password',
          word,
          '--pkcs-cipher',
          cipher,
          '--outder',
          '--outfile',
          '{out.p12}',
        ],
      ],
      'certtool',
    );
    const made = file('out.p12');
    if (made === undefined) throw new Error(stderr);
    const written = new Uint8Array(made);
    if (cipher === 'arcfour') {
      expect(thrownCode(() => readPkcs12(written, { provider, passphrase: word }))).toBe(
        'encryption.unsupported',
      );
      return;
    }
    // Of the authorities it takes the first; and it iterates 600,000 times, so that once is enough.
    const options = { provider, passphrase: word, allowRc2: cipher === 'rc2-40' };
    const { identities } = readPkcs12(written, options);
    expect(
      identities.map(({ friendlyName, chain, key }) => [friendlyName, chain, key.exportPkcs8()]),
    ).toEqual([['tool', [server.certificate, intermediate.certificate], pkcs8]]);
    expect(thrownCode(() => readPkcs12(written, { ...options, passphrase: 'x' }))).toBe(
      'encryption.passphraseWrong',
    );
  });
  test('reads what we write', () => {
    const { stdout, stderr, status } = opensslFiles(
      { 'in.p12': ours({ passphrase: word }) },
      [...['--p12-info', '--inder', '--infile', '{in.p12}', '--password', word]],
      'certtool',
    );
    expect(status, stderr).toBe(0);
    expect(stdout.toString()).toContain(encodePem('CERTIFICATE', server.certificate).trim());
    expect(stdout.toString()).toContain('Friendly name: sérver');
  });
});

describe.skipIf(!hasPk12util)('pk12util', () => {
  test('reads what we write, and writes it again for us', () => {
    // Only the file goes to standard output; the database is a folder, which goes again.
    const script = `
      db="$1/db"; mkdir "$db"
      {
        certutil -N -d "sql:$db" --empty-password &&
        pk12util -i "$1/in.p12" -d "sql:$db" -W word -K '' &&
        pk12util -o "$1/out.p12" -n server -d "sql:$db" -W word -K ''
      } >&2
      status=$?; rm -r "$db"; exit $status`;
    const file = ours({
      passphrase: 'word',
      identities: [{ key: server.key, chain: server.chain, friendlyName: 'server' }],
    });
    const result = opensslFiles({ 'in.p12': file }, ['-c', script, 'sh', '{.}'], 'sh');
    const { status, stderr } = result;
    const stdout = result.file('out.p12') ?? new Uint8Array();
    expect(status, stderr).toBe(0);
    const { identities } = readPkcs12(new Uint8Array(stdout), { provider, passphrase: 'word' });
    expect(identities.map(({ friendlyName, chain }) => [friendlyName, chain.slice(0, 2)])).toEqual([
      ['server', [server.certificate, intermediate.certificate]],
    ]);
    expect(identities[0]!.key.exportPkcs8()).toEqual(pkcs8);
  });
});
