import type { TlsError } from '@sealwire/core';
import { describe, expect, it } from 'vitest';
import { bytesOf, client, drain, exchange, nowMs, ofType, server, verifyPeer } from './ends.ts';

/** An error says which check failed, by which rule, at which message and field, and on demand at which bytes. */
describe('a refusal', () => {
  it('names check, message, field and section', () => {
    const error = failureOf(refusedHello(false));
    expect(error).toMatchObject({
      code: 'peer.illegalCompressionMethods',
      blame: 'peer',
      section: 'RFC 9846 §4.2.2',
      handshakeMessage: 'client_hello',
      field: 'legacy_compression_methods',
      evidence: undefined,
    });
  });

  it('names the message also where only its bytes were looked at', () => {
    const asking = client();
    const hello = bytesOf(drain(asking));
    const answering = server({ errorEvidence: true });
    // One byte more at the end of the extensions, and in the lengths of record and message.
    answering.receive(longer(hello), nowMs);
    const error = failureOf(answering);
    expect(error).toMatchObject({ code: 'peer.malformedMessage', handshakeMessage: 'client_hello' });
    expect(error.evidence?.bytes).toEqual(longer(hello).subarray(5));
  });

  it('holds the message on demand, from the header on', () => {
    const { evidence } = failureOf(refusedHello(true));
    expect(evidence).toMatchObject({ what: 'handshakeMessage', totalBytes: changedHello().length - 5 });
    expect(evidence?.bytes).toEqual(changedHello().subarray(5, 5 + 4_096));
  });

  it('holds the record where no message was being read', () => {
    const [asking, answering] = [client(), server({ errorEvidence: true })];
    exchange(asking, answering);
    asking.send(new Uint8Array(10_000));
    const record = bytesOf(drain(asking));
    record[record.length - 1]! ^= 1;
    answering.receive(record, nowMs);
    expect(failureOf(answering)).toMatchObject({
      code: 'peer.recordAuthenticationFailed',
      handshakeMessage: undefined,
      evidence: { what: 'record', bytes: record.subarray(0, 4_096), totalBytes: record.length },
    });
  });

  it('holds a copy', () => {
    const chunk = new TextEncoder().encode('GET / HTTP/1.1\r\n');
    const answering = server({ errorEvidence: true });
    answering.receive(chunk, nowMs);
    chunk.fill(0);
    const { evidence } = failureOf(answering);
    expect(new TextDecoder().decode(evidence?.bytes)).toBe('GET / HTTP/1.1\r\n');
    expect(evidence?.what).toBe('record');
  });

  it.each([
    ['GET / HTTP/1.1\r\n', 'plain HTTP'],
    ['POST /a HTTP/1.1\r\n', 'plain HTTP'],
    ['HTTP/1.1 400 Bad Request\r\n', 'plain HTTP'],
    ['PRI * HTTP/2.0\r\n', 'plain HTTP'],
    ['SSH-2.0-x\r\n', 'SSH'],
    ['220 mail.example ESMTP\r\n', 'STARTTLS'],
  ])('of %j says what it looks like', (text, hint) => {
    for (const connection of [client(), server()]) {
      connection.receive(new TextEncoder().encode(text), nowMs);
      const error = failureOf(connection);
      expect(error.code).toBe('peer.unknownRecordType');
      expect(error.message).toContain(hint);
    }
    const bitByBit = server();
    for (const byte of new TextEncoder().encode(text)) bitByBit.receive(Uint8Array.of(byte), nowMs);
    expect(failureOf(bitByBit).message).toContain(hint);
  });

  it('of other bytes gives no hint', () => {
    const answering = server();
    answering.receive(new TextEncoder().encode('GETTY'), nowMs);
    expect(failureOf(answering).message).toBe('expected a TLS record, got one of content type 71');
  });
});

describe('a verification that', () => {
  it.each([
    ['could not be carried out', 'unavailable', 'local.verificationUnavailable', 'internal_error'],
    ['says no', 'rejected', 'local.certificateRejected', 'certificate_unknown'],
    ['finds a broken certificate', 'malformed', 'peer.badCertificate', 'bad_certificate'],
  ] as const)('%s', (_, reason, code, alert) => {
    const asking = client({ answers: { verifyPeer: () => ({ ok: false, reason, message: 'no' }) } });
    const { a } = exchange(asking, server());
    expect(ofType(a, 'failed')[0]).toMatchObject({ error: { code }, alert, sentBy: 'us' });
  });

  it('answers nonsense is a failure of the policy', () => {
    const asking = client({ answers: { verifyPeer: () => 'yes' as never } });
    const { a } = exchange(asking, server());
    expect(ofType(a, 'failed')[0]).toMatchObject({
      error: { code: 'local.policyFailed' },
      alert: 'internal_error',
    });
    expect(exchange(client({ answers: { verifyPeer } }), server()).a.map(({ type }) => type)).toContain(
      'connected',
    );
  });
});

const hello = bytesOf(drain(client()));

function changedHello(): Uint8Array {
  const changed = Uint8Array.from(hello);
  const suitesAt = 5 + 4 + 2 + 32 + 1 + 32;
  const methodsAt = suitesAt + 2 + ((changed[suitesAt]! << 8) | changed[suitesAt + 1]!);
  expect([...changed.subarray(methodsAt, methodsAt + 2)]).toEqual([1, 0]);
  changed[methodsAt + 1] = 1;
  return changed;
}

function refusedHello(errorEvidence: boolean) {
  const answering = server({ errorEvidence });
  answering.receive(changedHello(), nowMs);
  return answering;
}

function longer(record: Uint8Array): Uint8Array {
  const more = new Uint8Array(record.length + 1);
  more.set(record);
  const view = new DataView(more.buffer);
  view.setUint16(3, view.getUint16(3) + 1);
  view.setUint16(7, view.getUint16(7) + 1);
  return more;
}

function failureOf(connection: ReturnType<typeof server>): TlsError {
  const [failed] = ofType(drain(connection), 'failed');
  if (failed === undefined) throw new Error('the connection has not failed');
  return failed.error;
}
