import { expect, it } from 'vitest';
import { client12, server12 } from '../../../test/harness/pair12.ts';
import { connect, handshakeMessages, sessionsOf } from '../../../test/harness/two-ends.ts';
import { serverNameExtension } from '../../extensions/server-name.ts';
import { serverConfig } from '../../index.ts';
import { decodeHandshake12 } from '../../messages/tls12.ts';
import { handshakeTypes } from '../../registry/handshake-types.ts';
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
