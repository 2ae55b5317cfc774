import { expect } from 'vitest';
import { alertDescriptions } from '../../src/errors/alerts.ts';
import { extension } from '../../src/extensions/definition.ts';
import { postHandshakeAuthExtension } from '../../src/extensions/post-handshake-auth.ts';
import type { ServerOptions } from '../../src/index.ts';
import type { CertificateRequest } from '../../src/messages/certificate-request.ts';
import { certificate as certificateCodec, type Certificate } from '../../src/messages/certificate.ts';
import { decodeHandshake } from '../../src/messages/tls13.ts';
import { compressionAlgorithms } from '../../src/registry/compression-algorithms.ts';
import { contentTypes } from '../../src/registry/content-types.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { finishedMac } from '../../src/tls13/key-schedule.ts';
import { hashOf } from '../../src/tls13/suites.ts';
import { encode } from '../../src/wire/codec.ts';
import { testProvider } from '../harness/node-provider.ts';
import { nowMs, withExtension, type Change } from '../harness/peer.ts';
import { scriptedClient, type ScriptedClient } from '../harness/scripted-client.ts';
import { bytes, clause } from './clause.ts';

const offer = extension('CH', postHandshakeAuthExtension, true);
const _offering = { postHandshakeAuth: true };

// --------------------------------------------------------------------------------- the server as the victim

interface Asked {
  readonly client: ScriptedClient;
  readonly requests: readonly {
    readonly id: number;
    readonly raw: Uint8Array;
    readonly context: Uint8Array;
  }[];
}

/** A client that has offered to answer, and has been asked `count` times. */
function asked(options: Partial<ServerOptions> = {}, require = false, count = 1): Asked {
  const client = scriptedClient(options)
    .clientHello((hello) => withExtension(hello, offer))
    .finished();
  const requests = Array.from({ length: count }, () => {
    const id = client.victim.requestClientAuth({ require }, nowMs)!;
    const raw = client.drain().messagesOf(handshakeTypes.certificate_request).at(-1)!;
    const { certificateRequestContext } = decodeHandshake(raw) as CertificateRequest;
    expect(certificateRequestContext).toHaveLength(32);
    return { id, raw, context: certificateRequestContext };
  });
  expect(requests.map(({ id }) => id)).toEqual(requests.map((_, i) => i + 1));
  return { client, requests };
}

/** The client's answer to one request, message by message. */
function answer({ client, requests }: Asked, index = 0) {
  const { raw, context } = requests[index]!;
  client.transcript = client.completeTranscript!.append(raw);
  return {
    certificate: (change: Change<Certificate> = (message) => message) =>
      client.certificate((message) => change({ ...message, certificateRequestContext: context })),
    /** Right, with the keys in use, or with others. */
    finished(secret = client.writeKeys!.secret): ScriptedClient {
      const verifyData = finishedMac(hashOf(client.suite, testProvider), secret, client.digest());
      return client.handshake({ type: 'finished', verifyData });
    },
    whole(): ScriptedClient {
      this.certificate();
      client.certificateVerify();
      return this.finished();
    },
  };
}

const declined: Change<Certificate> = (message) => ({ ...message, certificateList: [] });

const answers = (client: ScriptedClient) =>
  client.outputs.flatMap((output) =>
    output.type === 'clientAuthentication' ? [[output.id, output.isAuthenticated]] : [],
  );

clause('RFC 9846 §4.7.2: an answer', () => {
  const all = asked();
  const { client } = all;
  client.data(bytes(1)).keyUpdate(false).data(bytes(2));
  expect(client.victim.facts.peerEvidence).toBeUndefined();
  const part = answer(all);
  part.certificate();
  client.certificateVerify();
  expect(client.victim.facts.peerEvidence).toBeUndefined();
  part.finished();
  expect(answers(client)).toEqual([[1, true]]);
  expect(client.victim.facts).toMatchObject({
    peerEvidence: { type: 'x509' },
    peerSignatureScheme: signatureSchemes.ed25519,
  });
  return client.data(bytes(3));
});
clause('RFC 9846 §4.7.2: an answer that is never judged', () => {
  const all = asked({ answers: { verifyPeer: () => undefined } });
  const client = answer(all).certificate();
  expect(client.victim.wantsInput).toBe(false);
  // What waited for the answer will never be read: there is nothing to wait for.
  client.victim.close();
  const ends = client.drain().outputs.slice(-3);
  expect(ends.map(({ type }) => type)).toEqual(['decisionCancelled', 'transmit', 'closed']);
  return client;
});
clause('RFC 9846 §4.7.2: a client that has closed', () => {
  const { client } = asked({}, false, 0);
  client.alert(1, alertDescriptions.close_notify);
  expect(client.victim.requestClientAuth({}, nowMs)).toBeUndefined();
  expect(client.victim.send(bytes(1))).toBe(1);
  return client.drain();
});
clause('RFC 9846 §4.7.2: answers in another order than the requests', () => {
  const all = asked({ limits: { postHandshakeTasks: 3 } }, false, 3);
  // Who owes so many answers is not asked again.
  expect(all.client.victim.requestClientAuth({}, nowMs)).toBeUndefined();
  answer(all, 2).whole().data(bytes(1));
  const first = answer(all, 0);
  first.certificate(declined);
  first.finished();
  const client = answer(all, 1).whole();
  expect(answers(client)).toEqual([
    [3, true],
    [1, false],
    [2, true],
  ]);
  expect(client.victim.requestClientAuth({}, nowMs)).toBe(4);
  return client.drain();
});
clause('RFC 9846 §4.7.2: an answer by a compressed certificate', () => {
  const { zlib } = compressionAlgorithms;
  const all = asked({ certificateCompression: { accept: [zlib] } });
  const part = answer(all);
  part.certificate((message) => {
    const body = encode(certificateCodec, message);
    return {
      type: 'compressed_certificate',
      algorithm: zlib,
      uncompressedLength: body.length,
      compressedCertificateMessage: testProvider.certificateCompression!.zlib!.compress!(body),
    };
  });
  all.client.certificateVerify();
  const client = part.finished();
  expect(client.victim.facts).toMatchObject({
    peerCertificateCompression: zlib,
    peerEvidence: { type: 'x509' },
  });
  return client;
});
clause('RFC 9846 §4.7.2: an answer after new keys', () => {
  const all = asked();
  all.client.keyUpdate(false);
  return answer(all).whole();
});
clause('RFC 9846 §4.7.2: an empty answer where one may be empty', () => {
  const all = asked();
  const part = answer(all);
  part.certificate(declined);
  const client = part.finished();
  expect(answers(client)).toEqual([[1, false]]);
  expect(client.victim.facts.peerEvidence).toBeUndefined();
  return client;
});
clause('RFC 9846 §4.7.2: an empty answer where it may not', () =>
  answer(asked({}, true)).certificate(declined),
);
clause(
  'RFC 9846 §4.7.2: an answer that no request is open for',
  () => {
    const client = scriptedClient()
      .clientHello((hello) => withExtension(hello, offer))
      .finished();
    return client.certificate();
  },
  () => scriptedClient().before('end').certificate(),
);
clause('RFC 9846 §4.7.2: an answer to another request', () =>
  answer(asked()).certificate((message) => ({ ...message, certificateRequestContext: bytes(1) })),
);
clause('RFC 9846 §4.7.2: a second answer', () => {
  const all = asked();
  answer(all).whole();
  return answer(all).certificate();
});
clause('RFC 9846 §4.7.2: a second answer while another request is open', () => {
  const all = asked({}, false, 2);
  answer(all, 0).whole();
  return answer(all, 0).certificate();
});
clause(
  'RFC 9846 §4.7.2: a Finished of an answer that does not verify',
  () => {
    const all = asked();
    const part = answer(all);
    part.certificate();
    all.client.certificateVerify();
    return part.finished(new Uint8Array(32));
  },
  // With the secret from before a KeyUpdate.
  () => {
    const all = asked();
    const { secret } = all.client.writeKeys!;
    all.client.keyUpdate(false);
    const part = answer(all);
    part.certificate();
    all.client.certificateVerify();
    return part.finished(secret);
  },
  // Over the transcript of another request.
  () => {
    const all = asked({}, false, 2);
    const part = answer(all, 0);
    part.certificate(declined);
    all.client.transcript = all.client.completeTranscript!.append(all.requests[1]!.raw);
    return part.finished();
  },
);
clause(
  'RFC 9846 §4.7.2: a CertificateVerify of an answer that does not verify',
  () => {
    const all = asked();
    answer(all).certificate();
    return all.client.certificateVerify((message) => ({ ...message, signature: new Uint8Array(64) }));
  },
  // As if the request had not been there.
  () => {
    const all = asked();
    answer(all).certificate();
    all.client.transcript = all.client.completeTranscript!;
    return all.client.certificateVerify();
  },
);
clause(
  'RFC 9846 §4.7.2: another message inside an answer',
  () => {
    const all = asked();
    answer(all).certificate();
    return all.client.keyUpdate(false);
  },
  () => {
    const all = asked();
    const part = answer(all);
    part.certificate();
    return part.finished();
  },
  () => {
    const all = asked({}, false, 2);
    answer(all, 0).certificate();
    return answer(all, 1).certificate();
  },
);
clause('RFC 9846 §4.7.2: data inside an answer', () => {
  const all = asked();
  answer(all).certificate();
  return all.client.record(contentTypes.application_data, bytes(1));
});
clause('RFC 9846 §4.7.2: a certificate that the application refuses', () => {
  const refusal = { ok: false, reason: 'rejected', message: 'not this one' } as const;
  return answer(asked({ answers: { verifyPeer: () => refusal } })).certificate();
});
