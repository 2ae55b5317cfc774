import { namedGroups, suites13 } from '@sealwire/core';
import { type Cell, type Feature, type GroupName, resumes, sendsEarlyData } from '../cell.ts';
import { earlyLine } from '../visit.ts';
import { Tool, versionOf } from '../processes.ts';
import { offeredGroups, type Peer, type PeerEnd, type PeerSide, type World } from './peer.ts';
import { buildProgram, factsOf, type ProgramSource, type ProgramTask, portOf } from './program.ts';

export interface ProgramPeer {
  readonly name: string;
  readonly source: ProgramSource;
  /** Finds the version in what the program prints for `--version`. */
  readonly version: RegExp;
  readonly limits: readonly string[];
  readonly server: PeerSide;
  readonly client: PeerSide;
}

/** A peer that is a program of our own on another TLS library: both sides are told what to do by a task. */
export function programPeer({ name, source, version, limits, server, client }: ProgramPeer): Peer {
  let program = '';
  const start = (task: ProgramTask) => new Tool(program, [JSON.stringify(task)]);
  return {
    name,
    limits,
    async find(runtimes) {
      const built = await buildProgram(source, runtimes);
      if (typeof built !== 'string') return built;
      program = built;
      const found = versionOf(program, ['--version'], version);
      return found === undefined ? { reason: `${program} does not run` } : { version: found };
    },
    server: {
      ...server,
      async start(cell, world) {
        const tool = start({ ...shared(cell, [cell.group], world), ...serverTask(cell, world) });
        const port = await portOf(tool);
        return { ...endOf(cell, tool), port };
      },
    },
    client: {
      ...client,
      async start(cell, world, port) {
        const offered = offeredGroups(cell, client);
        return endOf(cell, start({ ...shared(cell, offered, world), ...clientTask(cell, world, port) }));
      },
    },
  };
}

function serverTask({ certificate, feature }: Cell, { pki }: World) {
  const own = pki.servers[certificate].files;
  const asks = feature === 'clientCertificate' || feature === 'clientRefused';
  return {
    role: 'server',
    port: 0,
    certFile: own.chain,
    keyFile: own.key,
    ...(asks ? { clientAuth: 'require' as const } : {}),
    ...(feature === 'clientWithout' ? { clientAuth: 'request' as const } : {}),
    ...(feature === 'ocsp' ? { ocspFile: own.ocsp } : {}),
    ...(sendsEarlyData({ feature }) ? { maxEarlyData: 16_384 } : {}),
    ...(feature === 'rawKeys'
      ? {
          clientAuth: 'require' as const,
          ownRawKeyFile: own.spki,
          peerRawKeyFile: pki.clients[certificate].files.spki,
        }
      : {}),
  } as const;
}

function clientTask(cell: Cell, { pki }: World, port: number) {
  const { certificate, feature } = cell;
  const own = pki.clients[certificate].files;
  return {
    role: 'client',
    port,
    ...(feature === 'clientCertificate' ? { certFile: own.chain, keyFile: own.key } : {}),
    ...(feature === 'alpnRefused' ? { alpn: ['other'] } : {}),
    ...(resumes(cell) ? { connections: 2, commands: true } : {}),
    ...(sendsEarlyData(cell) ? { earlyData: earlyLine } : {}),
    ...(feature === 'rawKeys'
      ? {
          keyFile: own.key,
          ownRawKeyFile: own.spki,
          peerRawKeyFile: pki.servers[certificate].files.spki,
        }
      : {}),
  } as const;
}

function shared({ suite, feature }: Cell, offered: readonly GroupName[], { pki }: World) {
  const isAlpn = feature === 'alpn' || feature === 'alpnRefused';
  return {
    suites: [suites13[suite]],
    groups: offered.map((group) => namedGroups[group]),
    caFile: pki.rootFile,
    ...(commandFeatures.has(feature) ? { commands: true } : {}),
    ...(feature === 'compression' ? { compression: ['zlib'] as const } : {}),
    ...(isAlpn ? { alpn: ['sealwire/1', 'http/1.1'] } : {}),
  };
}

function endOf(cell: Cell, tool: Tool): PeerEnd {
  return {
    tool,
    talk: 'console',
    updateKeys: () => tool.write('!update\n'),
    ...(resumes(cell) && cell.role === 'server' ? { returns: { leave: () => tool.write('!close\n') } } : {}),
    async inspect({ number, isResumed, group }) {
      const facts = await factsOf(tool, number);
      const authenticates = cell.feature === 'clientCertificate' || cell.feature === 'rawKeys';
      equal('version', facts.version, 0x0304);
      equal('suite', facts.suite, suites13[cell.suite]);
      equal('group', facts.group, namedGroups[group]);
      equal('resumed', facts.resumed, isResumed);
      equal('protocol', facts.alpn, cell.feature === 'alpn' ? 'sealwire/1' : '');
      equal('has a certificate of ours', facts.certificates > 0, authenticates || cell.role === 'server');
      if (cell.feature === 'ocsp' && cell.role === 'server')
        equal('has an OCSP response', facts.stapled !== 0, true);
    },
  };
}

function equal(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`peer: ${what} is ${String(actual)}, not ${String(expected)}`);
}

const commandFeatures: ReadonlySet<Feature> = new Set(['peerKeyUpdate', 'keyUpdateFlood']);
