import { describe, expect, it } from 'vitest';
import * as vectors from '../../test/vectors/rfc8448-messages.ts';
import { cookieExtension } from '../extensions/cookie.ts';
import { earlyDataExtension } from '../extensions/early-data.ts';
import { keyShareExtension } from '../extensions/key-share.ts';
import { renegotiationInfoExtension } from '../extensions/renegotiation-info.ts';
import { preSharedKeyExtension } from '../extensions/pre-shared-key.ts';
import { recordSizeLimitExtension } from '../extensions/record-size-limit.ts';
import { serverNameExtension } from '../extensions/server-name.ts';
import { signatureAlgorithmsExtension } from '../extensions/signature-algorithms.ts';
import { supportedGroupsExtension } from '../extensions/supported-groups.ts';
import { supportedVersionsExtension } from '../extensions/supported-versions.ts';
import { namedGroups } from '../registry/groups.ts';
import { signatureSchemes } from '../registry/signature-schemes.ts';
import { suites13 } from '../registry/suites13.ts';
import { protocolVersions } from '../registry/versions.ts';
import { hex } from '../wire/bytes.ts';
import { bindersBytes } from './client-hello.ts';
import { envelope } from './envelope.ts';
import { helloRetryRequestRandom, selectedVersion } from './server-hello.ts';
import { encodeMessage, tls13Messages, type Tls13Message } from './tls13.ts';

describe('messages of RFC 8448', () => {
  it.each(Object.entries(vectors))('%s is written as it was read', (_name, raw) => {
    expect(hex(encodeMessage(decodeRaw(raw)))).toBe(hex(raw));
  });

  it('§3 ClientHello', () => {
    const hello = read('client_hello', vectors.clientHello);
    expect(hello.legacyVersion).toBe(protocolVersions.tls12);
    expect(hex(hello.random)).toBe('cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7');
    expect(hello.legacySessionId).toHaveLength(0);
    expect(hello.cipherSuites).toEqual([
      suites13.TLS_AES_128_GCM_SHA256,
      suites13.TLS_CHACHA20_POLY1305_SHA256,
      suites13.TLS_AES_256_GCM_SHA384,
    ]);
    expect([...hello.legacyCompressionMethods]).toEqual([0]);
    expect(hello.extensions.entries.map(({ type }) => type)).toEqual([0, 0xff01, 10, 35, 51, 43, 13, 45, 28]);
    expect(hello.extensions.get(serverNameExtension)).toEqual({ hostName: 'server' });
    expect(hello.extensions.get(renegotiationInfoExtension)).toEqual(new Uint8Array(0));
    expect(hello.extensions.get(supportedVersionsExtension)).toEqual([protocolVersions.tls13]);
    expect(hello.extensions.get(supportedGroupsExtension)?.slice(0, 2)).toEqual([
      namedGroups.x25519,
      namedGroups.secp256r1,
    ]);
    const [share, ...others] = hello.extensions.get(keyShareExtension) ?? [];
    expect(share?.group).toBe(namedGroups.x25519);
    expect(hex(share!.keyExchange)).toBe('99381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c');
    expect(others).toEqual([]);
    expect(hello.extensions.get(recordSizeLimitExtension)).toBe(0x4001);
    expect(bindersBytes(hello)).toBe(0);
  });

  it('§3 ServerHello and the flight after it', () => {
    const hello = read('server_hello', vectors.serverHello);
    expect(hello.cipherSuite).toBe(suites13.TLS_AES_128_GCM_SHA256);
    expect(selectedVersion(hello)).toBe(protocolVersions.tls13);
    expect(hello.extensions.get(keyShareExtension)?.group).toBe(namedGroups.x25519);

    const { extensions } = read('encrypted_extensions', vectors.encryptedExtensions);
    expect(extensions.get(serverNameExtension)).toBe(true);
    expect(extensions.get(supportedGroupsExtension)).toHaveLength(9);

    const { certificateList } = read('certificate', vectors.certificate);
    expect(certificateList.map(({ certData }) => certData.length)).toEqual([432]);

    const verify = read('certificate_verify', vectors.certificateVerify);
    expect(verify.algorithm).toBe(signatureSchemes.rsa_pss_rsae_sha256);
    expect(verify.signature).toHaveLength(128);

    expect(read('finished', vectors.serverFinished).verifyData).toHaveLength(32);
  });

  it('§3 NewSessionTicket', () => {
    const ticket = read('new_session_ticket', vectors.newSessionTicket);
    expect(ticket).toMatchObject({ ticketLifetimeSeconds: 30, ticketAgeAdd: 0xfad6aac5 });
    expect([...ticket.ticketNonce]).toEqual([0, 0]);
    expect(ticket.ticket).toHaveLength(178);
    expect(ticket.extensions.get(earlyDataExtension)).toBe(1024);
  });

  it('§4 ClientHello with a binder', () => {
    const hello = read('client_hello', vectors.resumptionClientHello);
    const offered = hello.extensions.get(preSharedKeyExtension);
    expect(offered?.identities.map(({ obfuscatedTicketAge }) => obfuscatedTicketAge)).toEqual([0xfad6aacb]);
    expect(offered?.identities[0]?.identity).toEqual(
      read('new_session_ticket', vectors.newSessionTicket).ticket,
    );
    expect(vectors.resumptionClientHello.length - bindersBytes(hello)).toBe(477);
    expect(hello.extensions.get(earlyDataExtension)).toBe(true);
    expect(read('server_hello', vectors.resumptionServerHello).extensions.get(preSharedKeyExtension)).toBe(0);
    expect(
      read('encrypted_extensions', vectors.resumptionEncryptedExtensions).extensions.get(earlyDataExtension),
    ).toBe(true);
  });

  it('§5 HelloRetryRequest and the second ClientHello', () => {
    const retry = read('hello_retry_request', vectors.helloRetryRequest);
    expect(retry.random).toEqual(helloRetryRequestRandom);
    expect(selectedVersion(retry)).toBe(protocolVersions.tls13);
    expect(retry.extensions.get(keyShareExtension)).toBe(namedGroups.secp256r1);
    const cookie = retry.extensions.get(cookieExtension);
    expect(cookie).toHaveLength(114);
    expect(read('client_hello', vectors.secondClientHello).extensions.get(cookieExtension)).toEqual(cookie);
  });

  it('§6 CertificateRequest', () => {
    const request = read('certificate_request', vectors.certificateRequest);
    expect(request.certificateRequestContext).toHaveLength(0);
    expect(request.extensions.get(signatureAlgorithmsExtension)).toHaveLength(15);
  });

  it('§7 ClientHello with a session id', () => {
    expect(read('client_hello', vectors.compatibilityClientHello).legacySessionId).toHaveLength(32);
  });
});

function read<T extends Tls13Message['type']>(
  type: T,
  raw: Uint8Array,
): Extract<Tls13Message, { readonly type: T }> {
  const message = decodeRaw(raw);
  expect(message.type).toBe(type);
  return message as Extract<Tls13Message, { readonly type: T }>;
}

function decodeRaw(raw: Uint8Array): Tls13Message {
  const { type, body } = envelope(raw);
  return tls13Messages.get(type)!.decode(body);
}
