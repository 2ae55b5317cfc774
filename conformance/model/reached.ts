import type { World } from './world.ts';

/** What a walk has come by, of what not every walk does. */
export function reached(world: World): readonly string[] {
  const { client, server } = world.ends;
  const { facts } = server.connection;
  const both = client.isConnected && server.isConnected;
  const all: readonly (readonly [string, boolean])[] = [
    ['both connected', both],
    ['both connected, resumed', both && facts.resumed === true],
    ['both connected in TLS 1.2 or older', both && (facts.version ?? 0) < 0x0304],
    ['both connected in TLS 1.2, resumed', both && facts.version === 0x0303 && facts.resumed === true],
    ['both connected, without a key exchange', both && facts.group === undefined],
    ['both connected with an external key', both && facts.externalPskIdentity !== undefined],
    ['0-RTT data delivered', server.earlyBytes > 0],
    ['0-RTT data lost, and both connected', both && world.earlySent > 0 && facts.earlyData === 'rejected'],
    [
      '0-RTT data lost to a HelloRetryRequest, and both connected',
      both && world.earlySent > 0 && facts.earlyData === 'rejected' && facts.helloRetried === true,
    ],
    [
      'a connection that ended after 0-RTT data was delivered and before the handshake was done',
      server.earlyBytes > 0 && !server.isConnected,
    ],
    ['a request for a certificate answered', server.answeredRequests.size > 0],
    ['two requests for a certificate answered', server.answeredRequests.size > 1],
    ['a renegotiation', client.handshakes > 1 && server.handshakes > 1],
    ['three renegotiations', client.handshakes > 3 && server.handshakes > 3],
    ['a renegotiation that was refused', world.renegotiations > 0 && both && server.handshakes === 1],
    ['a renegotiation and a resumed session', both && server.handshakes > 1 && facts.resumed === true],
    ['a delegated key', server.connection.facts.ownDelegatedCredential !== undefined],
    ['data of a client before it was connected (RFC 7918)', world.wasFalseStarted],
    ['a client detached', client.isDetached],
    ['a server detached', server.isDetached],
    ['a hello tampered with', world.isHelloTampered],
  ];
  return all.filter(([, isReached]) => isReached).map(([what]) => what);
}
