import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namedGroups, suites13 } from '@sealwire/core';
import { isInOwnNetwork } from './own-network.ts';
import { goSource } from './peers/go.ts';
import { buildProgram, portOf, type ProgramSource, type ProgramTask } from './peers/program.ts';
import { rustSource } from './peers/rust.ts';
import { freePort, isInstalled, Tool } from './processes.ts';

/** Another implementation of Encrypted Client Hello. Certificates and keys are files in PEM, the rest as on the wire. */
export interface EchPeer {
  readonly name: string;
  /** Makes it ready, or says why it cannot be had here. */
  prepare(runtimes: string): Promise<string | undefined>;
  /** `group`: the only one it takes. Absent: it has no such server. */
  server?(
    files: EchServerFiles,
    group: 'any' | 'secp256r1',
  ): Promise<{ readonly tool: Tool; readonly port: number }>;
  client(files: EchClientFiles, port: number): Tool;
  /** A client of its that pretends; absent where it has none. */
  greaseClient?(files: EchClientFiles, port: number): Tool;
  /** What it prints when a hello was taken, seen from either side; absent where it says nothing. */
  readonly accepted?: string;
  readonly notAccepted?: string;
  /** What its client prints when it was rejected. */
  readonly rejected: string;
}

export interface EchServerFiles {
  readonly roots: string;
  readonly certificate: string;
  readonly key: string;
  readonly echConfig: string;
  readonly echKey: string;
}

export interface EchClientFiles {
  readonly roots: string;
  readonly echConfigList: string;
}

/** The name that is hidden: what the programs of others ask for, too. */
export const hiddenName = 'localhost';

const boringSsl: EchPeer = {
  name: 'BoringSSL',
  async prepare() {
    if (!isInstalled('bssl-tool')) return 'bssl-tool is not installed (Debian: android-boringssl)';
    // It listens on every address.
    return isInOwnNetwork()
      ? undefined
      : 'no network namespace can be made to keep bssl-tool on this machine';
  },
  async server(files, group) {
    const port = await freePort();
    const tool = new Tool('bssl-tool', [
      ...['server', '-accept', `${port}`, '-loop', '-cert', files.certificate, '-key', files.key],
      ...['-ech-config', files.echConfig, '-ech-key', files.echKey],
      ...(group === 'any' ? [] : ['-curves', 'P-256']),
    ]);
    return { tool, port };
  },
  client: (files, port) => bsslClient(files, port, ['-ech-config-list', files.echConfigList]),
  greaseClient: (files, port) => bsslClient(files, port, ['-ech-grease']),
  accepted: 'Encrypted ClientHello: yes',
  notAccepted: 'Encrypted ClientHello: no',
  rejected: 'ECH_REJECTED',
};

function bsslClient({ roots }: EchClientFiles, port: number, args: readonly string[]): Tool {
  return new Tool('bssl-tool', [
    ...['client', '-connect', `127.0.0.1:${port}`, '-server-name', hiddenName, '-root-certs', roots],
    ...args,
  ]);
}

const nss: EchPeer = {
  name: 'NSS',
  prepare: async () =>
    isInstalled('tstclnt') ? undefined : 'tstclnt is not installed (Debian: libnss3-tools)',
  client: ({ echConfigList }, port) => tstclnt(port, ['-N', readFileSync(echConfigList).toString('base64')]),
  greaseClient: (_files, port) => tstclnt(port, ['-i', '100']),
  rejected: 'SSL_ERROR_ECH_RETRY_WITH_ECH',
};

/** Without a database, and so without roots: `-o` goes on in spite of that. */
function tstclnt(port: number, args: readonly string[]): Tool {
  return new Tool('tstclnt', [
    ...['-h', '127.0.0.1', '-p', `${port}`, '-a', hiddenName, '-V', 'tls1.3:tls1.3', '-D', '-o'],
    ...args,
  ]);
}

/** A peer that is a program of our own on another library. */
function program(
  name: string,
  source: ProgramSource,
  says: Required<Pick<EchPeer, 'accepted' | 'notAccepted'>> & Pick<EchPeer, 'rejected'>,
): EchPeer & Required<Pick<EchPeer, 'server'>> {
  let path = '';
  const start = (task: Pick<ProgramTask, 'role' | 'port' | 'caFile'> & Partial<ProgramTask>) =>
    new Tool(path, [JSON.stringify({ suites: [suites13.TLS_AES_128_GCM_SHA256], groups, ...task })]);
  return {
    name,
    ...says,
    async prepare(runtimes) {
      const built = await buildProgram(source, runtimes);
      if (typeof built !== 'string') return built.reason;
      path = built;
      return undefined;
    },
    async server(files, group) {
      const tool = start({
        role: 'server',
        port: 0,
        caFile: files.roots,
        certFile: files.certificate,
        keyFile: files.key,
        echConfigFile: files.echConfig,
        echKeyFile: files.echKey,
        ...(group === 'any' ? {} : { groups: [namedGroups[group]] }),
      });
      return { tool, port: await portOf(tool) };
    },
    client: ({ roots, echConfigList }, port) =>
      start({ role: 'client', port, caFile: roots, echConfigListFile: echConfigList }),
  };
}

const groups = [namedGroups.x25519, namedGroups.secp256r1, namedGroups.secp384r1];

const go = program('Go', goSource, {
  accepted: '"echAccepted":true',
  notAccepted: '"echAccepted":false',
  rejected: 'server rejected ECH',
});

/** A client alone: rustls has no server for it. */
const { server: _, ...rust } = program('rustls', rustSource, {
  accepted: '"echStatus":"Accepted"',
  notAccepted: '"echStatus":"NotOffered"',
  rejected: 'ServerRejectedEncryptedClientHello',
});

export const echPeers: readonly EchPeer[] = [boringSsl, nss, go, rust];

/** Writes a file of this run, and says where. */
export function written(directory: string, name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}
