import { expect, it } from 'vitest';
import { psk12 } from '../../../test/harness/psk12.ts';
import { scriptedServer12 } from '../../../test/harness/scripted-server12.ts';
import { session12 } from '../../../test/harness/session12.ts';
import { olderProvider as provider } from '../../../test/harness/older-provider.ts';
import { clientEch, encodeEchConfigList, generateEchKey } from '../../ech.ts';
import { sessionTicketExtension } from '../../extensions/session-ticket.ts';
import { type ClientOptions, tls13 } from '../../index.ts';
import { suites12 } from '../../registry/suites12.ts';
import { suites13 } from '../../registry/suites13.ts';
import { protocolVersions } from '../../registry/versions.ts';
import type { Session } from '../../values/session.ts';
import { tls11, tls12 } from '../module.ts';

/** Which sessions the ClientHello of a client offers; that a server resumes them is in `resume.test.ts`. */

const {
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: gcm,
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: cbc,
  TLS_ECDH_anon_WITH_AES_128_CBC_SHA: anonymous,
  TLS_PSK_WITH_AES_128_GCM_SHA256: psk,
} = suites12;
const offersAll = [suites13.TLS_AES_128_GCM_SHA256, gcm, cbc, anonymous, psk];
const ticket = new Uint8Array(40).fill(6);

/** The hello of a client that has this session, and one that could do with everything. */
function helloWith(session: Partial<Session>, options: Partial<ClientOptions> = {}) {
  const sessions = [{ ...session12, ...session }];
  const { hello } = scriptedServer12({ cipherSuites: offersAll.slice(1), ...options, sessions });
  return {
    isOffered: hello.legacySessionId.join() === sessions[0]!.sessionId!.join(),
    id: hello.legacySessionId,
    ticket: hello.extensions.get(sessionTicketExtension),
  };
}

it('an id has 32 bytes at most (RFC 5246 §7.4.1.2)', () => {
  expect(helloWith({}).isOffered).toBe(true);
  expect(helloWith({ sessionId: new Uint8Array(33).fill(2) }).id).toHaveLength(0);
});

it('beside a ticket there is always an id, by whose echo a resumption is known (RFC 5077 §3.4)', () => {
  expect(helloWith({ ticket })).toMatchObject({ ticket, isOffered: true });
  const without = helloWith({ ticket, sessionId: new Uint8Array(0) });
  expect([without.ticket, without.id.length]).toEqual([ticket, 32]);
});

it('tickets are shown by those who ask for some, up to what a hello has room for', () => {
  expect(helloWith({ ticket }, { requestTickets: false })).toMatchObject({
    ticket: undefined,
    isOffered: false,
  });
  expect(helloWith({ ticket: new Uint8Array(16_384) }).isOffered).toBe(true);
  expect(helloWith({ ticket: new Uint8Array(16_385) }).isOffered).toBe(false);
});

it('a session has a suite of its version, one of those offered, that proves somebody', () => {
  const versions = [tls13, tls12, tls11];
  const older = { version: protocolVersions.tls11 };
  expect(helloWith({ ...older, cipherSuite: cbc }, { versions }).isOffered).toBe(true);
  expect(helloWith({ ...older, cipherSuite: gcm }, { versions }).isOffered).toBe(false);
  expect(helloWith({ cipherSuite: cbc }, { cipherSuites: [gcm] }).isOffered).toBe(false);
  expect(helloWith({ cipherSuite: anonymous }).isOffered).toBe(false);
  const cipherSuites = offersAll;
  expect(helloWith({ cipherSuite: offersAll[0]! }, { versions, cipherSuites }).isOffered).toBe(false);
});

it('a session of a pre-shared key needs that key, for this version', () => {
  const session = { cipherSuite: psk, peer: undefined, externalPskIdentity: psk12.identity };
  const versions = [tls13, tls12];
  const withKey = (key: Partial<typeof psk12>) =>
    helloWith(session, { versions, cipherSuites: offersAll, externalPsks: [{ ...psk12, ...key }] });
  expect(withKey({}).isOffered).toBe(true);
  expect(withKey({ usedIn: 'both' }).isOffered).toBe(true);
  expect(withKey({ usedIn: 'tls13' }).isOffered).toBe(false);
  expect(withKey({ identity: Uint8Array.of(1) }).isOffered).toBe(false);
  expect(helloWith({ ...session, externalPskIdentity: undefined }).isOffered).toBe(false);
});

it('none is offered beside an encrypted hello, whose outside would tell whom we know (RFC 9849 §6.1)', () => {
  const key = generateEchKey({ provider, publicName: 'public.test', configId: 1 });
  const options = { versions: [tls13, tls12], cipherSuites: offersAll, sni: 'sealwire.test' };
  expect(helloWith({}, options).isOffered).toBe(true);
  const ech = clientEch({ provider, configList: encodeEchConfigList([key.config]) });
  expect(helloWith({}, { ...options, ech }).isOffered).toBe(false);
});
