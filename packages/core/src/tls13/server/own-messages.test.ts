import { expect, it } from 'vitest';
import { p256Credential, takesFixtures } from '../../../test/harness/fixtures.ts';
import { testProvider } from '../../../test/harness/node-provider.ts';
import { nowMs } from '../../../test/harness/peer.ts';
import type { Connection } from '../../connection/connection.ts';
import { serverNameExtension } from '../../extensions/server-name.ts';
import { type ClientOptions, createClient, createServer, serverConfig } from '../../index.ts';
import { decodeHandshake } from '../../messages/tls13.ts';
import { handshakeTypes } from '../../registry/handshake-types.ts';
import type { Session } from '../../values/session.ts';

const config = serverConfig({ provider: testProvider, credentials: [p256Credential] });

/** Whether EncryptedExtensions had a server_name, and the session that the client got. */
function connect(options: Partial<ClientOptions>): { hasName: boolean; session: Session | undefined } {
  const client = createClient({
    provider: testProvider,
    sni: 'sealwire.test',
    answers: { verifyPeer: takesFixtures },
    trace: true,
    ...options,
  });
  const server = createServer(config);
  const seen: { hasName: boolean; session: Session | undefined } = { hasName: false, session: undefined };
  const drain = (from: Connection, to: Connection) => {
    let moved = false;
    for (let output = from.poll(); output !== undefined; output = from.poll()) {
      if (output.type === 'session') seen.session = output.session;
      if (output.type === 'failed') throw output.error;
      if (output.type === 'trace' && output.event.what === 'handshake' && from === client) {
        const { raw } = output.event;
        if (raw[0] !== handshakeTypes.encrypted_extensions) continue;
        const message = decodeHandshake(raw);
        if (message.type === 'encrypted_extensions')
          seen.hasName = message.extensions.has(serverNameExtension);
      }
      if (output.type !== 'transmit') continue;
      moved = true;
      for (const piece of output.pieces) to.receive(piece, nowMs);
    }
    return moved;
  };
  client.start(nowMs);
  server.start(nowMs);
  while (drain(client, server) || drain(server, client));
  return seen;
}

it('says that the name was used, but not where a session is resumed (RFC 6066 §3)', () => {
  const first = connect({});
  expect(first.hasName).toBe(true);
  expect(connect({ sessions: [first.session!] }).hasName).toBe(false);
});
