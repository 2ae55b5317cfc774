import type { ClientOptions, Output, ServerOptions, Session } from '@sealwire/core';
import { clientEch, encodeEchConfigList, generateEchKey, greaseEch, serverEch } from '@sealwire/core/ech';
import { suites12, tls12 } from '@sealwire/core/tls12';
import { tls13 } from '@sealwire/core/tls13';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { createVerifier, loadCredential, makeTestPki } from '@sealwire/x509';
import { describe, expect, it } from 'vitest';
import { bytesOf, client, clientCredential, drain, exchange, nowMs, ofType, server } from './ends.ts';

/** Encrypted Client Hello (RFC 9849) before servers that know TLS 1.2 alone, which know nothing of it. */
const hidden = 'hidden.example.org';
const publicName = 'public.example.net';
const pki = makeTestPki({ provider, nowMs, dnsNames: [hidden, publicName] });
const key = generateEchKey({ provider, publicName, configId: 1 });
const ech = clientEch({ provider, configList: encodeEchConfigList([key.config]) });
const asked: unknown[] = [];
const verify = createVerifier({ provider, roots: [pki.root.certificate] });

function meet(own: Partial<ClientOptions>, theirs: Partial<ServerOptions> = {}, names = pki) {
  const credential = loadCredential({ provider, chain: names.server.chain, key: names.server.key });
  const b = server({ versions: [tls12], credentials: [credential], ...theirs });
  const a = client({
    serverName: hidden,
    ech,
    credentials: [clientCredential],
    answers: {
      verifyPeer(ask) {
        asked.push(ask.expectedName);
        return verify(ask);
      },
    },
    ...own,
  });
  const first = drain(a);
  b.receive(bytesOf(first), nowMs);
  return { a, b, hello: Buffer.from(bytesOf(first)), said: exchange(a, b) };
}

const failureOf = (outputs: readonly Output[]) => ofType(outputs, 'failed')[0];

describe('an encrypted hello before a server of TLS 1.2', () => {
  it('is rejected by the public name, and nothing goes that way', () => {
    asked.length = 0;
    const { a, b, hello, said } = meet(
      {},
      { clientAuthentication: 'request', answers: { verifyPeer: verify } },
    );
    expect(hello.includes('hidden')).toBe(false);
    expect(asked).toEqual([publicName]);
    expect(failureOf(said.a)).toMatchObject({
      alert: 'ech_required',
      sentBy: 'us',
      error: { code: 'incompatible.encryptedHelloRejected', retryConfigs: undefined },
    });
    expect(a.facts).toMatchObject({ version: 0x0303, encryptedClientHello: 'rejected', handshakes: 0 });
    expect(said.a.map(({ type }) => type)).not.toContain('connected');
    expect(ofType(said.a, 'session')).toEqual([]);
    // Our own certificate is for the hidden name alone.
    expect(a.facts.certificateRequested).toBe(true);
    expect(b.facts.peerEvidence).toBeUndefined();
    expect(failureOf(said.b)).toMatchObject({ alert: 'ech_required', sentBy: 'peer' });
  });

  it('is not given up for somebody else, or for nobody', () => {
    const others = makeTestPki({ provider, nowMs, dnsNames: [hidden] });
    const verifyPeer = createVerifier({ provider, roots: [others.root.certificate] });
    const stranger = meet({ answers: { verifyPeer } }, {}, others);
    expect(failureOf(stranger.said.a)).toMatchObject({ error: { code: 'local.nameMismatch' } });
    const anonymous = [suites12.TLS_ECDH_anon_WITH_AES_128_CBC_SHA];
    const nobody = meet({ cipherSuites: [0x1301 as never, ...anonymous] }, { cipherSuites: anonymous });
    expect(failureOf(nobody.said.a)).toMatchObject({
      alert: 'handshake_failure',
      error: { code: 'incompatible.cipherSuites', section: 'RFC 9849 §6.1.7' },
    });
  });

  it('offers older versions outside alone, and no session of theirs', () => {
    const [session] = ofType(meet({ ech: undefined as never }).said.a, 'session');
    const { ticket } = (session as { session: Session }).session;
    expect(ticket.length).toBeGreaterThan(100);
    const resuming = meet({ ech: undefined as never, sessions: [session!.session] });
    expect(resuming.hello.includes(Buffer.from(ticket))).toBe(true);
    const hiding = meet({ sessions: [session!.session] });
    expect(hiding.hello.includes(Buffer.from(ticket))).toBe(false);
    // An inner hello that offered TLS 1.2 would be refused.
    const taken = meet({}, { versions: [tls13, tls12], acceptEch: serverEch({ provider, keys: [key] }) });
    expect(taken.a.facts).toMatchObject({ handshakes: 1, version: 0x0304, encryptedClientHello: 'accepted' });
  });
});

it('GREASE changes nothing in TLS 1.2, and the facts say what it was', () => {
  const { a, b, said } = meet({ ech: greaseEch({ provider }) });
  expect(failureOf(said.a)).toBeUndefined();
  expect(a.facts).toMatchObject({ handshakes: 1, version: 0x0303, encryptedClientHello: 'grease' });
  expect(b.facts.serverName).toBe(hidden);
});
