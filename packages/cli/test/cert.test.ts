import { readFileSync, statSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { encodePem, encryptPrivateKey, makeCertificate, makeCrl, parseCertificate } from '@sealwire/x509';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { file, paths, pki, run, scratch } from './run.ts';

describe('cert', () => {
  it('makes a CA, a request and what is signed of it, which verifies', async () => {
    const [caKey, ca, key, csr, cert] = [file(), file(), file(), file(), file()];
    const env = { KEY_PASS: 'correct horse' };
    const steps = [
      ['cert', 'key', '--out', caKey],
      [
        'cert',
        'self-signed',
        '--key',
        caKey,
        '--ca',
        '-subj',
        '/O=Example/CN=Root',
        '--days',
        '30',
        '--out',
        ca,
      ],
      ['cert', 'key', '--type', 'ed25519', '-pass', 'env:KEY_PASS', '--out', key],
      [
        'cert',
        'request',
        '--key',
        key,
        '--pass',
        'env:KEY_PASS',
        '--name',
        'example.org',
        '--name',
        '192.0.2.7',
        '--out',
        csr,
      ],
      ['cert', 'sign', csr, '-CA', ca, '-CAkey', caKey, '--purpose', 'serverAuth', '--out', cert],
    ];
    for (const step of steps) expect(await run(step, { env })).toMatchObject({ code: 0, stderr: '' });
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(readFileSync(key, 'utf8')).toContain('BEGIN ENCRYPTED PRIVATE KEY');

    for (const name of ['example.org', '192.0.2.7']) {
      const verified = await run(['cert', 'verify', cert, '-CAfile', ca, '-verify_hostname', name]);
      expect(verified).toMatchObject({ code: 0, stderr: '' });
      expect(verified.stdout).toContain('CN=Root, O=Example');
    }
    const shown = JSON.parse((await run(['cert', 'show', cert, csr, '--json'])).stdout);
    expect(shown.result.certificates[0]).toMatchObject({
      issuer: 'CN=Root, O=Example',
      names: ['DNS:example.org', 'IP:192.0.2.7'],
      key: 'Ed25519',
      isCa: false,
      purposes: ['serverAuth'],
    });
    expect(shown.result.requests[0]).toMatchObject({
      key: 'Ed25519',
      names: ['DNS:example.org', 'IP:192.0.2.7'],
    });
  });

  it('signs for other names than those of the request, and makes CAs where it is told to', async () => {
    const key = file();
    await run(['cert', 'key', '--out', key]);
    const [rootKey, root] = [file(), file()];
    await run(['cert', 'key', '--out', rootKey]);
    await run(['cert', 'self-signed', '--key', rootKey, '--ca', '--subject', 'CN=R, O=X', '--out', root]);
    const csr = await run([
      'cert',
      'request',
      '--key',
      key,
      '--name',
      'wished.example',
      '--subject',
      '/CN=Sub',
    ]);
    const signed = await run(
      ['cert', 'sign', '-', '--ca', root, '--ca-key', rootKey, '--name', 'granted.example', '--make-ca'],
      { input: csr.stdout },
    );
    const shown = JSON.parse((await run(['cert', 'show', '-', '--json'], { input: signed.stdout })).stdout);
    expect(shown.result.certificates[0]).toMatchObject({
      subject: 'CN=Sub',
      issuer: 'CN=R, O=X',
      names: ['DNS:granted.example'],
      isCa: true,
    });
  });

  it('writes what OpenSSL reads', async () => {
    const openssl = (...args: string[]) => spawnSync('openssl', args, { encoding: 'utf8' });
    if (openssl('version').error !== undefined) return void console.log('skipped: openssl is not installed');
    const { code } = await run([
      'cert',
      'pki',
      `${scratch}/pki`,
      '--name',
      'a.example',
      '--days',
      '7',
      '--type',
      'p384',
    ]);
    expect(code).toBe(0);
    const verified = openssl(
      'verify',
      '-CAfile',
      `${scratch}/pki/root.pem`,
      '-untrusted',
      `${scratch}/pki/server.pem`,
      '-verify_hostname',
      'a.example',
      `${scratch}/pki/server.pem`,
    );
    expect(verified.stdout + verified.stderr).toContain('server.pem: OK');
    expect(openssl('pkey', '-in', `${scratch}/pki/client.key`, '-text', '-noout').stdout).toContain('P-384');
  });

  it('says why a certificate is refused: which check, which certificate, what to do', async () => {
    const later = await run([
      'cert',
      'verify',
      paths.serverCert,
      '-CAfile',
      paths.root,
      '-attime',
      '2100-01-01',
    ]);
    expect(later.code).toBe(6);
    expect(later.stderr).toMatch(
      /certificate: CN=server, O=Sealwire tests\n {2}check: CERT_HAS_EXPIRED\n {2}what to do: /,
    );
    const stranger = await run(['cert', 'verify', paths.serverCert, '--purpose', 'serverAuth']);
    expect(stranger.stderr).toContain('check: UNABLE_TO_GET_ISSUER_CERT_LOCALLY');
    const wrongUse = await run(['cert', 'verify', paths.clientCert, '-CAfile', paths.root, '--json']);
    expect(JSON.parse(wrongUse.stdout)).toMatchObject({
      ok: false,
      exitCode: 6,
      problem: { kind: 'verification', check: 'INVALID_PURPOSE', certificate: 'CN=client, O=Sealwire tests' },
    });
    const untrusted = await run([
      'cert',
      'verify',
      file(pki.server.certificate.split(/(?<=END CERTIFICATE-----\n)/)[0]!),
      '--untrusted',
      paths.serverCert,
      '-CAfile',
      paths.root,
    ]);
    expect(untrusted.code).toBe(0);
  });

  it('asks lists of revoked certificates', async () => {
    const { intermediate, root, server } = pki.made;
    const nowMs = Date.now();
    const list = (issuer: typeof root, revoked: Uint8Array[]) =>
      file(
        encodePem(
          'X509 CRL',
          makeCrl({
            provider,
            issuer,
            thisUpdateMs: nowMs - 60_000,
            nextUpdateMs: nowMs + 60_000,
            revoked: revoked.map((serialNumber) => ({ serialNumber, revocationDateMs: nowMs - 60_000 })),
          }),
        ),
      );
    const own = list(intermediate, [parseCertificate(server.certificate).serialNumber]);
    const [none, above] = [list(intermediate, []), list(root, [])];
    const verify = async (...args: string[]) => {
      const { code, stderr } = await run([
        'cert',
        'verify',
        paths.serverCert,
        '-CAfile',
        paths.root,
        ...args,
      ]);
      return [code, /check: (\w+)/.exec(stderr)?.[1]];
    };
    expect(await verify('-CRL', own)).toEqual([6, 'CERT_REVOKED']);
    expect(await verify('--crl', none)).toEqual([0, undefined]);
    expect(await verify('-crl_check', '-CRL', none)).toEqual([6, 'UNABLE_TO_GET_CRL']);
    expect(await verify('--crl-check', '--crl', none, '--crl', above)).toEqual([0, undefined]);
  });

  it('lets nothing in a certificate do anything to a terminal', async () => {
    const subject = { CN: '\u001b]0;title\u0007 \u009b31m \u202etxt.exe' };
    const key = provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
    const nowMs = Date.now();
    const der = makeCertificate({
      provider,
      subject,
      key,
      notBeforeMs: nowMs - 1000,
      notAfterMs: nowMs + 60_000,
    });
    const path = file(encodePem('CERTIFICATE', der));
    for (const args of [
      ['cert', 'show', path],
      ['cert', 'show', path, '--json'],
      ['cert', 'verify', path, '-CAfile', paths.root],
      ['cert', 'verify', path, '-CAfile', path],
    ]) {
      const { stdout, stderr } = await run(args);
      expect(stdout + stderr).toMatch(/u001b|u\{1b\}/);
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
  });

  it('never shows a secret, whatever goes wrong with it', async () => {
    // With few rounds: what is tested is what is said, not how long a guess takes.
    const encrypted = encryptPrivateKey(pki.made.client.key, {
      ...{ provider, passphrase: 'correct horse', derivation: { type: 'pbkdf2', iterations: 1_000 } },
    });
    const key = file(encodePem('ENCRYPTED PRIVATE KEY', encrypted));
    const secret = 'hunter2-hunter2';
    for (const args of [
      ['cert', 'request', '--key', key, '--pass', `pass:${secret}`, '--name', 'a.example'],
      ['cert', 'request', '--key', key, `--pass=${secret}`, '--name', 'a.example'],
      ['cert', 'request', '--key', key, `-pasw=${secret}`, '--name', 'a.example'],
      ['connect', 'localhost:1', '-psk', `${secret}${secret}`],
    ]) {
      const { code, stdout, stderr } = await run([...args, '--json']);
      expect(code).toBeGreaterThan(0);
      expect(stdout + stderr).not.toContain('hunter2');
    }
    const wrong = await run(['cert', 'request', '--key', key, '--pass', 'pass:wrong', '--name', 'a.example']);
    expect(wrong).toMatchObject({ code: 3 });
    expect(wrong.stderr).toContain('encryption.passphraseWrong');
    const passFile = file('correct horse\nsecond line\n');
    expect(
      (await run(['cert', 'request', '--key', key, '--pass', `file:${passFile}`, '--name', 'a.example']))
        .code,
    ).toBe(0);
  });

  it('says which file is wrong', async () => {
    expect((await run(['cert', 'show', '/no/such/file'])).stderr).toContain('cannot read /no/such/file');
    expect(await run(['cert', 'show', file('nothing')])).toMatchObject({ code: 3 });
    expect((await run(['cert', 'key', '--out', '/no/such/folder/x'])).code).toBe(3);
  });
});
