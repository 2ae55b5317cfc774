import { describe, expect, it } from 'vitest';
import { echKey } from '../../test/harness/encrypted-hello.ts';
import { client12, connect12, server12 } from '../../test/harness/pair12.ts';
import { olderProvider } from '../../test/harness/older-provider.ts';
import { connect, exchange, failures, nowMs, sessionsOf, type Said } from '../../test/harness/two-ends.ts';
import { clientEch, encodeEchConfigList } from '../ech.ts';
import { type ClientOptions, type ServerOptions, suites13, TicketRing, tls13 } from '../index.ts';
import { suites12 } from '../registry/suites12.ts';
import { concat } from '../wire/bytes.ts';
import { tls11, tls12 } from '../tls12/module.ts';

/** False Start (RFC 7918). */

const alpnProtocols = ['h2'];
const falseStart = 'withAlpn' as const;
const writable = ({ a }: Said) => a.flatMap((each) => (each.type === 'writable' ? [each.as] : []));

function spoken(a: Partial<ClientOptions>, b: Partial<ServerOptions> = {}) {
  const said = connect(client12({ alpnProtocols, ...a }), server12({ alpnProtocols, ...b }), nowMs);
  expect([...failures(said.a), ...failures(said.b)]).toEqual([]);
  return said;
}

describe('False Start', () => {
  it('lets data leave with our Finished, which the server takes once it has read that', () => {
    const [a, b] = [client12({ alpnProtocols, falseStart }), server12({ alpnProtocols })];
    b.start(nowMs);
    a.start(nowMs);
    const taken = () => {
      const pieces: Uint8Array[] = [];
      const heard: string[] = [];
      for (let output = a.poll(); output !== undefined; output = a.poll()) {
        if (output.type === 'transmit') pieces.push(...output.pieces);
        if (output.type === 'writable') heard.push(output.as);
      }
      return { bytes: concat(pieces), heard };
    };
    b.receive(taken().bytes, nowMs);
    for (let output = b.poll(); output !== undefined; output = b.poll())
      if (output.type === 'transmit') for (const piece of output.pieces) a.receive(piece, nowMs);
    const { bytes, heard } = taken();
    expect(heard).toEqual(['falseStart']);
    expect(a.facts.handshakes).toBe(0);
    expect(a.send(Uint8Array.of(1, 2, 3))).toBe(3);
    b.receive(concat([bytes, taken().bytes]), nowMs);
    const said = exchange(a, b);
    expect(said.b.flatMap((each) => (each.type === 'data' ? [...each.bytes] : []))).toEqual([1, 2, 3]);
    expect(writable(said)).toEqual(['full']);
    expect([a.facts.handshakes, b.facts.handshakes]).toEqual([1, 1]);
  });

  it('is off by default, and wants a protocol of ALPN or NPN unless it is always wanted', () => {
    const npn = { alpnProtocols: [], npnProtocols: ['spdy/3'] };
    const none = { alpnProtocols: [] };
    expect(writable(spoken({}))).toEqual(['full']);
    expect(writable(spoken({ falseStart: 'never' }))).toEqual(['full']);
    expect(writable(spoken({ falseStart }))).toEqual(['falseStart', 'full']);
    expect(writable(spoken({ falseStart, ...npn }, npn))).toEqual(['falseStart', 'full']);
    expect(writable(spoken({ falseStart, ...none }))).toEqual(['full']);
    expect(writable(spoken({ falseStart: 'always', ...none }))).toEqual(['falseStart', 'full']);
  });

  it.each([
    ['ECDHE and GCM', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', true],
    ['ECDHE and ChaCha20', 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', true],
    ['ECDHE and CBC', 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256', false],
    ['RSA and GCM', 'TLS_RSA_WITH_AES_128_GCM_SHA256', false],
    ['DHE and GCM', 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', false],
    ['nobody', 'TLS_DH_anon_WITH_AES_128_GCM_SHA256', false],
  ] as const)('with %s: %s', (_title, name, isEarly) => {
    const cipherSuites = [suites12[name]];
    const said = spoken({ falseStart: 'always', cipherSuites }, { cipherSuites });
    expect(writable(said)).toEqual(isEarly ? ['falseStart', 'full'] : ['full']);
  });

  it('is no matter of other versions', () => {
    for (const versions of [[tls11], [tls13]])
      expect(
        writable(
          spoken(
            { falseStart: 'always', versions: [tls13, tls12, tls11] },
            { versions, ...schemesFor(versions) },
          ),
        ),
      ).toEqual(['full']);
  });

  it('is no matter of a session that is resumed, where our Finished is the last', () => {
    const keeper = new TicketRing({ provider: olderProvider });
    const server = { tickets: { keeper } };
    const sessions = sessionsOf(spoken({ falseStart }, server).a);
    expect(sessions).toHaveLength(1);
    expect(writable(spoken({ falseStart, sessions }, server))).toEqual(['full']);
  });

  it('is no matter of another handshake on the connection', () => {
    const [a, b] = [
      client12({ alpnProtocols, falseStart }),
      server12({ alpnProtocols, acceptRenegotiation: true }),
    ];
    expect(connect12(a, b)).toEqual([]);
    a.renegotiate(undefined, nowMs);
    const said = exchange(a, b);
    expect(a.facts.handshakes).toBe(2);
    expect(writable(said)).toEqual(['full']);
  });

  it('tells nothing to a server that has rejected an encrypted hello', () => {
    const ech = clientEch({ provider: olderProvider, configList: encodeEchConfigList([echKey.config]) });
    const client = { serverName: 'hidden.test', versions: [tls13, tls12], ech };
    const said = connect(
      client12({ alpnProtocols, falseStart, ...client }),
      server12({ alpnProtocols }),
      nowMs,
    );
    expect(failures(said.a)).toEqual([expect.stringMatching(/^incompatible.encryptedHelloRejected/)]);
    expect(writable(said)).not.toContain('falseStart');
  });

  it('says what the option may be', () => {
    expect(() => client12({ falseStart: true as never })).toThrow('falseStart must be');
  });
});

/** RSA signs in TLS 1.3 by RSASSA-PSS alone, which the credential has. */
function schemesFor(versions: readonly unknown[]): Partial<ServerOptions> {
  return versions.includes(tls13) ? { cipherSuites: [suites13.TLS_AES_128_GCM_SHA256] } : {};
}
