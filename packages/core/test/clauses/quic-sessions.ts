import { expect } from 'vitest';
import { ExtensionBlock } from '../../src/extensions/block.ts';
import { alpnExtension } from '../../src/extensions/alpn.ts';
import { extension } from '../../src/extensions/definition.ts';
import { earlyDataExtension } from '../../src/extensions/early-data.ts';
import type { ClientOptions } from '../../src/config/client.ts';
import type { ServerOptions } from '../../src/config/server.ts';
import { quicVersions } from '../../src/quic.ts';
import { TicketRing } from '../../src/resume/ticket-ring.ts';
import type { Tls13Message } from '../../src/messages/tls13.ts';
import { olderProvider } from '../harness/older-provider.ts';
import { QuicEnds, type ChangeMessage } from '../harness/quic-ends.ts';
import { serverConfig, type Session } from '../../src/index.ts';
import { p256Credential } from '../harness/fixtures.ts';
import { bytes } from './clause.ts';
import {
  changedOnTheWay,
  later,
  only,
  PROTOCOL_VIOLATION,
  quicClause,
  ticketWithout,
} from './quic-clause.ts';

// -------------------------------------------------------------------------------------------------- §4.6.1

const ticketOf = (size: number): Tls13Message => ({
  ...ticketWithout,
  extensions: ExtensionBlock.of('NST', [extension('NST', earlyDataExtension, size)]),
});

quicClause(
  'RFC 9001 §4.6.1: a ticket with a size of its own',
  [
    later('application', ticketOf(0)),
    later('application', ticketOf(16_384)),
    later('application', ticketOf(0xffff_fffe)),
  ],
  PROTOCOL_VIOLATION,
);

quicClause('RFC 9001 §4.6.1: a ticket that allows 0-RTT data', [later('application', ticketOf(0xffff_ffff))]);
quicClause('RFC 9001 §4.6.1: a ticket that allows none', [later('application', ticketWithout)]);

// -------------------------------------------------------------------------------------- 0-RTT, §4.6.2, §9.2

const ring = new TicketRing({ provider: olderProvider });
const serving = { tickets: { keeper: ring }, earlyData: { maxBytes: 1 } };

/** A client that has been there, with 0-RTT data; the server with changed options. */
function again(client: Partial<ClientOptions>, server: Partial<ServerOptions>): QuicEnds {
  const first = new QuicEnds({ client, server: serving }).run();
  const { session } = first.of('client', 'session')[0]!;
  return new QuicEnds({
    client: { ...client, sessions: [session], sendEarlyData: true },
    server: { ...serving, ...server },
  });
}

quicClause('RFC 9001 §4.6.2: 0-RTT with another protocol than before', [
  () => {
    const ends = again({ alpnProtocols: ['test/1', 'test/2'] }, { alpnProtocols: ['test/2'] }).run();
    expect(ends.server.facts).toMatchObject({ resumed: true, alpnProtocol: 'test/2', earlyData: 'rejected' });
    expect(ends.of('server', 'keys').map(({ level }) => level)).not.toContain('early');
    expect(ends.of('client', 'earlyDataRejected')).toHaveLength(1);
    return ends;
  },
]);

quicClause('RFC 9001 §4.6.2: a server that takes 0-RTT with another protocol than before', [
  () => {
    const ends = again({ alpnProtocols: ['test/1', 'test/2'] }, {});
    return changedOnTheWay(
      ends,
      only('encrypted_extensions', (message) => ({
        ...message,
        extensions: message.extensions.with(extension('EE', alpnExtension, 'test/2')),
      })),
    );
  },
]);

quicClause('RFC 9001 §9.2: a hello with 0-RTT that comes twice', [
  () => {
    const config = serverConfig({
      provider: olderProvider,
      credentials: [p256Credential],
      alpnProtocols: ['test/1'],
      ...serving,
    });
    const server = { answers: { chooseConfig: () => ({ ok: true, config }) as const } };
    const { session } = new QuicEnds({ server }).run().of('client', 'session')[0]!;
    const first = new QuicEnds({ server, client: { sessions: [session], sendEarlyData: true } });
    const replayed = first.underway.client[0]!.bytes;
    expect(first.run().server.facts.earlyData).toBe('accepted');
    const second = new QuicEnds({ server }).deliver('server', 'initial', replayed);
    expect(second.server.facts.earlyData).toBe('rejected');
    expect(second.of('server', 'keys').map(({ level }) => level)).not.toContain('early');
    return first;
  },
]);

// --------------------------------------------------------------------------------------- RFC 9369 §5

const { v1, v2 } = quicVersions;

const inVersion = (
  version: number,
  sessions: readonly Session[] = [],
  change: ChangeMessage = () => undefined,
) =>
  new QuicEnds({
    client: { sessions, sendEarlyData: true },
    server: serving,
    clientVersion: version,
    serverTransport: { transportParameters: bytes(1), version },
    change,
  }).run();

quicClause('RFC 9369 §5: a session of another version of QUIC', [
  () => {
    const [ofV1, ofV2] = [v1, v2].map((version) => inVersion(version).of('client', 'session')[0]!.session);
    // A client does not offer it. One that does not look: what the ticket says counts.
    expect(inVersion(v2, [ofV1!]).of('client', 'earlyDataRejected')).toEqual([]);
    const ends = inVersion(v2, [{ ...ofV1!, context: ofV2!.context }]);
    expect(ends.of('client', 'earlyDataRejected')).toHaveLength(1);
    expect(ends.server.facts).toMatchObject({ resumed: false, earlyData: 'rejected' });
    return ends;
  },
]);
