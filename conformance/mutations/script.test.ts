import { ApiMisuseError, suites13 } from '@sealwire/core';
import {
  doubling,
  dropping,
  findPart,
  dissect,
  followedBy,
  inserting,
  manInTheMiddle,
  type MiddleRule,
  precededBy,
  removing,
  replacing,
  rewriting,
} from '@sealwire/testkit';
import { describe, expect, it } from 'vitest';
import { plain, scenarios } from '../properties/scenarios.ts';
import { converseAs } from './subjects.ts';

const alpn = scenarios.find(({ name }) => name === 'ALPN')!;
const retry = scenarios.find(({ name }) => name === 'retry by group')!;
const withClientCertificate = scenarios.find(({ name }) => name.includes('with a certificate'))!;
const keyUpdate = new Uint8Array([24, 0, 0, 1, 0]);

describe('a man in the middle by script', () => {
  it.each<[string, typeof plain, MiddleRule, string]>([
    [
      'another cipher suite',
      plain,
      { in: 'server_hello', do: replacing('cipher_suite', suites13.TLS_AES_128_CCM_8_SHA256) },
      'peer.unofferedCipherSuite',
    ],
    [
      'another session id, after the client has spoken',
      plain,
      {
        in: 'server_hello',
        after: { message: 'client_hello', from: 'client' },
        do: replacing('legacy_session_id_echo', new Uint8Array(32)),
      },
      'peer.illegalSessionIdEcho',
    ],
    [
      'no key share',
      plain,
      { in: 'server_hello', do: removing('extensions.key_share') },
      'peer.missingExtension',
    ],
    [
      'a protocol that nobody offered',
      alpn,
      {
        in: 'encrypted_extensions',
        do: replacing('extensions.application_layer_protocol_negotiation.value[0]', new Uint8Array([120])),
      },
      'peer.unofferedAlpn',
    ],
    [
      'an extension that stands twice',
      plain,
      {
        in: 'server_hello',
        do: inserting('extensions.key_share', new Uint8Array([0, 51, 0, 2, 0, 29])),
      },
      'peer.duplicateExtension',
    ],
    ['the signature dropped', plain, { in: 'certificate_verify', do: dropping }, 'peer.unexpectedMessage'],
    [
      'a signature with one bit changed',
      plain,
      {
        in: 'certificate_verify',
        do: replacing('signature', (signature) => signature.with(-1, signature.at(-1)! ^ 1)),
      },
      'peer.badSignature',
    ],
    ['Finished twice', plain, { in: 'finished', from: 'server', do: doubling }, 'peer.unexpectedMessage'],
    [
      'a KeyUpdate in the handshake',
      plain,
      { in: 'certificate', do: precededBy(keyUpdate) },
      'peer.unexpectedMessage',
    ],
    [
      'the second hello with the old share',
      retry,
      { in: 'client_hello', nth: 1, do: replacing('extensions.key_share.value[0].group', 0x001d) },
      'peer.',
    ],
    [
      'other contents of the retry',
      retry,
      { in: 'hello_retry_request', do: replacing('extensions.key_share.value', 0x001d) },
      'peer.retryWithoutChange',
    ],
    [
      "a client's certificate without its signature",
      withClientCertificate,
      { in: 'certificate_verify', from: 'client', do: dropping },
      'peer.unexpectedMessage',
    ],
  ])('%s is found out', (_, scenario, rule, code) => {
    const middle = manInTheMiddle([rule]);
    const { client, server } = converseAs(scenario, middle);
    expect(middle.applied).toEqual([1]);
    const codes = [client.failure?.error.code, server.failure?.error.code];
    expect(codes.some((each) => each?.startsWith(code))).toBe(true);
  });

  it('has his Finished accepted, and is betrayed by the signature alone', () => {
    const rule: MiddleRule = {
      in: 'client_hello',
      do: removing('extensions.application_layer_protocol_negotiation'),
    };
    const code = (forgesFinished: boolean) =>
      converseAs(alpn, manInTheMiddle([rule], { forgesFinished })).client.failure?.error.code;
    expect(code(false)).toBe('peer.badSignature');
    const withoutSignature = manInTheMiddle(
      [{ in: 'encrypted_extensions', do: removing('extensions.application_layer_protocol_negotiation') }],
      { forgesFinished: true },
    );
    expect(converseAs(alpn, withoutSignature).client.failure?.error.code).toBe('peer.badSignature');
  });

  it('may speak after the handshake, as everybody who has the keys', () => {
    const middle = manInTheMiddle([
      { in: 'finished', from: 'client', do: followedBy(keyUpdate) },
      { in: 'application_data', from: 'server', do: rewriting((data) => data.toReversed()) },
    ]);
    const { client, server, messages } = converseAs(plain, middle);
    expect(middle.applied).toEqual([1, 1]);
    expect(new TextDecoder().decode(client.data[0])).toBe('ylper');
    expect(server.connection.facts.keyUpdatesReceived).toBe(1);
    expect(findPart(dissect(messages[0]!.message), 'cipher_suites[0]')?.meaning).toMatch(/^TLS_/);
  });

  it('waits for what its rules wait for', () => {
    const middle = manInTheMiddle([
      { in: 'client_hello', after: 'server_hello', do: dropping },
      { in: 'client_hello', nth: 1, do: dropping },
      { in: 'server_hello', from: 'client', do: dropping },
    ]);
    expect(converseAs(plain, middle).client.isClosed).toBe(true);
    expect(middle.applied).toEqual([0, 0, 0]);
  });

  it('refuses names that mean no message', () => {
    expect(() => manInTheMiddle([{ in: 'change_cipher_spec', do: dropping }])).toThrow(ApiMisuseError);
  });
});
