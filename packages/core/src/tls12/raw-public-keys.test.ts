import { describe, expect, it } from 'vitest';
import {
  ed25519Credential,
  ed25519Key,
  p256Credential,
  p256Key,
  takesFixtures,
} from '../../test/harness/fixtures.ts';
import { client12 as client, connect12 as connect, server12 as server } from '../../test/harness/pair12.ts';
import { nowMs } from '../../test/harness/peer.ts';
import { olderProvider } from '../../test/harness/older-provider.ts';
import { rsaCredential } from '../../test/harness/rsa-keys.ts';
import { connect as exchange } from '../../test/harness/two-ends.ts';
import { pinnedPublicKeys, rawPublicKeyCredential, TicketRing } from '../index.ts';
import { suites12 } from '../registry/suites12.ts';
import type { RawPublicKeyCredential } from '../values/credential.ts';
import type { FetchStatusAsk, FetchStatusReply } from '../values/decisions.ts';
import { tls10, tls11, tls12 } from '../tls12/module.ts';

const own = { client: rawPublicKeyCredential(p256Key), server: rawPublicKeyCredential(ed25519Key) };
const rawAlone = { peerCertificateTypes: ['rawPublicKey'] } as const;
const pinning = (credential: RawPublicKeyCredential) => ({
  ...rawAlone,
  answers: { verifyPeer: pinnedPublicKeys([credential.spki]) },
});

describe('raw public keys in TLS 1.2', () => {
  it('stand for certificates on both sides, and are resumed', () => {
    const tickets = { keeper: new TicketRing({ provider: olderProvider }) };
    const ofClient = { ...pinning(own.server), credentials: [own.client] };
    const ofServer = { ...pinning(own.client), credentials: [own.server], tickets };
    const b = () => server({ ...ofServer, clientAuthentication: 'require' });
    const a = client(ofClient);
    const said = exchange(a, b(), nowMs);
    const sessions = said.a.flatMap((output) => (output.type === 'session' ? [output.session] : []));
    expect(a.facts.peerEvidence).toEqual({ type: 'rawPublicKey', spki: own.server.spki });
    const again = client({ ...ofClient, sessions });
    const known = b();
    expect(connect(again, known)).toEqual([]);
    expect([again.facts.resumed, known.facts.peerEvidence]).toEqual([
      true,
      { type: 'rawPublicKey', spki: own.client.spki },
    ]);
  });

  it('sign in older versions, and decrypt', () => {
    const { key, signatureSchemes, chain } = rsaCredential;
    const credential = { type: 'rawPublicKey', spki: chain[0]!, key, signatureSchemes } as const;
    for (const [version, suite] of [
      [tls12, suites12.TLS_RSA_WITH_AES_128_GCM_SHA256],
      [tls11, suites12.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA],
      [tls10, suites12.TLS_RSA_WITH_AES_128_CBC_SHA],
    ] as const) {
      const options = { versions: [version], cipherSuites: [suite] };
      const a = client({ ...options, ...pinning(credential) });
      expect(connect(a, server({ ...options, credentials: [credential] }))).toEqual([]);
      expect(a.facts.peerEvidence?.type).toBe('rawPublicKey');
    }
  });

  it('are chosen where both sides have them, and certificates where not', () => {
    const peerCertificateTypes = ['rawPublicKey', 'x509'] as const;
    const verifyPeer = pinnedPublicKeys([own.server.spki]);
    const a = client({ peerCertificateTypes, answers: { verifyPeer } });
    expect(connect(a, server({ credentials: [own.server, p256Credential] }))).toEqual([]);
    const ordinary = client({ answers: { verifyPeer: takesFixtures } });
    expect(connect(ordinary, server({ credentials: [own.server, p256Credential] }))).toEqual([]);
    expect(ordinary.facts.peerEvidence?.type).toBe('x509');
    expect(connect(client(pinning(own.server)), server({ credentials: [p256Credential] }))).toEqual([
      'incompatible.signatureSchemes',
    ]);
  });

  it('are not asked of a client that has none, unless it must', () => {
    const a = client({ credentials: [ed25519Credential], answers: { verifyPeer: takesFixtures } });
    const credentials = [p256Credential];
    expect(connect(a, server({ ...rawAlone, credentials, clientAuthentication: 'request' }))).toEqual([]);
    expect(a.facts.certificateRequested).toBeUndefined();
    const must = server({ ...rawAlone, credentials, clientAuthentication: 'require' });
    const c = client({ credentials: [ed25519Credential], answers: { verifyPeer: takesFixtures } });
    expect(connect(c, must)).toEqual(['incompatible.certificateTypes']);
  });

  it('have no status, asked for or not', () => {
    const asked: string[] = [];
    const fetchStatus = ({ credential }: FetchStatusAsk): FetchStatusReply => {
      asked.push(credential.type);
      return { ok: true, ocspResponse: Uint8Array.of(0x30, 0) };
    };
    const { answers } = pinning(own.server);
    const a = client({ ...rawAlone, requestOcsp: true, answers });
    expect(connect(a, server({ credentials: [own.server], answers: { fetchStatus } }))).toEqual([]);
    const ordinary = client({ requestOcsp: true, answers: { verifyPeer: takesFixtures } });
    expect(connect(ordinary, server({ credentials: [p256Credential], answers: { fetchStatus } }))).toEqual(
      [],
    );
    expect(asked).toEqual(['x509']);
  });
});
