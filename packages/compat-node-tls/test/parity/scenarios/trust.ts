import type { ConnectionOptions, TlsOptions } from 'node:tls';
import { type Scenario, type Stage, variants } from '../scenario.ts';
import { together } from './together.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;

interface Case {
  readonly name: string;
  readonly server?: (pki: Stage['pki']) => TlsOptions;
  readonly client?: (pki: Stage['pki']) => ConnectionOptions;
}

const cases: readonly Case[] = [
  { name: 'a server of a known root' },
  { name: 'a server of an unknown root', server: ({ stranger }) => stranger },
  {
    name: 'a server of an unknown root, and a client that does not mind',
    server: ({ stranger }) => stranger,
    client: () => ({ rejectUnauthorized: false }),
  },
  { name: 'a server of another name', client: () => ({ servername: 'other.example' }) },
  {
    name: 'a server that checkServerIdentity refuses',
    client: () => ({ checkServerIdentity: () => new Error('not this one') }),
  },
  {
    name: 'a client with a certificate that is asked for',
    server: ({ root }) => ({ requestCert: true, ca: root }),
    client: ({ client }) => client,
  },
  {
    name: 'a client without the certificate that is asked for, and tolerated',
    server: ({ root }) => ({ requestCert: true, rejectUnauthorized: false, ca: root }),
  },
  {
    name: 'a client of an unknown root that is tolerated',
    server: ({ root }) => ({ requestCert: true, rejectUnauthorized: false, ca: root }),
    client: ({ stranger }) => stranger,
  },
];

async function meet(
  stage: Stage,
  maxVersion: 'TLSv1.2' | 'TLSv1.3',
  { server, client }: Case,
): Promise<void> {
  const { pki } = stage;
  const met = await together(stage, { maxVersion, ...server?.(pki) }, { maxVersion, ...client?.(pki) });
  met.client.on('secureConnect', () => met.client.write('x'));
  void met.accepted.then((socket) => socket.on('data', () => socket.end()));
  await met.closed;
}

export const trustScenarios: readonly Scenario[] = versions.flatMap((version) =>
  variants(
    cases,
    ({ name }) => `${version}: ${name}`,
    (stage, each) => meet(stage, version, each),
  ),
);
