import { expect } from 'vitest';
import { signedContent } from '../../src/auth/signed-content.ts';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import { extension } from '../../src/extensions/definition.ts';
import { postHandshakeAuthExtension } from '../../src/extensions/post-handshake-auth.ts';
import { signatureAlgorithmsExtension } from '../../src/extensions/signature-algorithms.ts';
import type { CertificateRequest } from '../../src/messages/certificate-request.ts';
import { decodeHandshake, encodeMessage } from '../../src/messages/tls13.ts';
import { extensionTypes as ext } from '../../src/registry/extension-types.ts';
import { handshakeTypes } from '../../src/registry/handshake-types.ts';
import { signatureSchemes } from '../../src/registry/signature-schemes.ts';
import { finishedMac } from '../../src/tls13/key-schedule.ts';
import { hashOf } from '../../src/tls13/suites.ts';
import type { Decision } from '../../src/values/decisions.ts';
import { ed25519Certificate, ed25519Key } from '../harness/fixtures.ts';
import { testProvider } from '../harness/node-provider.ts';
import { nowMs, withExtension, withoutExtension, type Peer } from '../harness/peer.ts';
import { scriptedClient } from '../harness/scripted-client.ts';
import { scriptedServer, type ScriptedServer } from '../harness/scripted-server.ts';
import { bytes, clause } from './clause.ts';

const offer = extension('CH', postHandshakeAuthExtension, true);
const offering = { postHandshakeAuth: true };

clause('RFC 9846 §4.3.6: post_handshake_auth of a server', () =>
  scriptedServer(offering)
    .before('encryptedExtensions')
    .encryptedExtensions((message) => withExtension(message, offer)),
);
clause('RFC 9846 §4.3.6: post_handshake_auth with content', () =>
  scriptedClient().clientHello((hello) => withExtension(hello, { ...offer, data: bytes(0) })),
);

// --------------------------------------------------------------------------------- the client as the victim

const requestOf = (...context: number[]): CertificateRequest => ({
  type: 'certificate_request',
  certificateRequestContext: bytes(...context),
  extensions: ExtensionBlock.of('CR', [
    extension('CR', signatureAlgorithmsExtension, [signatureSchemes.ed25519]),
  ]),
});

/** The client's answers so far: whole messages, checked as a server checks them, and then forgotten. */
function checkAnswer(server: ScriptedServer, request: CertificateRequest, isEmpty: boolean, from = 0): void {
  const hash = hashOf(server.suite, testProvider);
  const messages = server.heardMessages.slice(-(isEmpty ? 2 : 3) - from, server.heardMessages.length - from);
  const names = messages.map((raw) => decodeHandshake(raw)?.type);
  expect(names).toEqual(['certificate', ...(isEmpty ? [] : ['certificate_verify']), 'finished']);
  let transcript = server.completeTranscript!.append(encodeMessage(request));
  for (const raw of messages) {
    const message = decodeHandshake(raw)!;
    if (message.type === 'certificate') {
      expect(message.certificateRequestContext).toEqual(request.certificateRequestContext);
      expect(message.certificateList).toHaveLength(isEmpty ? 0 : 1);
    }
    if (message.type === 'certificate_verify') {
      const content = signedContent('client', transcript.digest(hash));
      expect(ed25519Key.publicKey.verify({ type: 'ed25519' }, content, message.signature)).toBe(true);
    }
    if (message.type === 'finished') {
      const expected = finishedMac(hash, server.readKeys!.secret, transcript.digest(hash));
      expect(message.verifyData).toEqual(expected);
    }
    transcript = transcript.append(raw);
  }
}

const asking = (kind: Decision['kind']) => (server: Peer) =>
  server.outputs.flatMap((output) =>
    output.type === 'decision' && output.decision.kind === kind ? [output.decision] : [],
  );
const certificatesAsked = asking('selectCertificate');
const signaturesAsked = asking('sign');
const slow = { ...offering, answers: { selectCertificate: () => undefined, sign: () => undefined } };

/** What the application answers to the certificate that was asked for in this place. */
function choose(server: ScriptedServer, index: number): void {
  const decision = certificatesAsked(server)[index]!;
  const credential = {
    type: 'x509',
    chain: [ed25519Certificate],
    signatureSchemes: [signatureSchemes.ed25519],
    key: ed25519Key,
  } as const;
  expect(decision.holds).toBe('nothing');
  server.victim.answer(decision, { ok: true, credential }, nowMs);
  server.drain();
}

function sign(server: ScriptedServer, index: number): void {
  const decision = signaturesAsked(server)[index]!;
  const signature = ed25519Key.sign({ type: 'ed25519' }, (decision.ask as { input: Uint8Array }).input);
  server.victim.answer(decision, { ok: true, signature }, nowMs);
  server.drain();
}

clause('RFC 9846 §4.7.2: a request that is answered', () => {
  const server = scriptedServer(offering).before('end').handshake(requestOf(7));
  checkAnswer(server, requestOf(7), false);
  // One record, so that nothing can come in between.
  expect(server.received.at(-1)!.content[0]).toBe(handshakeTypes.certificate);
  // What is answered is no longer open: there may be any number of requests, one after the other.
  for (let i = 0; i < 40; i++) server.handshake(requestOf(8, i)).data(bytes(1));
  checkAnswer(server, requestOf(8, 39), false);
  return server.data(bytes(1));
});
clause('RFC 9846 §4.7.2: a request that is declined', () => {
  const server = scriptedServer({ ...offering, credentials: [] })
    .before('end')
    .handshake(requestOf(7));
  checkAnswer(server, requestOf(7), true);
  return server;
});
clause('RFC 9846 §4.7.2: two requests that are answered in the other order', () => {
  const server = scriptedServer(slow).before('end').handshake(requestOf(1)).handshake(requestOf(2));
  expect(certificatesAsked(server)).toHaveLength(2);
  choose(server, 1);
  server.data(bytes(1));
  choose(server, 0);
  // Which certificate is known for both; what is signed first leaves first.
  sign(server, 0);
  checkAnswer(server, requestOf(2), false);
  expect(server.victim.send(bytes(5))).toBe(1);
  server.drain();
  sign(server, 1);
  checkAnswer(server, requestOf(1), false);
  return server.data(bytes(1));
});
clause('RFC 9846 §4.7.2: a request answered after new keys', () => {
  const server = scriptedServer(slow).before('end').handshake(requestOf(1));
  choose(server, 0);
  expect(server.victim.updateKeys({ requestPeer: false })).toBe(true);
  server.drain().keyUpdate(true);
  sign(server, 0);
  checkAnswer(server, requestOf(1), false);
  return server;
});
clause('RFC 9846 §4.7.2: a later request without signature_algorithms', () =>
  scriptedServer(offering)
    .before('end')
    .handshake(withoutExtension(requestOf(1), ext.signature_algorithms)),
);
clause(
  'RFC 9846 §4.7.2: a context that stood in an earlier request',
  () => scriptedServer(offering).before('end').handshake(requestOf(1)).handshake(requestOf(1)),
  () => scriptedServer(slow).before('end').handshake(requestOf(1)).handshake(requestOf(1)),
  () => scriptedServer(offering).before('end').handshake(requestOf()),
);
clause('RFC 9846 §4.7.2: more requests than anybody answers', () => {
  const server = scriptedServer(slow).before('end');
  for (let i = 0; i < 32; i++) server.handshake(requestOf(i)).data(bytes(1));
  expect(server.failure).toBeUndefined();
  return server.handshake(requestOf(32));
});
clause('RFC 9846 §4.7.2: a request after our close_notify', () => {
  const server = scriptedServer(offering).before('end');
  server.victim.close();
  const { length } = server.drain().received;
  server.handshake(requestOf(1)).keyUpdate(true).data(bytes(1));
  expect(server.received).toHaveLength(length);
  return server;
});
