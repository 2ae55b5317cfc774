import { expect, it } from 'vitest';
import { client12, server12 } from '../../../test/harness/pair12.ts';
import { rsaCredential } from '../../../test/harness/rsa-keys.ts';
import { connect, failures, handshakeMessages, sessionsOf } from '../../../test/harness/two-ends.ts';
import { signedCertificateTimestampExtension } from '../../extensions/signed-certificate-timestamp.ts';
import { serverNameExtension } from '../../extensions/server-name.ts';
import { serverConfig } from '../../index.ts';
import { decodeHandshake12 } from '../../messages/tls12.ts';
import { handshakeTypes } from '../../registry/handshake-types.ts';
import { SessionTable } from '../../resume/session-table.ts';
import type { Session } from '../../values/session.ts';
import { olderProvider } from '../../../test/harness/older-provider.ts';

const { tickets } = serverConfig({ provider: olderProvider });

/** Whether ServerHello had a server_name, and the sessions that the client got. */
function handshake(sessions: readonly Session[], sni: string | false = 'sealwire.test') {
  const client = client12({ sni, trace: true, sessions });
  const { a } = connect(client, server12(tickets === undefined ? {} : { tickets }));
  const [message] = handshakeMessages(a, handshakeTypes.server_hello).map((raw) =>
    decodeHandshake12(raw, true),
  );
  return {
    hasName: message?.type === 'server_hello' && message.extensions.has(serverNameExtension),
    resumed: client.facts.resumed,
    sessions: sessionsOf(a),
  };
}

it('says that the name was used, but not where a session is resumed (RFC 6066 §3)', () => {
  const first = handshake([]);
  expect(first).toMatchObject({ hasName: true, resumed: false });
  expect(handshake(first.sessions)).toMatchObject({ hasName: false, resumed: true });
  expect(handshake([], false).hasName).toBe(false);
});

it('shows timestamps to those who ask for them (RFC 6962 §3.3.1)', () => {
  const signedCertificateTimestamps = [Uint8Array.of(1, 2, 3)];
  const shown = (own: readonly Uint8Array[], requestScts: boolean) => {
    const client = client12({ requestScts, trace: true });
    const credentials = [{ ...rsaCredential, signedCertificateTimestamps: own }];
    const { a } = connect(client, server12({ credentials }));
    expect(failures(a)).toEqual([]);
    const [hello] = handshakeMessages(a, handshakeTypes.server_hello).map((raw) =>
      decodeHandshake12(raw, true),
    );
    const { peerEvidence } = client.facts;
    return [
      hello?.type === 'server_hello' && hello.extensions.has(signedCertificateTimestampExtension),
      peerEvidence?.type === 'x509' ? peerEvidence.chain[0]!.signedCertificateTimestamps : undefined,
    ];
  };
  expect(shown(signedCertificateTimestamps, true)).toEqual([true, signedCertificateTimestamps]);
  expect(shown(signedCertificateTimestamps, false)).toEqual([false, undefined]);
  expect(shown([], true)).toEqual([false, undefined]);
});

it('gives no tickets where their number is zero, but an id if there is somewhere to keep it', () => {
  const left = (more: object) => {
    const { a } = connect(client12({}), server12({ tickets: { ...tickets!, count: 0 }, ...more }));
    expect(failures(a)).toEqual([]);
    return sessionsOf(a).map(({ ticket, sessionId }) => [ticket.length, sessionId?.length]);
  };
  expect(left({})).toEqual([]);
  expect(left({ sessionIds: { store: new SessionTable() } })).toEqual([[0, 32]]);
});
