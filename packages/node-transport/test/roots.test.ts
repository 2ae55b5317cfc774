import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { connect, createServer, systemRoots, TransportError } from '../src/index.ts';
import { errorOf } from './ends.ts';
import { otherRoots, roots, serverIdentity } from '@sealwire/transport-tests';

const folder = mkdtempSync(join(tmpdir(), 'sealwire-roots-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, contents: string): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}
const first = file('first.pem', `# ours\n${roots}`);
const second = file('second.pem', otherRoots);
const empty = file('empty.pem', 'nothing\n');
const missing = join(folder, 'missing.pem');

function thrownBy(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

it('the first file that holds certificates counts, then directories', () => {
  const none = { env: {}, directories: [] };
  expect(systemRoots({ ...none, files: [missing, empty, folder, first, second] }).size).toBe(1);
  expect(systemRoots({ env: {}, files: [missing], directories: [missing, folder] }).size).toBe(2);
  expect(thrownBy(() => systemRoots({ ...none, files: [missing, empty] }))).toMatchObject({
    code: 'transport.noSystemRoots',
  });
});

it('the environment goes first, and what it names must be there', () => {
  const files = [first];
  expect(systemRoots({ env: { SSL_CERT_FILE: first, SSL_CERT_DIR: folder }, files }).size).toBe(3);
  for (const env of [{ SSL_CERT_FILE: missing }, { SSL_CERT_DIR: missing }, { SSL_CERT_FILE: empty }]) {
    expect(thrownBy(() => systemRoots({ env, files }))).toBeInstanceOf(TransportError);
  }
});

it('a server is verified against what the files hold', async () => {
  const server = await createServer(serverIdentity, (connection) => {
    connection.end();
  });
  const options = { host: 'localhost', port: server.port };
  const trusting = await connect({ ...options, roots: systemRoots({ env: { SSL_CERT_FILE: first } }) });
  expect(trusting.facts.version).toBe(0x0304);
  trusting.destroy();
  const error = await errorOf(
    connect({ ...options, roots: systemRoots({ env: { SSL_CERT_FILE: second } }) }),
  );
  expect(error).toMatchObject({ code: 'local.unknownCa' });
  await server.close();
});

it('a client that is told nothing trusts whom Mozilla trusts, and nobody else', async () => {
  const server = await createServer(serverIdentity, (connection) => {
    connection.end();
  });
  const error = await errorOf(connect({ host: 'localhost', port: server.port }));
  expect(error).toMatchObject({ code: 'local.unknownCa' });
  await server.close();
});
