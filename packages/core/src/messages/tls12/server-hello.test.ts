import { expect, it } from 'vitest';
import { alertFor } from '../../errors/alerts.ts';
import { TlsError } from '../../errors/tls-error.ts';
import { alpnExtension } from '../../extensions/alpn.ts';
import { ExtensionBlock } from '../../extensions/block.ts';
import { extension, type RawExtension } from '../../extensions/definition.ts';
import { encryptedClientHelloExtension } from '../../extensions/encrypted-client-hello.ts';
import { encryptThenMacExtension } from '../../extensions/encrypt-then-mac.ts';
import { keyShareExtension } from '../../extensions/key-share.ts';
import { renegotiationInfoExtension } from '../../extensions/renegotiation-info.ts';
import { supportedGroupsExtension } from '../../extensions/supported-groups.ts';
import type { CipherSuite } from '../../registry/suites13.ts';
import type { ProtocolVersion } from '../../registry/versions.ts';
import type { LegacyServerHello } from '../server-hello.ts';
import { serverHello12 } from './server-hello.ts';

const info = extension('SH12', renegotiationInfoExtension, new Uint8Array(0));
const alpn = extension('SH12', alpnExtension, 'h2');

it('has the fields by their older names, and what was negotiated', () => {
  const hello = serverHello12(legacy(info, alpn), offering(info, alpn));
  expect(hello).toMatchObject({
    type: 'server_hello',
    serverVersion: 0x0303,
    random: new Uint8Array(32).fill(7),
    sessionId: new Uint8Array([1, 2]),
    cipherSuite: 0xc02f,
    compressionMethod: 0,
  });
  expect(hello.extensions.entries).toEqual([info, alpn]);
  expect(hello.extensions.get(alpnExtension)).toBe('h2');
  expect(hello.extensions.get(renegotiationInfoExtension)).toEqual(new Uint8Array(0));
  expect(hello.extensions.get(encryptThenMacExtension)).toBeUndefined();
});

it('refuses what was not asked for, known or not, before it asks whether it may stand there', () => {
  const share = { type: keyShareExtension.type, data: new Uint8Array(2) };
  const unknown = { type: 0x7777, data: new Uint8Array(2) };
  for (const entry of [info, alpn, share, unknown]) {
    expect(refusal(() => serverHello12(legacy(entry), offering()))).toEqual({
      code: 'peer.unsolicitedExtension',
      section: 'RFC 5246 §7.4.1.4',
      handshakeMessage: 'server_hello',
    });
  }
  expect(alertFor['peer.unsolicitedExtension']).toBe('unsupported_extension');
});

it('takes the answer to a signal', () => {
  expect(serverHello12(legacy(info), offering(), [renegotiationInfoExtension]).extensions.has(info)).toBe(
    true,
  );
  expect(refusal(() => serverHello12(legacy(alpn), offering(), [renegotiationInfoExtension]))).toMatchObject({
    code: 'peer.unsolicitedExtension',
  });
});

it('refuses what was asked for and has no place in this message', () => {
  const share = { type: keyShareExtension.type, data: new Uint8Array(2) };
  expect(refusal(() => serverHello12(legacy(share), offering(share)))).toEqual({
    code: 'peer.forbiddenExtension',
    section: 'RFC 5246 §7.4.1.4',
    handshakeMessage: 'server_hello',
  });
});

it('refuses an answer to what TLS 1.3 alone was asked (RFC 9849 §5)', () => {
  const ech = { type: encryptedClientHelloExtension.type, data: new Uint8Array(8) };
  expect(refusal(() => serverHello12(legacy(ech), offering(ech)))).toMatchObject({
    code: 'peer.unsolicitedExtension',
  });
});

it('refuses what does not decode', () => {
  const broken = { ...alpn, data: new Uint8Array([0, 0]) };
  expect(refusal(() => serverHello12(legacy(broken), offering(broken)))).toMatchObject({
    code: 'peer.malformedMessage',
  });
});

it('leaves groups unread that some servers send', () => {
  const groups = { type: supportedGroupsExtension.type, data: new Uint8Array([0xff]) };
  expect(serverHello12(legacy(groups), offering(groups)).extensions.raw(groups)).toEqual(groups.data);
});

function legacy(...extensions: RawExtension[]): LegacyServerHello {
  return {
    type: 'legacy_server_hello',
    legacyVersion: 0x0303 as ProtocolVersion,
    random: new Uint8Array(32).fill(7),
    legacySessionIdEcho: new Uint8Array([1, 2]),
    cipherSuite: 0xc02f as CipherSuite,
    legacyCompressionMethod: 0,
    extensions,
  };
}

function offering(...types: readonly { readonly type: number }[]): ExtensionBlock<'CH'> {
  return ExtensionBlock.of(
    'CH',
    types.map(({ type }) => ({ type, data: new Uint8Array(0) })),
  );
}

function refusal(run: () => unknown): unknown {
  try {
    run();
    return 'accepted';
  } catch (error) {
    if (!(error instanceof TlsError)) throw error;
    const { code, section, handshakeMessage } = error;
    return { code, section, handshakeMessage };
  }
}
