import {
  type ClientOptions,
  type Facts,
  namedGroups,
  serverConfig,
  type ServerOptions,
  suites13,
} from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import type { Check } from '../keylog-check.ts';
import type { World } from '../peers/peer.ts';
import { portOf } from '../peers/program.ts';
import { Tool } from '../processes.ts';
import { dialQuic, type OwnQuic, serveQuic } from './own-quic.ts';
import { type QuicPeer, type QuicTask, quicPeers } from './quic-peers.ts';

/**
 * TLS for QUIC (RFC 9001) with other implementations of QUIC, in both directions, over UDP: handshakes, data, key updates,
 * resumption, 0-RTT, HelloRetryRequests and clients' certificates. The packets on our side are those of `examples/message-link`.
 */
export function quicChecks(isSample: boolean, runtimes: string): readonly Check[] {
  return quicPeers.flatMap((peer) => {
    const why = isSample ? peer.leftOutOfSamples?.(runtimes) : undefined;
    return why === undefined ? checksWith(peer) : [leftOut(peer.name, why)];
  });
}

function leftOut(name: string, why: string): Check {
  return { name: `QUIC with ${name}`, run: async () => ({ skipped: `not in a sample: ${why}` }) };
}

function checksWith(peer: QuicPeer): Check[] {
  return scenariosWith(peer).map(([name, scenario]) => ({
    name: `QUIC with ${peer.name}: ${name}`,
    async run(world: World) {
      const found = await peer.find(world.runtimes);
      if ('reason' in found) return { skipped: found.reason };
      await scenario({ world, command: found });
      return undefined;
    },
  }));
}

interface Place {
  readonly world: World;
  readonly command: readonly string[];
}

type Scenario = readonly [name: string, run: (place: Place) => Promise<void>];

function scenariosWith({ retries, asksClients, updates }: QuicPeer): readonly Scenario[] {
  const suites = [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
  ] as const;
  return [
    ...suites.map((name): Scenario => [`our client, ${name}`, (place) => ourClient(place, suites13[name])]),
    ['our client resumes with 0-RTT', ourClientResumes],
    ...(retries
      ? ([['our client is asked for another hello', ourClientIsRetried]] satisfies Scenario[])
      : []),
    ...(asksClients ? ([['our client has a certificate', ourClientProves]] satisfies Scenario[]) : []),
    ...suites.map(
      (name): Scenario => [
        `our server, ${name}`,
        (place) => ourServer(place, { cipherSuites: [suites13[name]] }, {}, false),
      ],
    ),
    ['our server resumes with 0-RTT', ourServerResumes],
    ...(retries
      ? ([
          [
            'our server asks for another hello',
            (place) => ourServer(place, { groups: [namedGroups.secp384r1] }, {}, true),
          ],
        ] satisfies Scenario[])
      : []),
    ['our server asks for a certificate', ourServerAsks],
    ...(updates ? ([['our server follows key updates', ourServerFollows]] satisfies Scenario[]) : []),
  ];
}

// ------------------------------------------------------------------------------------------- our client

async function ourClient(place: Place, suite: (typeof suites13)[keyof typeof suites13]): Promise<void> {
  await withTheirServer(place, {}, async (port) => {
    const { own, end } = await dialQuic(port, { ...clientOptions(place), cipherSuites: [suite] });
    await own.until(() => own.count('connected') === 1, 'handshake');
    await own.echo(0, data);
    equal('suite', own.facts.cipherSuite, suite);
    equal('protocol', own.facts.alpnProtocol, 'echo/1');
    equal('retry', own.facts.helloRetried, false);
    // RFC 9001 §6: both sides have new keys, twice.
    for (let i = 1; i <= 2; i++) {
      await own.until(() => own.endpoint.updateKeys(Date.now()), 'key update');
      own.pump();
      await own.echo(4 * i, data);
    }
    await own.until(() => own.events('session').length > 0, 'session');
    await end();
  });
}

async function ourClientResumes(place: Place): Promise<void> {
  await withTheirServer(place, {}, async (port) => {
    const first = await dialQuic(port, clientOptions(place));
    await first.own.echo(0, data);
    await first.own.until(() => first.own.events('session').length > 0, 'session');
    await first.end();
    const sessions = first.own.events('session').map(({ session }) => session);
    equal('early data that is allowed', sessions[0]?.maxEarlyDataBytes, 0xffff_ffff);
    const again = await dialQuic(
      port,
      { ...clientOptions(place), sessions: sessions.slice(0, 1), sendEarlyData: true },
      data.subarray(0, 1000),
    );
    await again.own.until(() => again.own.count('streamEnd') === 1, 'echo of 0-RTT data');
    await again.own.until(() => again.own.count('connected') === 1, 'handshake');
    equal('resumption', again.own.facts.resumed, true);
    equal('0-RTT', again.own.facts.earlyData, 'accepted');
    await again.own.echo(4, data);
    await again.end();
  });
}

async function ourClientIsRetried(place: Place): Promise<void> {
  await withTheirServer(place, { groups: [namedGroups.secp384r1] }, async (port) => {
    const groups = [namedGroups.x25519, namedGroups.secp384r1];
    const { own, end } = await dialQuic(port, {
      ...clientOptions(place),
      groups,
      keyShares: [namedGroups.x25519],
    });
    await own.echo(0, data);
    equal('retry', own.facts.helloRetried, true);
    equal('group', own.facts.group, namedGroups.secp384r1);
    await end();
  });
}

async function ourClientProves(place: Place): Promise<void> {
  await withTheirServer(place, { requireClient: true }, async (port, tool) => {
    const credentials = [place.world.pki.clients.p256.credential(provider)];
    const { own, end } = await dialQuic(port, { ...clientOptions(place), credentials });
    await own.echo(0, data);
    equal('own chain', own.facts.ownChain?.length, 2);
    await tool.until(/facts .*"certificates":2/);
    await end();
    // Who has none is told so: certificate_required is CRYPTO_ERROR 0x0174 (RFC 9001 §4.8).
    const without = await dialQuic(port, clientOptions(place));
    await without.own.until(() => without.own.count('closed', 'peer') === 1, 'refusal');
    equal('error', without.own.events('closed')[0]?.errorCode, 0x0174);
    await without.end();
  });
}

async function withTheirServer(
  { world, command }: Place,
  task: Partial<QuicTask>,
  run: (port: number, tool: Tool) => Promise<void>,
): Promise<void> {
  const { certFile, keyFile } = filesOf(world, 'servers');
  const tool = start(command, { role: 'server', caFile: world.pki.issuersFile, certFile, keyFile, ...task });
  try {
    await run(await portOf(tool), tool);
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${tool.describe()}`);
  } finally {
    await tool.stop();
  }
}

function clientOptions({ world }: Place): ClientOptions {
  return {
    provider,
    serverName: 'localhost',
    alpnProtocols: ['echo/1'],
    answers: { verifyPeer: world.pki.verifier(provider) },
  };
}

// ------------------------------------------------------------------------------------------- our server

/** One connection of theirs, with `expected` in our facts. */
async function ourServer(
  place: Place,
  options: Partial<ServerOptions>,
  task: Partial<QuicTask>,
  isRetried: boolean,
): Promise<void> {
  await withTheirClient(place, options, { connections: 1, ...task }, ([facts]) => {
    equal('retry', facts?.helloRetried, isRetried);
    if (options.cipherSuites !== undefined) equal('suite', facts?.cipherSuite, options.cipherSuites[0]);
    if (options.groups !== undefined) equal('group', facts?.group, options.groups[0]);
  });
}

async function ourServerResumes(place: Place): Promise<void> {
  await withTheirClient(
    place,
    { earlyData: { maxBytes: 1 } },
    { connections: 2 },
    ([first, second], [, own]) => {
      equal('resumption of the first', first?.resumed, false);
      equal('resumption', second?.resumed, true);
      equal('0-RTT', second?.earlyData, 'accepted');
      equal(
        '0-RTT data',
        own?.events('data').some(({ early }) => early),
        true,
      );
    },
  );
}

async function ourServerAsks(place: Place): Promise<void> {
  const { certFile, keyFile } = filesOf(place.world, 'clients');
  const options = { clientAuthentication: 'require' } as const;
  await withTheirClient(place, options, { connections: 1, certFile, keyFile }, ([facts]) => {
    equal('evidence', facts?.peerEvidence?.type, 'x509');
  });
}

async function ourServerFollows(place: Place): Promise<void> {
  await withTheirClient(place, {}, { connections: 1, updates: true }, (_, [own]) => {
    equal('updates', own?.count('keysUpdated', 'peer'), 1);
  });
}

async function withTheirClient(
  { world, command }: Place,
  options: Partial<ServerOptions>,
  task: Partial<QuicTask>,
  check: (facts: readonly Facts[], connections: readonly OwnQuic[]) => void,
): Promise<void> {
  const { pki } = world;
  // Tickets outlive a connection: one configuration for all of them.
  const config = serverConfig({
    provider,
    alpnProtocols: ['echo/1'],
    credentials: [pki.servers.p256.credential(provider)],
    answers: { verifyPeer: pki.verifier(provider) },
    ...options,
  });
  const server = await serveQuic(config);
  const { connections = 1 } = task;
  const tool = start(command, {
    role: 'client',
    port: server.port,
    caFile: pki.issuersFile,
    bytes: data.length,
    ...task,
  });
  try {
    await tool.until(new RegExp(`(echoed ${data.length}[^]*){${connections}}`));
    // Their client may have more to do than to echo: keys to update.
    await tool.exited;
    equal('exit code of their client', tool.exitCode, 0);
    check(
      server.connections.map(({ facts }) => facts),
      server.connections,
    );
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${tool.describe()}`);
  } finally {
    await tool.stop();
    await server.end();
  }
}

function start([program, ...args]: readonly string[], task: QuicTask): Tool {
  return new Tool(program!, [...args, JSON.stringify(task)]);
}

function filesOf({ pki }: World, side: 'servers' | 'clients') {
  const { chain, key } = pki[side].p256.files;
  return { certFile: chain, keyFile: key };
}

function equal(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`we: ${what} is ${String(found)}, expected ${String(expected)}`);
}

const data = Buffer.from('0123456789abcdef'.repeat(2_500));
