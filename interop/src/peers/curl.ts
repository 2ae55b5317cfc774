import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { classicCertificates, type Cell, classicGroups, resumes, suiteNames } from '../cell.ts';
import { Tool, versionOf } from '../processes.ts';
import { opensslGroup } from './openssl.ts';
import { offeredGroups, type Peer, type PeerEnd, type World } from './peer.ts';

/** `curl`, which posts something and gets it back. */
export const curl: Peer = {
  name: 'curl',
  async find() {
    const version = versionOf('curl', ['--version'], /^(curl \S+ .*?OpenSSL\/\S+|curl \S+)/);
    return version === undefined ? { reason: 'curl is not installed' } : { version };
  },
  limits: [
    '`curl` is a client alone; its features are those of its TLS library that it has options for. It closes without having answered a KeyUpdate, and resumes within one run alone; early data it has none.',
  ],
  client: {
    suites: suiteNames,
    groups: classicGroups,
    certificates: classicCertificates,
    features: [
      'plain',
      'retry',
      'cookie',
      'clientCertificate',
      'clientWithout',
      'clientRefused',
      'alpn',
      'ocsp',
      'bulk',
      'oddHello',
      'allVersions',
      'resumption',
      'resumptionRetry',
    ],
    isRestricted: true,
    speaksHttp: true,
    alpn: 'http/1.1',
    start: startClient,
  },
};

async function startClient(
  cell: Cell,
  { pki, directory, bulkSha256 }: World,
  port: number,
): Promise<PeerEnd> {
  const own = pki.clients[cell.certificate].files;
  const isBulk = cell.feature === 'bulk';
  const answer = join(directory, `curl-${port}.out`);
  const word = 'a word of curl';
  let visits = 0;
  const tool = new Tool(
    'curl',
    [
      ...[
        '--silent',
        '--show-error',
        '--verbose',
        '--noproxy',
        '*',
        '--http1.1',
        '--tlsv1.3',
        '--max-time',
        '60',
      ],
      ...['--resolve', `localhost:${port}:127.0.0.1`, '--cacert', pki.rootFile, '--output', answer],
      ...[
        '--tls13-ciphers',
        cell.suite,
        '--curves',
        offeredGroups(cell, curl.client!).map(opensslGroup).join(':'),
      ],
      ...(cell.feature === 'clientCertificate' ? ['--cert', own.chain, '--key', own.key] : []),
      ...(cell.feature === 'ocsp' ? ['--cert-status'] : []),
      ...['--data-binary', isBulk ? `@${join(directory, 'bulk.txt')}` : word],
      `https://localhost:${port}/echo`,
      // It comes again by itself, with the session that it was given, because the first connection may not serve twice.
      ...(resumes(cell)
        ? ['--header', 'Connection: close', '--output', answer, `https://localhost:${port}/echo`]
        : []),
    ],
    { cwd: directory },
  );
  return {
    tool,
    talk: 'http',
    prints: cell.feature === 'clientRefused' ? [] : [`TLSv1.3 / ${cell.suite}`],
    ...(resumes(cell) ? { returns: { leave: async () => {} } } : {}),
    async finished() {
      if (++visits === 1 && resumes(cell)) return;
      await tool.exited;
      if (tool.exitCode !== 0) throw new Error(`peer: curl ended with ${tool.exitCode}`);
      const bytes = readFileSync(answer);
      const expected = isBulk ? bulkSha256 : sha256(Buffer.from(word));
      if (sha256(bytes) !== expected) throw new Error(`peer: curl got ${bytes.length} bytes that differ`);
    },
  };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
