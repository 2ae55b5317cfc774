import { describe, expect, test } from 'vitest';
import { ApiMisuseError, type CryptoProvider, type VerifyPeerAsk } from '@sealwire/core';
import { authority, issue, nowMs, provider } from '../test/authority.ts';
import { serverAsk } from '../test/peer-ask.ts';
import {
  TrustAnchors,
  type PeerVerdict,
  acceptAnyPeer,
  createVerifier,
  encodePem,
  makeTestPki,
} from './index.ts';

const pki = makeTestPki({ provider, nowMs, dnsNames: ['a.example'] });
const verifier = createVerifier({ provider, roots: encodePem('CERTIFICATE', pki.root.certificate) });

function ask(
  change: Partial<VerifyPeerAsk> = {},
  chain: readonly Uint8Array[] = pki.server.chain,
): VerifyPeerAsk {
  return { ...serverAsk(chain), ...change };
}

describe('signatures of certificates that are kept', () => {
  /** What the provider is asked to verify. */
  function counted() {
    const counts = { checked: 0 };
    const counting: CryptoProvider = {
      ...provider,
      importPublicKey(spki) {
        const key = provider.importPublicKey(spki);
        return (
          key && {
            ...key,
            spki: key.spki,
            kind: key.kind,
            verify(...args) {
              counts.checked++;
              return key.verify(...args);
            },
          }
        );
      },
    };
    return { counts, counting };
  }

  test('are checked once, if they are good', () => {
    const { counts, counting } = counted();
    const verify = createVerifier({ provider: counting, roots: pki.root.certificate });
    expect(verify(ask())).toMatchObject({ ok: true });
    expect(counts.checked).toBe(pki.server.chain.length);
    expect(verify(ask())).toMatchObject({ ok: true });
    expect(counts.checked).toBe(pki.server.chain.length);
    // Everything else is looked at again.
    expect(verify(ask({ receivedAtMs: nowMs + 100 * 365 * 86_400_000 }))).toMatchObject({
      reason: 'expired',
    });
    expect(verify(ask({ expectedName: 'b.example' }))).toMatchObject({ ok: false });
  });
  test('are checked every time, if they are bad or nothing is kept', () => {
    const [own, ...above] = pki.server.chain;
    const forged = Uint8Array.from(own!);
    forged[forged.length - 1]! ^= 1;
    const { counts, counting } = counted();
    const verify = createVerifier({ provider: counting, roots: pki.root.certificate });
    for (const times of [1, 2]) {
      expect(verify(ask({}, [forged, ...above]))).toMatchObject({
        cause: { code: 'CERT_SIGNATURE_FAILURE' },
      });
      expect(counts.checked).toBe(times);
    }
    const forgetful = createVerifier({
      provider: counting,
      roots: pki.root.certificate,
      cachedCertificates: 0,
    });
    const before = counts.checked;
    for (const times of [1, 2]) {
      expect(forgetful(ask())).toMatchObject({ ok: true });
      expect(counts.checked - before).toBe(times * pki.server.chain.length);
    }
  });
});

describe('a handshake', () => {
  test('a good server', () => {
    const reply = verifier(ask());
    expect(reply).toEqual({
      ok: true,
      publicKey: pki.server.key.publicKey.spki,
      verdict: { authorized: true, chain: [...pki.server.chain, pki.root.certificate] },
    });
    expect(structuredClone(reply)).toEqual(reply);
  });
  test('a good client: no name is compared', () => {
    const client = ask({ purpose: 'clientAuth', expectedName: undefined }, pki.client.chain);
    expect(verifier(client)).toMatchObject({ ok: true, publicKey: pki.client.key.publicKey.spki });
    expect(verifier({ ...client, purpose: 'serverAuth', expectedName: 'a.example' })).toMatchObject({
      ok: false,
      reason: 'unsupported',
    });
  });
  test('another name', () => {
    expect(verifier(ask({ expectedName: 'b.example' }))).toMatchObject({
      ok: false,
      reason: 'nameMismatch',
      message: 'HOSTNAME_MISMATCH: expected b.example, got a.example, 127.0.0.1, ::1',
      cause: { code: 'HOSTNAME_MISMATCH' },
    });
    expect(verifier(ask({ expectedName: '::1' }))).toMatchObject({ ok: true });
  });
  test('a server whose name is not known is refused, unless names are ignored', () => {
    expect(verifier(ask({ expectedName: undefined }))).toMatchObject({ ok: false, reason: 'nameMismatch' });
    const ignoring = createVerifier({ provider, roots: pki.root.certificate, serverName: 'ignored' });
    expect(ignoring(ask({ expectedName: undefined }))).toMatchObject({ ok: true });
    expect(ignoring(ask({ expectedName: 'b.example' }))).toMatchObject({ ok: true });
  });
  test('the time is that of the evidence, or the one given', () => {
    const later = nowMs + 400 * 86_400_000;
    expect(verifier(ask({ receivedAtMs: later }))).toMatchObject({
      ok: false,
      reason: 'expired',
      cause: { code: 'CERT_HAS_EXPIRED' },
    });
    expect(verifier(ask(), later)).toMatchObject({ ok: false, reason: 'expired' });
    expect(verifier(ask({ receivedAtMs: later }), nowMs)).toMatchObject({ ok: true });
  });
  test('what the key is used for', () => {
    expect(verifier(ask({ keyUse: 'encipher' }))).toMatchObject({
      ok: false,
      reason: 'unsupported',
      cause: { code: 'INVALID_PURPOSE' },
    });
  });
  test('garbage', () => {
    expect(verifier(ask({}, [Uint8Array.of(1, 2, 3)]))).toMatchObject({ ok: false, reason: 'malformed' });
    expect(verifier(ask({}, []))).toMatchObject({ ok: false, reason: 'malformed' });
    expect(verifier(ask({}, [pki.server.certificate]))).toMatchObject({ ok: false, reason: 'unknownCa' });
  });
  test('raw public keys', () => {
    const spki = pki.server.key.publicKey.spki;
    const evidence = { type: 'rawPublicKey', spki } as const;
    expect(verifier(ask({ evidence }))).toMatchObject({ ok: false, reason: 'unknownCa' });
    const pinning = createVerifier({ provider, roots: pki.root.certificate, rawPublicKeys: [spki.slice()] });
    expect(pinning(ask({ evidence }))).toEqual({
      ok: true,
      publicKey: spki,
      verdict: { authorized: true, chain: [] },
    });
  });
});

describe('a resumption', () => {
  const verdict: PeerVerdict = { authorized: true, chain: [...pki.server.chain, pki.root.certificate] };
  const resumed = (change: Partial<VerifyPeerAsk> = {}, stored: unknown = verdict) =>
    ask({ cause: 'resumption', stored: { verdict: stored, verifiedAtMs: nowMs - 1 }, ...change }, [
      pki.server.certificate,
    ]);

  test('the leaf and the stored verdict are enough', () => {
    expect(verifier(resumed())).toEqual({ ok: true, publicKey: pki.server.key.publicKey.spki, verdict });
  });
  test('time and name are looked at again', () => {
    expect(verifier(resumed({ receivedAtMs: nowMs + 400 * 86_400_000 }))).toMatchObject({
      ok: false,
      reason: 'expired',
    });
    expect(verifier(resumed({ expectedName: 'b.example' }))).toMatchObject({
      ok: false,
      reason: 'nameMismatch',
    });
  });
  test('so are the roots', () => {
    const other = createVerifier({ provider, roots: authority('other').certificate });
    expect(other(resumed())).toMatchObject({ ok: false, reason: 'unknownCa' });
  });
  test('a verdict that said no, is not ours, or is of another peer stands for nothing', () => {
    const foreign = [
      { authorized: false, chain: verdict.chain },
      { authorized: true, chain: ['x'] },
      null,
      'yes',
      { authorized: true, chain: [] },
    ];
    for (const stored of foreign)
      expect(verifier(resumed({}, stored))).toMatchObject({ ok: false, reason: 'unknownCa' });
    expect(verifier(ask({ cause: 'resumption' }, [pki.server.certificate]))).toMatchObject({
      ok: false,
      reason: 'unknownCa',
    });
    const impostor = issue('impostor', { dnsNames: ['a.example'] });
    const evidence = { type: 'x509', chain: [{ certificate: impostor.certificate }] } as const;
    expect(verifier(resumed({ evidence }))).toMatchObject({ ok: false, reason: 'unknownCa' });
  });
  test('a stored verdict counts on resumption alone', () => {
    expect(verifier({ ...resumed(), cause: 'handshake', expectedName: 'b.example' })).toMatchObject({
      ok: false,
    });
  });
});

describe('acceptAnyPeer', () => {
  const any = acceptAnyPeer({ dangerouslySkipAuthentication: true });
  test('reads the key and says that nobody was authorised', () => {
    const self = issue('self');
    expect(any(ask({}, [self.certificate]))).toEqual({
      ok: true,
      publicKey: self.key.publicKey.spki,
      verdict: { authorized: false, chain: [self.certificate] },
    });
    const spki = self.key.publicKey.spki;
    expect(any(ask({ evidence: { type: 'rawPublicKey', spki } }))).toMatchObject({
      ok: true,
      publicKey: spki,
    });
  });
  test('needs a certificate to read it from', () => {
    expect(any(ask({}, [Uint8Array.of(1)]))).toMatchObject({ ok: false, reason: 'malformed' });
    expect(any(ask({}, []))).toMatchObject({ ok: false, reason: 'malformed' });
  });
  test('must be meant', () => expect(() => acceptAnyPeer({} as never)).toThrow(ApiMisuseError));
  test('its verdict authorises nobody later', () => {
    const self = issue('self', { dnsNames: ['a.example'] });
    const reply = any(ask({}, [self.certificate]));
    const stored = { verdict: reply.ok ? reply.verdict : undefined, verifiedAtMs: nowMs };
    expect(verifier(ask({ cause: 'resumption', stored }, [self.certificate]))).toMatchObject({
      ok: false,
      reason: 'unknownCa',
    });
  });
});

test('verifiers may share their roots', () => {
  const sharing = createVerifier({ provider, roots: new TrustAnchors([pki.root.certificate]) });
  expect(sharing(ask())).toMatchObject({ ok: true });
  expect(() => createVerifier({ provider, roots: new TrustAnchors([]) })).toThrow(ApiMisuseError);
});

test.each([
  [{ serverName: 'a.example' as never }, `expected serverName 'required' or 'ignored', got "a.example"`],
  [{ serverName: 'ignore' as never }, `expected serverName 'required' or 'ignored', got "ignore"`],
  [{ provider: undefined as never }, 'expected a provider'],
])('%j: refused, for it would weaken the verifier or break it later', (options, message) => {
  const create = () => createVerifier({ provider, roots: pki.root.certificate, ...options });
  expect(create).toThrow(ApiMisuseError);
  expect(create).toThrow(message);
});

test('roots are needed', () => {
  expect(() => createVerifier({ provider, roots: [] })).toThrow(ApiMisuseError);
  expect(() => createVerifier({ provider } as never)).toThrow(ApiMisuseError);
});
