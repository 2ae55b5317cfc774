import { ApiMisuseError, type Connection, type Decision, signatureSchemes } from '@sealwire/core';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  client,
  clientCredential,
  drain,
  exchange,
  nowMs,
  ofType,
  server,
  serverCredential,
  verifyPeer,
} from './ends.ts';

/** No policy answers on the spot: every question comes out. */
const open = {
  chooseConfig: () => undefined,
  selectCertificate: () => undefined,
  sign: () => undefined,
  fetchStatus: () => undefined,
  verifyPeer: () => undefined,
};

describe('decisions', () => {
  it('come one at a time, in the order of the handshake, and hold all bytes back until the last', () => {
    const answering = server({ answers: open, clientAuthentication: 'request' });
    const asking = client({ requestOcsp: true, credentials: [clientCredential] });
    answering.receive(bytesOf(drain(asking)), nowMs);
    const kinds: string[] = [];
    for (;;) {
      const outputs = drain(answering);
      const [question] = ofType(outputs, 'decision');
      if (question === undefined) {
        expect(bytesOf(outputs).length).toBeGreaterThan(1_000);
        break;
      }
      expect(bytesOf(outputs)).toHaveLength(0);
      expect(answering.wantsInput).toBe(false);
      kinds.push(question.decision.kind);
      expect(answerFor(answering, question.decision)).toBe(true);
    }
    expect(kinds).toEqual(['chooseConfig', 'selectCertificate', 'fetchStatus', 'sign']);
    expect(answering.wantsInput).toBe(true);
  });

  it('of a client come with the certificate and with the request for its own', () => {
    const answering = server({ clientAuthentication: 'require' });
    const asking = client({ answers: open });
    answering.receive(bytesOf(drain(asking)), nowMs);
    asking.receive(bytesOf(drain(answering)), nowMs);
    const kinds: string[] = [];
    for (let left = 5; left > 0; left--) {
      const [question] = ofType(drain(asking), 'decision');
      if (question === undefined) break;
      kinds.push(question.decision.kind);
      answerFor(asking, question.decision);
    }
    expect(kinds).toEqual(['verifyPeer', 'selectCertificate', 'sign']);
    expect(asking.facts.ownSignatureScheme).toBe(signatureSchemes.ecdsa_secp256r1_sha256);
  });

  it('show the ClientHello, and can refuse it', () => {
    const answering = server({ answers: open });
    answering.receive(bytesOf(drain(client({ sni: 'tenant.example' }))), nowMs);
    const decision = onlyDecision(answering);
    if (decision.kind !== 'chooseConfig') throw new Error(`unexpected ${decision.kind}`);
    expect(decision.ask.hello.serverName).toBe('tenant.example');
    expect(decision.ask.version).toBe(0x0304);
    expect(decision.ask.renegotiation).toBe(0);
    answering.answer(decision, { ok: false, reason: 'unrecognizedName', message: 'no such tenant' }, nowMs);
    const [failed] = ofType(drain(answering), 'failed');
    expect(failed).toMatchObject({ alert: 'unrecognized_name', sentBy: 'us' });
    expect(failed?.error.code).toBe('local.unrecognizedName');
  });

  it('refuse the wrong kind, a second answer, an id never asked and a reply of the wrong shape', () => {
    const answering = server({ answers: open });
    answering.receive(bytesOf(drain(client())), nowMs);
    const decision = onlyDecision(answering);
    const wrongKind = { ...decision, kind: 'sign' } as Decision;
    const never = { ...decision, id: 99 };
    const reply = { ok: true } as const;
    expect(() => answering.answer(wrongKind, { ok: true, signature: new Uint8Array(1) }, nowMs)).toThrow(
      ApiMisuseError,
    );
    expect(() => answering.answer(never as Decision, reply as never, nowMs)).toThrow(/never asked/);
    expect(() => answering.answer(decision, { ok: 'yes' } as never, nowMs)).toThrow(/ok: true or ok: false/);
    // None of this has harmed the connection.
    expect(drain(answering)).toEqual([]);
    expect(answering.answer(decision, reply as never, nowMs)).toBe(true);
    expect(() => answering.answer(decision, reply as never, nowMs)).toThrow(/answered already/);
  });

  it('are withdrawn by close, and late answers are ignored', () => {
    const answering = server({ answers: open });
    answering.receive(bytesOf(drain(client())), nowMs);
    const decision = onlyDecision(answering);
    answering.close();
    const outputs = drain(answering);
    expect(outputs.map(({ type }) => type)).toEqual(['decisionCancelled', 'transmit', 'closed']);
    expect(answering.answer(decision, { ok: true } as never, nowMs)).toBe(false);
    expect(drain(answering)).toEqual([]);
  });

  it('are withdrawn by abort, which ends in failed', () => {
    const answering = server({ answers: open });
    answering.receive(bytesOf(drain(client())), nowMs);
    const decision = onlyDecision(answering);
    answering.abort('the operator has had enough');
    const outputs = drain(answering);
    expect(outputs.map(({ type }) => type)).toEqual(['decisionCancelled', 'transmit', 'failed']);
    expect(ofType(outputs, 'failed')[0]).toMatchObject({ alert: 'user_canceled', sentBy: 'us' });
    expect(answering.answer(decision, { ok: true } as never, nowMs)).toBe(false);
  });

  it('keep input that arrives meanwhile, up to the limit', () => {
    const asking = client({ answers: open });
    const answering = server();
    answering.receive(bytesOf(drain(asking)), nowMs);
    const flight = bytesOf(drain(answering));
    asking.receive(flight, nowMs);
    expect(onlyDecision(asking).kind).toBe('verifyPeer');
    asking.receive(new Uint8Array(1_048_576), nowMs);
    expect(drain(asking)).toEqual([]);
    asking.receive(new Uint8Array(1), nowMs);
    const [failed] = ofType(drain(asking), 'failed');
    expect(failed?.error.code).toBe('local.heldInputOverflow');
    expect(failed).toMatchObject({ alert: 'internal_error', sentBy: 'us' });
  });

  it('let the end of the transport wait for the answer', () => {
    const asking = client({ answers: open });
    const answering = server();
    answering.receive(bytesOf(drain(asking)), nowMs);
    asking.receive(bytesOf(drain(answering)), nowMs);
    const decision = onlyDecision(asking);
    asking.receiveEnd(nowMs);
    expect(drain(asking)).toEqual([]);
    answerFor(asking, decision);
    const outputs = drain(asking);
    // The flight had arrived whole, so the handshake completes before the end counts.
    expect(ofType(outputs, 'connected')).toHaveLength(1);
    expect(outputs.at(-1)).toEqual({ type: 'peerClosed', how: 'truncated' });
  });

  it('turn a policy that throws into a failure of its own', () => {
    const answering = server({
      answers: {
        chooseConfig: () => {
          throw new Error('the database is gone');
        },
      },
    });
    const asking = client();
    const { b } = exchange(asking, answering);
    const [failed] = ofType(b, 'failed');
    expect(failed).toMatchObject({ alert: 'internal_error', sentBy: 'us' });
    expect(failed?.error).toMatchObject({
      code: 'local.policyFailed',
      cause: new Error('the database is gone'),
    });
    expect(failed?.error.message).toBe('the policy for chooseConfig threw: the database is gone');
  });

  it.each([
    ['null', null, 'null'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
    ['what no string can be made of', Object.create(null), 'something that has no words, object'],
    [
      'an error that will not say why',
      Object.defineProperty(new Error(), 'message', { value: Object.create(null) }),
      'something that has no words, object',
    ],
  ])('turn a policy that throws %s into a failure of its own, too', (_, thrown, words) => {
    const answering = server({
      answers: {
        chooseConfig: () => {
          throw thrown;
        },
      },
    });
    const { b } = exchange(client(), answering);
    const [failed] = ofType(b, 'failed');
    expect(failed).toMatchObject({ alert: 'internal_error', sentBy: 'us' });
    expect(failed?.error.code).toBe('local.policyFailed');
    expect(failed?.error.message).toBe(`the policy for chooseConfig threw: ${words}`);
  });

  it('refuse what no message can carry', () => {
    const answering = server({ answers: open });
    const asking = client({ requestOcsp: true });
    answering.receive(bytesOf(drain(asking)), nowMs);
    const wrong = {
      selectCertificate: { credential: { ...serverCredential, chain: [new Uint8Array(0)] } },
      fetchStatus: { ocspResponse: new Uint8Array(0) },
      sign: { signature: new Uint8Array(65_536) },
    };
    const refused: string[] = [];
    for (;;) {
      const [question] = ofType(drain(answering), 'decision');
      if (question === undefined) break;
      const { decision } = question;
      const reply = wrong[decision.kind as keyof typeof wrong];
      if (reply !== undefined) {
        expect(() => answering.answer(decision, { ok: true, ...reply } as never, nowMs)).toThrow(
          ApiMisuseError,
        );
        refused.push(decision.kind);
      }
      answerFor(answering, decision);
    }
    expect(refused).toEqual(['selectCertificate', 'fetchStatus', 'sign']);
    // It is still good for right answers.
    asking.receive(bytesOf(drain(answering)), nowMs);
    expect(ofType(drain(asking), 'failed')).toEqual([]);
  });
});

function onlyDecision(connection: Connection): Decision {
  const decisions = ofType(drain(connection), 'decision');
  expect(decisions).toHaveLength(1);
  return decisions[0]!.decision;
}

/** What the default policies would say. */
function answerFor(connection: Connection, decision: Decision): boolean {
  switch (decision.kind) {
    case 'chooseConfig':
      return connection.answer(decision, { ok: true }, nowMs);
    case 'selectCertificate':
      return connection.answer(
        decision,
        { ok: true, credential: decision.ask.role === 'server' ? serverCredential : clientCredential },
        nowMs,
      );
    case 'fetchStatus':
      return connection.answer(decision, { ok: true, ocspResponse: new Uint8Array([0x30, 0]) }, nowMs);
    case 'decryptPremaster':
      return connection.answer(decision, { ok: true, premaster: decision.ask.fallback }, nowMs);
    case 'verifyPeer':
      return connection.answer(decision, verifyPeer(decision.ask), nowMs);
    case 'chooseSession':
      return connection.answer(decision, { ok: true, sessions: [] }, nowMs);
    case 'lookupPsk':
      return connection.answer(decision, { ok: true, psks: [] }, nowMs);
    case 'openTicket':
      return connection.answer(decision, { ok: true }, nowMs);
    case 'useTicket':
      return connection.answer(decision, { ok: true, use: true }, nowMs);
    case 'sealTicket':
      return connection.answer(decision, { ok: true, ticket: decision.ask.random }, nowMs);
    case 'lookupSession':
      return connection.answer(decision, { ok: true }, nowMs);
    case 'storeSession':
      return connection.answer(decision, { ok: true }, nowMs);
    case 'acceptEarlyData':
      return connection.answer(decision, { ok: true, accept: false }, nowMs);
    case 'sign': {
      const { credential, input } = decision.ask;
      if (credential.key === 'external') throw new Error('the tests have their keys in the process');
      const signature = credential.key.sign({ type: 'ecdsa', hash: 'sha256' }, input);
      return connection.answer(decision, { ok: true, signature }, nowMs);
    }
  }
}
