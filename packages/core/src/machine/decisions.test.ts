import { describe, expect, it } from 'vitest';
import { p256Credential, p256Key } from '../../test/harness/fixtures.ts';
import { misuse } from '../../test/harness/misuse.ts';
import { testProvider } from '../../test/harness/node-provider.ts';
import { rawPublicKeyCredential, serverConfig } from '../index.ts';
import type { Decision, DecisionKind } from '../values/decisions.ts';
import { checkReply, PendingDecisions } from './decisions.ts';
import type { Ask } from './step.ts';

const status: Ask = { kind: 'fetchStatus', ask: { credential: p256Credential } };

describe('PendingDecisions', () => {
  it('gives each question an id of its own, and holds the last', () => {
    const pending = new PendingDecisions();
    expect(pending.holding).toBeUndefined();
    const first = pending.issue(status);
    expect(pending.holding).toBe(first);
    pending.settle(first);
    const second = pending.issue(status);
    expect([first.id, second.id, second.holds]).toEqual([1, 2, 'input']);
  });

  it('accepts an answer to what is pending, once', () => {
    const pending = new PendingDecisions();
    const decision = pending.issue(status);
    expect(pending.accepts(decision)).toBe(true);
    expect(pending.settle(decision)).toBeUndefined();
    expect(() => pending.accepts(decision)).toThrow(
      misuse('decision 1 (fetchStatus) has been answered already'),
    );
  });

  it('ignores answers to what was cancelled', () => {
    const pending = new PendingDecisions();
    const decision = pending.issue(status);
    expect(pending.cancel()).toEqual([decision]);
    expect(pending.cancel()).toEqual([]);
    expect(pending.accepts(decision)).toBe(false);
    expect(pending.holding).toBeUndefined();
  });

  it('keeps questions of tasks beside the one that holds the input', () => {
    const pending = new PendingDecisions();
    const first = pending.issueOfTask({ ...status, task: 5 });
    const holding = pending.issue(status);
    const second = pending.issueOfTask({ ...status, task: 6 });
    expect([first.holds, holding.holds, second.holds]).toEqual(['nothing', 'input', 'nothing']);
    expect([first, holding, second].map((each) => pending.accepts(each))).toEqual([true, true, true]);
    expect(pending.settle(second)).toBe(6);
    expect(pending.holding).toBe(holding);
    expect(() => pending.accepts(second)).toThrow(misuse('has been answered already'));
    expect(() => pending.accepts({ ...first })).toThrow(misuse('is a copy'));
    expect(pending.openTasks).toBe(1);
    expect(pending.cancel()).toEqual([first, holding]);
    expect(pending.accepts(first)).toBe(false);
  });

  it.each([
    [7, 'decision 7 was never asked by this connection'],
    [0, 'decision 0 was never asked by this connection'],
  ])('refuses the id %i of another connection', (id, message) => {
    const pending = new PendingDecisions();
    const decision = pending.issue(status);
    expect(() => pending.accepts({ ...decision, id })).toThrow(misuse(message));
    expect(pending.holding).toBe(decision);
  });

  it('refuses another kind under the same id', () => {
    const pending = new PendingDecisions();
    const decision = pending.issue(status);
    expect(() => pending.accepts({ ...decision, kind: 'sign' } as Decision)).toThrow(
      misuse('decision 1 is of kind fetchStatus, not sign'),
    );
  });

  it.each([undefined, null, 1, 'sign', {}])('refuses %j as a decision', (decision) => {
    expect(() => new PendingDecisions().accepts(decision as unknown as Decision)).toThrow(
      misuse('answer expects the decision that poll gave out as its first argument'),
    );
  });
});

describe('checkReply', () => {
  const bytes = new Uint8Array(1);
  const config = serverConfig({ provider: testProvider, credentials: [p256Credential] });
  const refused = { ok: false, message: 'no' };
  const psk = { identity: bytes, key: bytes };
  const session = {
    version: 0x0304,
    secret: bytes,
    ticket: bytes,
    issuedAtMs: 0,
    lifetimeSeconds: 1,
    context: bytes,
  };

  it.each([
    ['sign', { ok: true, signature: bytes }],
    ['sign', refused],
    ['verifyPeer', { ok: true, publicKey: bytes }],
    ['verifyPeer', { ok: true, publicKey: bytes, verdict: 'anything' }],
    ['verifyPeer', { ok: true, publicKey: bytes, validUntilMs: 0 }],
    ['verifyPeer', { ...refused, reason: 'expired' }],
    ['selectCertificate', { ok: true, credential: p256Credential }],
    ['selectCertificate', { ok: true, credential: rawPublicKeyCredential(p256Key) }],
    ['selectCertificate', { ok: true, credential: undefined }],
    ['selectCertificate', refused],
    ['decryptPremaster', { ok: true, premaster: bytes }],
    ['decryptPremaster', refused],
    ['fetchStatus', { ok: true }],
    ['fetchStatus', { ok: true, ocspResponse: bytes }],
    ['fetchStatus', refused],
    ['chooseConfig', { ok: true }],
    ['chooseConfig', { ok: true, config }],
    ['chooseConfig', { ...refused, reason: 'unrecognizedName' }],
    ['chooseSession', { ok: true, sessions: [] }],
    ['chooseSession', { ok: true, sessions: [session] }],
    ['lookupPsk', { ok: true, psks: [] }],
    ['lookupPsk', { ok: true, psks: [psk, { ...psk, hash: 'sha384', identity: new Uint8Array(65_535) }] }],
    ['openTicket', { ok: true }],
    ['openTicket', { ok: true, found: { index: 0, session } }],
    ['openTicket', { ok: true, found: { index: 0, session } }],
    ['lookupSession', { ok: true }],
    ['lookupSession', { ok: true, session }],
    ['lookupSession', refused],
    ['storeSession', { ok: true }],
    ['storeSession', refused],
    ['useTicket', { ok: true, use: false }],
    ['useTicket', refused],
    ['sealTicket', { ok: true, ticket: new Uint8Array(65_535) }],
    ['acceptEarlyData', { ok: true, accept: true }],
  ] as const)('takes a reply to %s: %o', (kind, reply) => {
    expect(() => checkReply(kind, reply as never)).not.toThrow();
  });

  it.each([
    ['sign', undefined, 'an object with ok: true or ok: false'],
    ['sign', null, 'an object with ok: true or ok: false'],
    ['sign', true, 'an object with ok: true or ok: false'],
    ['sign', {}, 'an object with ok: true or ok: false'],
    ['sign', { ok: 1 }, 'an object with ok: true or ok: false'],
    ['sign', { ok: false }, '{ ok: false, message: string, … }'],
    ['sign', { ok: true }, '{ ok: true, signature: Uint8Array }'],
    ['sign', { ok: true, signature: [1] }, '{ ok: true, signature: Uint8Array }'],
    ['verifyPeer', { ok: true }, '{ ok: true, publicKey: Uint8Array (DER SubjectPublicKeyInfo), verdict? }'],
    ['verifyPeer', { ok: false, message: 'no' }, "{ ok: false, reason: 'malformed' | 'rejected' |"],
    [
      'verifyPeer',
      { ok: false, message: 'no', reason: 'x' },
      "{ ok: false, reason: 'malformed' | 'rejected' |",
    ],
    [
      'chooseConfig',
      { ok: false, message: 'no', reason: 'expired' },
      "{ ok: false, reason: 'unrecognizedName' |",
    ],
    ['chooseConfig', { ok: true, config: {} }, '{ ok: true, config?: ServerConfig (made by serverConfig) }'],
    [
      'chooseConfig',
      { ok: true, config: null },
      '{ ok: true, config?: ServerConfig (made by serverConfig) }',
    ],
    [
      'verifyPeer',
      { ok: true, publicKey: bytes, validUntilMs: Number.NaN },
      '{ ok: true, …, validUntilMs?: number }',
    ],
    ['selectCertificate', { ok: true, credential: {} }, expectedCredential],
    ['selectCertificate', { ok: true, credential: 5 }, expectedCredential],
    ['selectCertificate', { ok: true, credential: { ...p256Credential, type: 'pgp' } }, expectedCredential],
    [
      'selectCertificate',
      { ok: true, credential: { ...rawPublicKeyCredential(p256Key), spki: undefined } },
      expectedCredential,
    ],
    ['selectCertificate', { ok: true, credential: { ...p256Credential, chain: [] } }, expectedCredential],
    ['selectCertificate', { ok: true, credential: { ...p256Credential, key: 'remote' } }, expectedCredential],
    ['decryptPremaster', { ok: true }, '{ ok: true, premaster: Uint8Array }'],
    ['fetchStatus', { ok: true, ocspResponse: 'x' }, '{ ok: true, ocspResponse?: Uint8Array }'],
    ['chooseSession', { ok: true }, expectedSessions],
    ['chooseSession', { ok: true, sessions: [session, null] }, expectedSessions],
    ['chooseSession', { ok: true, sessions: [{ ...session, secret: undefined }] }, expectedSessions],
    ['chooseSession', { ok: true, sessions: [{ ...session, issuedAtMs: '0' }] }, expectedSessions],
    ['lookupPsk', { ok: true }, expectedPsks],
    ['lookupPsk', { ok: true, psks: [psk, undefined] }, expectedPsks],
    ['lookupPsk', { ok: true, psks: [{ ...psk, identity: new Uint8Array(0) }] }, expectedPsks],
    ['lookupPsk', { ok: true, psks: [{ ...psk, identity: new Uint8Array(65_536) }] }, expectedPsks],
    ['lookupPsk', { ok: true, psks: [{ ...psk, key: new Uint8Array(0) }] }, expectedPsks],
    ['lookupPsk', { ok: true, psks: [{ ...psk, hash: 'sha512' }] }, expectedPsks],
    ['openTicket', { ok: true, found: null }, expectedFound],
    ['openTicket', { ok: true, found: { index: -1, session } }, expectedFound],
    ['openTicket', { ok: true, found: { index: 0 } }, expectedFound],
    ['lookupSession', { ok: true, session: null }, '{ ok: true, session?: Session }'],
    ['storeSession', { ok: false }, '{ ok: false, message: string, … }'],
    ['useTicket', { ok: true }, '{ ok: true, use: boolean }'],
    ['useTicket', { ok: true, use: 1 }, '{ ok: true, use: boolean }'],
    ['sealTicket', { ok: true }, expectedTicket],
    ['sealTicket', { ok: true, ticket: new Uint8Array(0) }, expectedTicket],
    ['sealTicket', { ok: true, ticket: new Uint8Array(65_536) }, expectedTicket],
    ['acceptEarlyData', { ok: true }, '{ ok: true, accept: boolean }'],
  ] as const)('refuses a reply to %s: %j', (kind: DecisionKind, reply, expected) => {
    expect(() => checkReply(kind, reply as never)).toThrow(
      misuse(`the reply to ${kind} must be ${expected}`),
    );
  });
});

const expectedSessions = '{ ok: true, sessions: Session[] }';
const expectedPsks =
  '{ ok: true, psks: { identity: Uint8Array, key: Uint8Array, … }[] }, identity and key of 1 to 65535 bytes';
const expectedFound = '{ ok: true, found?: { index: number, session: Session } }';
const expectedTicket = '{ ok: true, ticket: Uint8Array } of 1 to 65535 bytes';
const expectedCredential =
  "{ ok: true, credential: undefined | { type: 'x509', chain: Uint8Array[], signatureSchemes: number[], key } " +
  "| { type: 'rawPublicKey', spki: Uint8Array, signatureSchemes: number[], key } }, " +
  'with at least one certificate and one scheme';
