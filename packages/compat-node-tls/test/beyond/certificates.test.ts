import { sign as signWith } from 'node:crypto';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, makeCertificate } from '@sealwire/x509';
import type { CertificateRequest, SigningRequest } from '../../src/beyond/asks.ts';
import {
  accepted,
  ca,
  client,
  dial,
  dialBuiltin,
  failure,
  file,
  hasOpenssl,
  later,
  ours,
  sClient,
  sServer,
  until,
  serve,
  serveBuiltin,
  server as identity,
} from './stage.ts';

if (!hasOpenssl)
  console.log('skipped: certificates after the handshake with openssl, which is not installed');

const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const only = (version: (typeof versions)[number]) => ({ minVersion: version, maxVersion: version });

const rsaKey = provider.generateKeyPair({ type: 'rsa', bits: 2048 });
const rsa = {
  key: encodePem('PRIVATE KEY', rsaKey.exportPkcs8()),
  cert: encodePem(
    'CERTIFICATE',
    makeCertificate({
      provider,
      subject: { CN: 'rsa' },
      key: rsaKey,
      dnsNames: ['localhost'],
      notBeforeMs: Date.now() - 86_400_000,
      notAfterMs: Date.now() + 86_400_000,
    }),
  ),
};

/** A key that is elsewhere: it takes its time, and says what it was asked for. */
function remote(key: string, asked: SigningRequest[] = []) {
  return (request: SigningRequest) => {
    asked.push(request);
    const { algorithm, data } = request;
    const hash = 'hash' in algorithm ? algorithm.hash : undefined;
    const padding = algorithm.type === 'rsa-pss' ? { padding: 6, saltLength: -1 } : {};
    return later(signWith(hash, data, { key, ...padding }));
  };
}

describe.each(versions)('a key that is elsewhere, %s', (version) => {
  it.each([
    ['ECDSA', identity, ca, /^ecdsa_/],
    ['RSA', rsa, rsa.cert, /^rsa_/],
  ])('signs for a server, %s', async (_, { cert, key }, trusted, scheme) => {
    const asked: SigningRequest[] = [];
    const { server, port } = await serve({
      ...only(version),
      key: undefined,
      cert,
      sealwire: { sign: remote(key, asked) },
    });
    const socket = accepted(server);
    await once(dialBuiltin(port, { ca: trusted }), 'secureConnect');
    await socket;
    expect(asked).toHaveLength(1);
    expect(asked[0]!.scheme).toMatch(scheme);
    expect(Buffer.from(cert.split('-----')[2]!, 'base64')).toEqual(asked[0]!.certificate);
  });

  it('signs for a client', async () => {
    const asked: SigningRequest[] = [];
    const { server, port } = await serveBuiltin({ ...only(version), ca, requestCert: true });
    const peer = accepted(server);
    const { cert, key } = client;
    dial(port, { cert, sealwire: { sign: remote(key, asked) } });
    expect((await peer).authorized).toBe(true);
    expect(asked[0]!.scheme).toMatch(/^ecdsa_/);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('no such shelf')), 'no such shelf'],
    ['gives no signature', () => later('') as never, 'sealwire.sign must return the signature'],
  ])('that %s ends the handshake by an alert', async (_, sign, message) => {
    const { server, port } = await serve({ ...only(version), key: undefined, sealwire: { sign } });
    const failed = failure(server);
    expect((await failure(dialBuiltin(port))).message).toContain('alert internal error');
    expect((await failed).message).toContain(message);
  });
});

it('signs by the schemes that it names', async () => {
  const asked: SigningRequest[] = [];
  const { port } = await serve({
    key: undefined,
    cert: rsa.cert,
    sealwire: { sign: remote(rsa.key, asked), signatureSchemes: ['rsa_pss_rsae_sha512'] },
  });
  await once(dialBuiltin(port, { ca: rsa.cert }), 'secureConnect');
  expect(asked.map(({ scheme }) => scheme)).toEqual(['rsa_pss_rsae_sha512']);
});

it('decrypts nothing: key exchange by RSA ends as with a wrong ciphertext', async () => {
  const { port } = await serve({ key: undefined, cert: rsa.cert, sealwire: { sign: remote(rsa.key) } });
  const peer = dialBuiltin(port, { ca: rsa.cert, maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' });
  expect((await failure(peer)).message).toContain('bad record mac');
});

it('takes a signature that is wrong for what it is: the peer sees it', async () => {
  const { port } = await serve({ key: undefined, sealwire: { sign: () => Buffer.alloc(70, 1) } });
  expect((await failure(dialBuiltin(port))).message).toContain('signature');
});

describe.each(versions)('what a server asks for, %s', (version) => {
  const asking = { ...only(version), ca, requestCert: true };

  it('is seen, and answered by any context, or by none', async () => {
    const { server, port } = await serveBuiltin({ ...asking, rejectUnauthorized: false });
    const other = ours.createSecureContext(client as never);
    const seen: CertificateRequest[] = [];
    for (const [answer, isAuthorized] of [
      [other, true],
      [null, false],
      [undefined, true],
    ] as const) {
      const peer = accepted(server);
      const selectCertificate = (request: CertificateRequest) => {
        seen.push(request);
        return later(answer);
      };
      const socket = dial(port, { ...(answer === other ? {} : client), sealwire: { selectCertificate } });
      expect((await peer).authorized).toBe(isAuthorized);
      const { certificateRequest } = socket.sealwire;
      expect(certificateRequest?.certificateAuthorities).toEqual(seen[0]!.certificateAuthorities);
      expect(certificateRequest?.signatureSchemes).toContain('ecdsa_secp256r1_sha256');
    }
    expect(seen[0]!.certificateAuthorities).toHaveLength(1);
  });

  it('is answered by nobody when the application fails', async () => {
    const { server, port } = await serveBuiltin(asking);
    const told = failure(server);
    const socket = dial(port, {
      sealwire: { selectCertificate: () => Promise.reject(new Error('no such shelf')) },
    });
    expect((await failure(socket)).message).toBe('no such shelf');
    expect((await told).message).toContain('alert internal error');
  });
});

it('no longer vouches for a client that presents another certificate in another handshake', async () => {
  const { server, port } = await serve({
    ...only('TLSv1.2'),
    ca,
    requestCert: true,
    rejectUnauthorized: false,
  });
  const peer = accepted(server);
  const contexts = [client, rsa, client, undefined].map(
    (each) => each && ours.createSecureContext(each as never),
  );
  const socket = dial(port, { sealwire: { selectCertificate: () => contexts.shift() ?? null } });
  await once(socket, 'secureConnect');
  const there = await peer;
  const found = [there.authorized];
  while (contexts.length > 0) {
    await new Promise((done) => void socket.renegotiate({}, done));
    found.push(there.authorized);
    expect(there.authorizationError).toMatch(/^UNABLE_TO_|^DEPTH_ZERO_|^SELF_SIGNED/);
  }
  expect(found).toEqual([true, false, true, false]);
});

it('is nothing where nobody asks', async () => {
  const { port } = await serveBuiltin({});
  const socket = dial(port);
  await once(socket, 'secureConnect');
  expect(socket.sealwire.certificateRequest).toBeUndefined();
});

describe.skipIf(!hasOpenssl)('after the handshake', () => {
  const own = () => {
    const chain = file('own.pem', client.cert);
    return ['-cert', chain, '-cert_chain', chain, '-key', file('own.key', client.key)];
  };

  it('asks s_client for a certificate, and tells the application who it is', async () => {
    const { server, port } = await serve({ ca, maxVersion: 'TLSv1.3' });
    const socket = accepted(server);
    const peer = sClient(port, '-enable_pha', ...own());
    const there = await socket;
    expect([there.authorized, there.getPeerCertificate()]).toEqual([false, {}]);
    expect(await there.sealwire.requestCertificate()).toBe(true);
    expect([there.authorized, there.getPeerCertificate().subject.CN]).toEqual([true, 'client']);
    peer.type('Q');
  });

  it('lets a client decline, or not', async () => {
    const { server, port } = await serve({ ca });
    let socket = accepted(server);
    sClient(port, '-enable_pha');
    expect(await (await socket).sealwire.requestCertificate({ rejectUnauthorized: false })).toBe(false);
    expect((await socket).authorized).toBe(false);
    await expect(
      (await socket).sealwire.requestCertificate({ rejectUnauthorized: true }),
    ).rejects.toMatchObject({
      code: 'ERR_SOCKET_CLOSED',
      cause: { code: 'incompatible.certificateRequired' },
    });
    expect((await socket).destroyed).toBe(true);
    socket = accepted(server);
    sClient(port);
    await expect((await socket).sealwire.requestCertificate()).rejects.toMatchObject({
      code: 'ERR_TLS_INVALID_STATE',
    });
  });

  it('refuses whom it does not trust', async () => {
    const { server, port } = await serve({ ca: rsa.cert });
    const socket = accepted(server);
    sClient(port, '-enable_pha', ...own());
    const there = await socket;
    expect(await there.sealwire.requestCertificate({ rejectUnauthorized: false })).toBe(false);
    expect(there.authorizationError).toMatch(/^UNABLE_TO_|^SELF_SIGNED/);
    await expect(there.sealwire.requestCertificate({ rejectUnauthorized: true })).rejects.toMatchObject({
      code: expect.stringMatching(/^UNABLE_TO_|^SELF_SIGNED/),
    });
    expect(there.destroyed).toBe(true);
  });

  it('answers s_server', async () => {
    const { openssl, port } = await sServer('-CAfile', file('ca.pem', ca));
    const socket = dial(port, { ...client, sealwire: { postHandshakeAuth: true } });
    await once(socket, 'secureConnect');
    expect(socket.sealwire.certificateRequest).toBeUndefined();
    openssl.type('c');
    await until(() => socket.sealwire.facts.ownChain !== undefined);
    expect(socket.sealwire.certificateRequest).toBeDefined();
    // One that was not accepted would have been the end.
    openssl.type('welcome');
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(String(data)).toBe('welcome\n');
  });
});
