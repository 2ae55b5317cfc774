import { describe, expect, it } from 'vitest';
import {
  client12 as client,
  connect12 as connect,
  server12 as server,
  suitesOf,
  verifyPeer,
} from '../../../test/harness/pair12.ts';
import { nowMs } from '../../../test/harness/peer.ts';
import { rsaCredential } from '../../../test/harness/rsa-keys.ts';
import type { Connection } from '../../connection/connection.ts';
import type { Answers } from '../../config/answers.ts';
import type { PrivateKey } from '../../crypto/provider.ts';
import { namedGroups } from '../../registry/groups.ts';
import { signatureSchemes } from '../../registry/signature-schemes.ts';
import { suites12 } from '../../registry/suites12.ts';
import { concat } from '../../wire/bytes.ts';
import { tls12 } from '../module.ts';

const { TLS_DHE_RSA_WITH_AES_128_GCM_SHA256: dheSuite } = suites12;

describe('DHE', () => {
  it.each(suitesOf('dhe', 'rsa'))('connects with %s', (_, id) => {
    const [a, b] = [client({ cipherSuites: [id] }), server({ cipherSuites: [id] })];
    expect(connect(a, b)).toEqual([]);
    const known = { cipherSuite: id, handshakes: 1, group: namedGroups.ffdhe2048, dhBits: 2048 };
    expect([a.facts, b.facts]).toMatchObject([known, known]);
    expect(a.exportKeyingMaterial('EXPORTER-x', new Uint8Array(0), 9)).toEqual(
      b.exportKeyingMaterial('EXPORTER-x', new Uint8Array(0), 9),
    );
  });

  const { x25519, ffdhe2048, ffdhe3072, ffdhe4096 } = namedGroups;
  const custom = {
    // The prime of 1,536 bits in RFC 3526 §2.
    prime: Uint8Array.from(
      (
        'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd' +
        '3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f' +
        '24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552' +
        'bb9ed529077096966d670c354e4abc9804f1746c08ca237327ffffffffffffffff'
      )
        .match(/../g)!
        .map((byte) => Number.parseInt(byte, 16)),
    ),
    generator: new Uint8Array([2]),
  };

  it.each([
    ['none named on either side', [x25519], [x25519], 'auto', ffdhe2048],
    ['the server has a favourite', [x25519], [x25519, ffdhe3072], 'auto', ffdhe3072],
    ['the client names one', [x25519, ffdhe3072], [x25519], 'auto', ffdhe3072],
    ['both name several', [x25519, ffdhe2048, ffdhe3072], [ffdhe3072, ffdhe2048], 'auto', ffdhe3072],
    ['a group of the application’s own is for those who name none', [ffdhe3072], [x25519], custom, ffdhe3072],
  ] as const)('negotiates groups of RFC 7919: %s', (_, ofClient, ofServer, dhParameters, group) => {
    const cipherSuites = [dheSuite];
    const a = client({ cipherSuites, groups: ofClient });
    expect(connect(a, server({ cipherSuites, groups: ofServer, dhParameters }))).toEqual([]);
    expect(a.facts.group).toBe(group);
  });

  it('is no choice for a server that has none of the groups that the client names (RFC 7919 §4)', () => {
    const cipherSuites = [dheSuite, suites12.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256];
    const groups = [x25519, ffdhe3072];
    const a = client({ cipherSuites, groups });
    expect(connect(a, server({ cipherSuites, groups: [ffdhe2048, x25519] }))).toEqual([]);
    expect(a.facts).toMatchObject({ cipherSuite: cipherSuites[1], group: x25519 });
    const only = { cipherSuites: [dheSuite] };
    expect(connect(client({ ...only, groups }), server({ ...only, groups: [ffdhe2048] }))).toEqual([
      'incompatible.dhGroups',
    ]);
  });

  it.each([
    [[x25519, ffdhe3072], custom, { dhBits: 1536, group: undefined }],
    [[x25519, ffdhe3072], 'auto', { dhBits: 2048, group: ffdhe2048 }],
    [[x25519], 'auto', { dhBits: 2048, group: ffdhe2048 }],
  ] as const)(
    'does not look at the groups that clients name, if it is told so: %j',
    (groups, dhParameters, facts) => {
      const cipherSuites = [dheSuite];
      const a = client({ cipherSuites, groups, minDhBits: 1536 });
      const b = server({ cipherSuites, groups: [x25519, ffdhe3072], dhParameters, followDhGroups: false });
      expect(connect(a, b)).toEqual([]);
      expect(a.facts).toMatchObject({ handshakes: 1, dhBits: facts.dhBits });
      expect(a.facts.group).toBe(facts.group);
    },
  );

  it('uses a group of the application’s own, if it is large enough for the client', () => {
    const cipherSuites = [dheSuite];
    const a = client({ cipherSuites, minDhBits: 1536 });
    expect(connect(a, server({ cipherSuites, dhParameters: custom }))).toEqual([]);
    expect(a.facts).toMatchObject({ handshakes: 1, dhBits: 1536 });
    expect(a.facts.group).toBeUndefined();
    expect(connect(client({ cipherSuites }), server({ cipherSuites, dhParameters: custom }))).toEqual([
      'incompatible.dhGroupTooSmall',
    ]);
  });

  it('refuses options that cannot be meant', () => {
    expect(() => client({ minDhBits: 511 })).toThrow(
      'minDhBits must be an integer from 512 to 16384, got 511',
    );
    const even = { prime: new Uint8Array(256).fill(254), generator: new Uint8Array([2]) };
    expect(() => server({ dhParameters: even })).toThrow('dhParameters are none that the provider');
    expect(() => server({ dhParameters: 'x' as 'auto' })).toThrow('dhParameters must be');
    expect(() => client({ groups: [ffdhe4096] })).toThrow('not supported');
  });
});

describe('static RSA', () => {
  it.each(suitesOf('rsa', 'rsa'))('connects with %s', (_, id) => {
    const uses: string[] = [];
    const a = client({
      cipherSuites: [id],
      answers: {
        verifyPeer(ask) {
          uses.push(ask.keyUse);
          return verifyPeer(ask);
        },
      },
    });
    const b = server({ cipherSuites: [id] });
    expect(connect(a, b)).toEqual([]);
    expect([a.facts, b.facts]).toMatchObject([{ handshakes: 1 }, { handshakes: 1 }]);
    expect(a.facts.peerSignatureScheme).toBeUndefined();
    expect(a.facts.peerEvidence).toBeDefined();
    expect(uses).toEqual(['encipher']);
  });

  const cipherSuites = [suites12.TLS_RSA_WITH_AES_128_GCM_SHA256];

  it('staples, and asks for a certificate of the client', () => {
    const credentials = [{ ...rsaCredential, ocspResponse: new Uint8Array([0x30, 0]) }];
    const a = client({ cipherSuites, requestOcsp: true, credentials });
    const b = server({ cipherSuites, credentials, clientAuthentication: 'require' });
    expect(connect(a, b)).toEqual([]);
    expect(a.facts.peerEvidence).toMatchObject({ chain: [{ ocspResponse: new Uint8Array([0x30, 0]) }] });
    expect(b.facts.peerEvidence).toBeDefined();
  });

  it('is no choice for keys that sign alone', () => {
    const { key, ...signing } = rsaCredential;
    const pss = {
      ...signing,
      key: 'external',
      signatureSchemes: [signatureSchemes.rsa_pss_pss_sha256],
    } as const;
    const { decryptPkcs1, ...signer } = key as PrivateKey;
    expect(decryptPkcs1).toBeDefined();
    for (const credential of [pss, { ...signing, key: signer }]) {
      const failures = connect(client({ cipherSuites }), server({ cipherSuites, credentials: [credential] }));
      expect(failures).toEqual(['incompatible.cipherSuites']);
    }
  });

  it.each([
    ['nothing', () => ({ ok: false, message: 'no' })],
    ['too little', ({ fallback }) => ({ ok: true, premaster: fallback.subarray(1) })],
    ['too much', ({ fallback }) => ({ ok: true, premaster: concat([fallback, fallback]) })],
    ['what was given for the case', ({ fallback }) => ({ ok: true, premaster: fallback })],
    ['another secret', () => ({ ok: true, premaster: new Uint8Array(48) })],
  ] satisfies [string, NonNullable<Answers['decryptPremaster']>][])(
    'ends at Finished, all the same, when the answer is %s',
    (_, decryptPremaster) => {
      const b = server({ cipherSuites, answers: { decryptPremaster } });
      expect(connect(client({ cipherSuites }), b)).toEqual(['peer.recordAuthenticationFailed']);
    },
  );

  it('waits for a key that is elsewhere', () => {
    const credentials = [{ ...rsaCredential, key: 'external' } as const];
    const [a, b] = [client({ cipherSuites }), server({ cipherSuites, credentials })];
    b.start(nowMs);
    a.start(nowMs);
    let asked = 0;
    const bytes = (from: Connection) => {
      const pieces: Uint8Array[] = [];
      for (let output = from.poll(); output !== undefined; output = from.poll()) {
        if (output.type === 'transmit') pieces.push(...output.pieces);
        if (output.type !== 'decision' || output.decision.kind !== 'decryptPremaster') continue;
        const { ciphertext, fallback } = output.decision.ask;
        const premaster = (rsaCredential.key as PrivateKey).decryptPkcs1!(ciphertext, fallback);
        expect(b.answer(output.decision, { ok: true, premaster }, nowMs)).toBe(true);
        asked++;
      }
      return concat(pieces);
    };
    for (let i = 0; i < 4; i++) {
      b.receive(bytes(a), nowMs);
      a.receive(bytes(b), nowMs);
    }
    expect([a.facts.handshakes, b.facts.handshakes, asked]).toEqual([1, 1, 1]);
  });
});

describe('anonymous Diffie-Hellman', () => {
  const suites = [...suitesOf('dhe', 'anon'), ...suitesOf('ecdhe', 'anon')];

  it.each(suites)('connects with %s', (_, id) => {
    const a = client({ cipherSuites: [id] });
    const b = server({ cipherSuites: [id], credentials: [], clientAuthentication: 'request' });
    expect(connect(a, b)).toEqual([]);
    expect([a.facts, b.facts]).toMatchObject([{ handshakes: 1 }, { handshakes: 1 }]);
    expect([a.facts.peerEvidence, b.facts.peerEvidence, b.facts.ownChain]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  const { TLS_DH_anon_WITH_AES_128_GCM_SHA256: anonymous } = suites12;

  it('is offered and taken by nobody who does not name it', () => {
    expect(suites.length).toBeGreaterThan(8);
    expect(tls12.defaultCipherSuites.filter((id) => suites.some(([, each]) => each === id))).toEqual([]);
    expect(connect(client({ cipherSuites: [anonymous] }), server({}))).toEqual(['incompatible.cipherSuites']);
  });

  it('gives way to a certificate where the order of suites says so, if there is one', () => {
    const cipherSuites = [dheSuite, anonymous];
    for (const [credentials, chosen] of [
      [[rsaCredential], dheSuite],
      [[], anonymous],
    ] as const) {
      const a = client({ cipherSuites });
      expect(connect(a, server({ cipherSuites, credentials }))).toEqual([]);
      expect(a.facts.cipherSuite).toBe(chosen);
    }
    const a = client({ cipherSuites });
    expect(connect(a, server({ cipherSuites: cipherSuites.toReversed() }))).toEqual([]);
    expect(a.facts.cipherSuite).toBe(anonymous);
  });

  it('is no choice for a server whose clients must have a certificate', () => {
    const cipherSuites = [anonymous];
    expect(
      connect(client({ cipherSuites }), server({ cipherSuites, clientAuthentication: 'require' })),
    ).toEqual(['incompatible.cipherSuites']);
  });
});
