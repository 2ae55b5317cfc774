import {
  type ClientOptions,
  createClient,
  createServer,
  type Credential,
  namedGroups,
  type ServerOptions,
} from '@sealwire/core';
import {
  clientEch,
  type EchKey,
  encodeEchConfigList,
  generateEchKey,
  greaseEch,
  serverEch,
} from '@sealwire/core/ech';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import {
  createVerifier,
  encodePem,
  loadCredential,
  makeCertificate,
  type PeerVerifier,
} from '@sealwire/x509';
import {
  type EchClientFiles,
  type EchPeer,
  type EchServerFiles,
  echPeers,
  hiddenName,
  written,
} from './ech-peers.ts';
import type { Check } from './keylog-check.ts';
import { dial, OwnEnd } from './own-end.ts';
import { openOwnServer, until } from './own-server.ts';
import type { World } from './peers/peer.ts';
import type { Tool } from './processes.ts';

/**
 * Encrypted Client Hello (RFC 9849) with others, in both directions: accepted, accepted after a HelloRetryRequest,
 * rejected and tried again with the retry configurations, and GREASE on either side.
 */
export function echChecks(): readonly Check[] {
  return echPeers.flatMap((peer) =>
    scenariosWith(peer).map(([name, scenario]) => ({
      name: `ECH with ${peer.name}: ${name}`,
      async run(world: World) {
        const reason = await peer.prepare(world.runtimes);
        if (reason !== undefined) return { skipped: reason };
        await scenario(makePlace(world.directory));
        return undefined;
      },
    })),
  );
}

type Scenario = readonly [name: string, run: (place: Place) => Promise<void>];

function scenariosWith(peer: EchPeer): readonly Scenario[] {
  const { server, greaseClient } = peer;
  const ofTheirServer: readonly Scenario[] =
    server === undefined
      ? []
      : [
          ['our client is accepted', (place) => withTheirs(server, place, 'any', acceptedThere(peer, false))],
          [
            'our client is accepted after a retry',
            (place) => withTheirs(server, place, 'secp256r1', acceptedThere(peer, true)),
          ],
          [
            'our client is rejected, and accepted with the retry configs',
            (place) => withTheirs(server, place, 'any', rejectedThere(peer)),
          ],
          ['our GREASE is ignored', (place) => withTheirs(server, place, 'any', greaseThere(peer))],
        ];
  const ofTheirClient: readonly Scenario[] = [
    ['their client is accepted', (place) => acceptedHere(peer, place, {})],
    [
      'their client is accepted after a retry',
      (place) => acceptedHere(peer, place, { groups: [namedGroups.secp384r1] }),
    ],
    ['their client is rejected', (place) => rejectedHere(peer, place)],
  ];
  const ofTheirGrease: readonly Scenario[] =
    greaseClient === undefined
      ? []
      : [['their GREASE is ignored', (place) => greaseHere(peer, greaseClient, place)]];
  return [...ofTheirServer, ...ofTheirClient, ...ofTheirGrease];
}

// ------------------------------------------------------------------------------------- their server

type Visit = (place: Place, tool: Tool, port: number) => Promise<void>;

async function withTheirs(
  start: NonNullable<EchPeer['server']>,
  place: Place,
  group: 'any' | 'secp256r1',
  visit: Visit,
): Promise<void> {
  const { tool, port } = await start(place.serverFiles(place.key), group);
  try {
    await visit(place, tool, port);
  } finally {
    await tool.stop();
  }
}

const acceptedThere =
  (peer: EchPeer, isRetried: boolean): Visit =>
  async (place, tool, port) => {
    const end = await dialEnd(place, port, listOf(place.key));
    await talk(end, peer, tool);
    expect(end.connection.facts.helloRetried, isRetried);
  };

const rejectedThere =
  (peer: EchPeer): Visit =>
  async (place, tool, port) => {
    const stale = await dialEnd(place, port, listOf(place.staleKey));
    await until(() => stale.ended !== undefined, 'end of the first connection');
    const failed = stale.ended?.type === 'failed' ? stale.ended : undefined;
    expect(failed?.error.code, 'incompatible.encryptedHelloRejected');
    expect(failed?.alert, 'ech_required');
    const configs = failed?.error.retryConfigs;
    if (configs === undefined) throw new Error('we: no retry configs');
    await talk(await dialEnd(place, port, configs), peer, tool);
  };

const greaseThere =
  (peer: EchPeer): Visit =>
  async (place, tool, port) => {
    const end = await dialEnd(place, port, undefined);
    await end.connected();
    expect(end.connection.facts.encryptedClientHello, 'grease');
    if (peer.notAccepted !== undefined) await tool.until(peer.notAccepted);
    end.destroy();
  };

/** Data both ways, after a handshake with the hidden name. */
async function talk(end: OwnEnd, peer: EchPeer, tool: Tool): Promise<void> {
  await end.connected();
  expect(end.connection.facts.encryptedClientHello, 'accepted');
  if (peer.accepted !== undefined) await tool.until(peer.accepted);
  await end.send('hello from us\n');
  await tool.until('hello from us');
  await tool.write('hello from them\n');
  await end.until('their hello', () => end.text.includes('hello from them'));
  end.close();
  end.destroy();
}

// ------------------------------------------------------------------------------------- their client

async function acceptedHere(peer: EchPeer, place: Place, options: Partial<ServerOptions>): Promise<void> {
  const ours = await openServer(place, options);
  const tool = peer.client(place.clientFiles(listOf(place.key)), ours.port);
  try {
    await until(() => ours.ends[0]?.isConnected === true, `handshake\n${tool.describe()}`);
    const end = ours.ends[0]!;
    const { facts } = end.connection;
    expect(facts.encryptedClientHello, 'accepted');
    expect(facts.serverName, hiddenName);
    expect(facts.outerServerName, publicName);
    expect(facts.helloRetried, options.groups !== undefined);
    if (peer.accepted !== undefined) await tool.until(peer.accepted);
    await end.send('hello from us\n');
    await tool.until('hello from us');
  } finally {
    await tool.stop();
    ours.close();
  }
}

async function rejectedHere(peer: EchPeer, place: Place): Promise<void> {
  const ours = await openServer(place, {});
  const tool = peer.client(place.clientFiles(listOf(place.staleKey)), ours.port);
  try {
    await tool.until(peer.rejected);
    await until(() => ours.ends[0]?.ended !== undefined, 'end of the first connection');
    expect(ours.ends[0]?.connection.facts.serverName, publicName);
    const failed = ours.ends[0]?.ended;
    expect(failed?.type === 'failed' ? failed.alert : undefined, 'ech_required');
  } finally {
    await tool.stop();
    ours.close();
  }
}

async function greaseHere(
  peer: EchPeer,
  start: NonNullable<EchPeer['greaseClient']>,
  place: Place,
): Promise<void> {
  const ours = await openServer(place, {});
  const tool = start(place.clientFiles(listOf(place.key)), ours.port);
  try {
    await until(() => ours.ends[0]?.isConnected === true, 'handshake');
    // To a server it looks like a hello for a key that it has not.
    expect(ours.ends[0]?.connection.facts.encryptedClientHello, 'rejected');
    if (peer.notAccepted !== undefined) await tool.until(peer.notAccepted);
  } finally {
    await tool.stop();
    ours.close();
  }
}

// -------------------------------------------------------------------------------------------- places

/** What one check needs: certificates for both names, ECH keys of today and of yesterday. */
interface Place {
  readonly key: EchKey;
  readonly staleKey: EchKey;
  readonly credential: Credential;
  readonly verifyPeer: PeerVerifier;
  serverFiles(key: EchKey): EchServerFiles;
  clientFiles(list: Uint8Array): EchClientFiles;
}

function makePlace(directory: string): Place {
  const now = Date.now();
  const own = provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
  const issuerKey = provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
  const validity = { provider, notBeforeMs: now - dayMs, notAfterMs: now + dayMs };
  const root = makeCertificate({ ...validity, subject: { CN: 'ECH root' }, key: issuerKey, ca: true });
  const certificate = makeCertificate({
    ...validity,
    subject: { CN: publicName },
    dnsNames: [publicName, hiddenName],
    key: own,
    issuer: { certificate: root, key: issuerKey },
    extendedKeyUsage: ['serverAuth'],
  });
  const file = (name: string, content: string | Uint8Array) => written(directory, `ech-${name}`, content);
  const roots = file('roots.pem', encodePem('CERTIFICATE', root));
  return {
    key: generateEchKey({ provider, publicName, configId: 7 }),
    staleKey: generateEchKey({ provider, publicName, configId: 8 }),
    credential: loadCredential({ provider, chain: [certificate], key: own.exportPkcs8() }),
    verifyPeer: createVerifier({ provider, roots: [root] }),
    serverFiles: ({ config, privateKey }) => ({
      roots,
      certificate: file('server.pem', encodePem('CERTIFICATE', certificate)),
      key: file('server.key', encodePem('PRIVATE KEY', own.exportPkcs8())),
      echConfig: file('config', config),
      echKey: file('private-key', privateKey),
    }),
    clientFiles: (list) => ({ roots, echConfigList: file('config-list', list) }),
  };
}

/** Our client; without a list it pretends. */
async function dialEnd(place: Place, port: number, configList: Uint8Array | undefined): Promise<OwnEnd> {
  const options: ClientOptions = {
    provider,
    serverName: hiddenName,
    groups: [namedGroups.x25519, namedGroups.secp256r1],
    grease: true,
    permuteExtensions: true,
    answers: { verifyPeer: place.verifyPeer },
    ech: configList === undefined ? greaseEch({ provider }) : clientEch({ provider, configList }),
  };
  return new OwnEnd(createClient(options), await dial(port));
}

function openServer(place: Place, options: Partial<ServerOptions>) {
  const acceptEch = serverEch({ provider, keys: [place.key] });
  // Without tickets: what a client leaves unread when it goes makes the system take its alert back.
  const own = { provider, credentials: [place.credential], acceptEch, tickets: false } as const;
  return openOwnServer(() => createServer({ ...own, ...options }));
}

function expect(got: unknown, wanted: unknown): void {
  if (got !== wanted) throw new Error(`expected ${String(wanted)}, got ${String(got)}`);
}

function listOf(key: EchKey): Uint8Array {
  return encodeEchConfigList([key.config]);
}

const publicName = 'public.test';
const dayMs = 86_400_000;
