import { describe, expect, it } from 'vitest';
import { makeHierarchy } from './hierarchy.ts';
import { makeIdentities } from './identities.ts';
import { reportOf } from './report.ts';
import { scenarios } from './scenarios.ts';

const self = scenarios.find(({ name }) => name === 'self')!;

describe('the demonstration with itself', () => {
  it('shows a handshake, data, key updates and an orderly close', async () => {
    const facts = await self.run({ identities: makeIdentities(undefined), seed: undefined });
    expect(JSON.parse(JSON.stringify(facts))).toMatchObject({
      version: 'TLS 1.3',
      group: 'X25519MLKEM768',
      signatureScheme: 'ecdsa_secp256r1_sha256',
      alpnProtocol: 'sealwire-demo',
      keyUpdates: { sent: 1, received: 1 },
      certificates: [
        { subject: 'CN=localhost, O=Sealwire' },
        { subject: 'CN=Demonstration Root, O=Sealwire' },
      ],
    });
    expect(facts.checks.filter(({ holds }) => !holds)).toEqual([]);
    expect(facts.passed.map(({ direction, what }) => `${direction} ${what}`)).toEqual([
      'sent ClientHello',
      'received ServerHello',
      'received EncryptedExtensions',
      'received Certificate',
      'received CertificateVerify',
      'received Finished',
      'sent Finished',
      'sent application data',
      'received NewSessionTicket',
      'received NewSessionTicket',
      'received application data',
      'sent KeyUpdate',
      'sent application data',
      'received KeyUpdate',
      'received application data',
      'sent Alert',
      'received Alert',
    ]);
    expect(facts.timings.totalMs).toBeGreaterThan(facts.timings.handshakeMs);
  });

  it('makes the same bytes from the same seed, and others from another', async () => {
    const runOf = async (seed: string) =>
      (await self.run({ identities: makeIdentities(seed), seed })).handshakeSha256;
    const [first, second, other] = [await runOf('1'), await runOf('1'), await runOf('2')];
    expect(second).toBe(first);
    expect(other).not.toBe(first);
    expect(makeIdentities('1')).toEqual(makeIdentities('1'));
  });

  it('writes lines that fit', async () => {
    const facts = await self.run({ identities: makeIdentities(undefined), seed: undefined });
    const report = reportOf(facts, (_format, text) => text, 100);
    const messages = report.split('\n').slice(0, facts.passed.length);
    expect(Math.max(...messages.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(report).toContain('✓ orderly close');
  });
});

describe('the demonstration of trust', () => {
  const { run } = scenarios.find(({ name }) => name === 'trust')!;
  const runOf = (seed: string | undefined) => run({ identities: makeIdentities(seed), seed });

  it('says why a server is trusted, and why it is not any more', async () => {
    const facts = await runOf(undefined);
    expect(facts.checks.filter(({ holds }) => !holds)).toEqual([]);
    const [server, authority, root] = ['localhost', 'Authority', 'New Root'].map(
      (name) => `CN=${name}, O=Sealwire`,
    );
    const { trust } = JSON.parse(JSON.stringify(facts));
    expect(trust).toMatchObject({
      trusted: {
        path: [server, authority, root],
        signatures: ['ecdsa sha256', 'ecdsa sha256'],
        isForServers: true,
        isForLocalhost: true,
        revocation: { status: 'good' },
      },
      refused: {
        code: 'CERT_REVOKED',
        alert: 'certificate_revoked',
        paths: [
          { path: [server, authority], code: 'CERT_HAS_EXPIRED' },
          { path: [server, authority, root], code: 'CERT_REVOKED' },
        ],
      },
    });
    const report = reportOf(facts, (_format, text) => text, 100);
    expect(report).toContain(`why trusted  ${server} ← ${authority} ← ${root}`);
    expect(report).toContain('CERT_REVOKED: revoked on');
  });

  it('is the same for the same seed', async () => {
    const [first, again] = [await runOf('1'), await runOf('1')];
    expect(again.handshakeSha256).toBe(first.handshakeSha256);
    expect(again.trust?.trusted).toEqual(first.trust?.trusted);
    expect(makeHierarchy('1')).toEqual(makeHierarchy('1'));
  });
});

const older = scenarios.filter(({ name }) => name.endsWith('-tls12'));

describe.each(older)('the demonstration of TLS 1.2: $name', ({ peer, run, name }) => {
  const version = peer();
  if (version === undefined) console.log(`skipped: openssl is not installed, which ${name} needs`);

  it.skipIf(version === undefined)(
    'shows its messages by their names, and is the same for a seed',
    async () => {
      const facts = await run({ identities: makeIdentities('1'), seed: '1' });
      expect(facts).toMatchObject({ version: 'TLS 1.2', keyUpdates: { sent: 0, received: 0 } });
      expect(facts.checks.filter(({ holds }) => !holds)).toEqual([]);
      const names = facts.passed.map(({ what }) => what);
      expect(names.slice(0, 11)).toEqual([
        'ClientHello',
        'ServerHello',
        'Certificate',
        'ServerKeyExchange',
        'ServerHelloDone',
        'ClientKeyExchange',
        'ChangeCipherSpec',
        'Finished',
        'NewSessionTicket',
        'ChangeCipherSpec',
        'Finished',
      ]);
      // What we have sent first depends on the seed alone; the peer draws its own.
      const again = await run({ identities: makeIdentities('1'), seed: '1' });
      expect(again.passed[0]?.bytes).toBe(facts.passed[0]?.bytes);
    },
  );
});
