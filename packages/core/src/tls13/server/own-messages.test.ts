import { expect, it } from 'vitest';
import { p256Credential, takesFixtures } from '../../../test/harness/fixtures.ts';
import { testProvider } from '../../../test/harness/node-provider.ts';
import { connect, handshakeMessages, sessionsOf } from '../../../test/harness/two-ends.ts';
import { serverNameExtension } from '../../extensions/server-name.ts';
import { createClient, createServer, serverConfig } from '../../index.ts';
import { decodeHandshake } from '../../messages/tls13.ts';
import { handshakeTypes } from '../../registry/handshake-types.ts';
import type { Session } from '../../values/session.ts';

const config = serverConfig({ provider: testProvider, credentials: [p256Credential] });

/** Whether EncryptedExtensions had a server_name, and the sessions that the client got. */
function handshake(sessions: readonly Session[]) {
  const client = createClient({
    provider: testProvider,
    sni: 'sealwire.test',
    answers: { verifyPeer: takesFixtures },
    trace: true,
    sessions,
  });
  const { a } = connect(client, createServer(config));
  const [message] = handshakeMessages(a, handshakeTypes.encrypted_extensions).map((raw) =>
    decodeHandshake(raw),
  );
  return {
    hasName: message?.type === 'encrypted_extensions' && message.extensions.has(serverNameExtension),
    resumed: client.facts.resumed,
    sessions: sessionsOf(a),
  };
}

it('says that the name was used, but not where a session is resumed (RFC 6066 §3)', () => {
  const first = handshake([]);
  expect(first).toMatchObject({ hasName: true, resumed: false });
  expect(handshake(first.sessions)).toMatchObject({ hasName: false, resumed: true });
});
