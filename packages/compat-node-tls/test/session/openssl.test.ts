import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeNodeSession } from '../../src/session/node-session.ts';
import { decodeSslSession, encodeSslSession } from '../../src/session/ssl-session.ts';
import { builtin } from './builtin.ts';
import { dialing, serving, type Version } from './fleet.ts';
import { ca, serverIdentity } from './identities.ts';
import { ours } from './ours.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) console.log('skipped: sessions beside openssl, which is not installed');

const folder = mkdtempSync(join(tmpdir(), 'sealwire-sessions-'));
const ended: (() => void)[] = [];
afterAll(() => {
  for (const end of ended) end();
  rmSync(folder, { recursive: true });
});
const path = (name: string, contents?: string) => {
  if (contents !== undefined) writeFileSync(join(folder, name), contents);
  return join(folder, name);
};
const pem = (der: Uint8Array) =>
  `-----BEGIN SSL SESSION PARAMETERS-----\n${Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END SSL SESSION PARAMETERS-----\n`;
const derOf = (file: string) =>
  Buffer.from(readFileSync(file, 'latin1').replace(/-----.*-----/g, ''), 'base64');

/** What s_client prints of a conversation that the server answers with a line. */
async function sClient(port: number, version: Version, ...more: string[]): Promise<string> {
  const flag = version === 'TLSv1.3' ? '-tls1_3' : '-tls1_2';
  const args = [
    '-connect',
    `127.0.0.1:${port}`,
    '-servername',
    'localhost',
    '-CAfile',
    path('ca.pem', ca),
    flag,
  ];
  const child = spawn('openssl', ['s_client', ...args, ...more], { stdio: ['pipe', 'pipe', 'ignore'] });
  let text = '';
  let isAnswered = false;
  child.stdout.on('data', (data) => {
    text += String(data);
    if (isAnswered || !/"reused":.*\n|ANSWER/.test(text)) return;
    isAnswered = true;
    child.stdin.write('Q\n');
  });
  child.stdin.write('x\n');
  await once(child, 'close');
  return text;
}

describe.skipIf(!hasOpenssl).each<Version>(['TLSv1.2', 'TLSv1.3'])('openssl, %s', (version) => {
  it('resumes with us, and with node:tls, what we have issued to s_client', async () => {
    const own = await serving(ours(), version);
    const theirs = await serving(builtin, version);
    const file = path(`${version}.pem`);
    expect(await sClient(own.port, version, '-sess_out', file)).toMatch(/^New, TLSv1/m);
    const session = decodeSslSession(derOf(file))!;
    expect(encodeSslSession(session)).toEqual(derOf(file));
    for (const { port } of [own, theirs]) {
      const text = await sClient(port, version, '-sess_in', file);
      expect(text).toMatch(/^Reused, TLSv1/m);
      expect(text).toContain('"reused":true');
    }
    await Promise.all([own.close(), theirs.close()]);
  });

  it('resumes what s_server has issued to us', async () => {
    const cert = path('cert.pem', serverIdentity.cert);
    const files = ['-cert', cert, '-cert_chain', cert, '-key', path('key.pem', serverIdentity.key)];
    // It answers a line with its letters in reverse order.
    const server = spawn(
      'openssl',
      ['s_server', '-accept', '127.0.0.1:0', ...files, '-rev', '-naccept', '2'],
      {
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    ended.push(() => server.kill());
    let said = '';
    server.stdout.on('data', (data) => (said += String(data)));
    while (!/^ACCEPT .*:\d+$/m.test(said)) await once(server.stdout, 'data');
    const port = Number(/^ACCEPT .*:(\d+)$/m.exec(said)![1]);
    const line = '{"reused":null}';
    const greeting = [...line].reverse().join('');
    const before = await dialing(ours(), version, port, { greeting: `${greeting}\n` });
    expect(before).toMatchObject({ error: '', reused: false });
    const session = before.sessions.at(-1)!;
    expect(await dialing(ours(), version, port, { session, greeting: `${greeting}\n` })).toMatchObject({
      error: '',
      reused: true,
    });
    await once(server, 'close');
    // And what ours has made of it, s_client reads.
    const { session: ssl } = decodeNodeSession(Buffer.from(session, 'hex'))!;
    const printed = spawnSync('openssl', [
      'sess_id',
      '-in',
      path('ours.pem', pem(encodeSslSession(ssl))),
      '-text',
    ]);
    expect(String(printed.stdout)).toContain(`Protocol  : ${version}`);
  });
});
