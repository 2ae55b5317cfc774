import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createClient,
  createServer,
  type DelegatedCredential,
  delegatedCredentialContent,
  encodeDelegatedCredential,
  type PrivateKey,
  signatureSchemes,
} from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import {
  createVerifier,
  encodePem,
  loadCredential,
  makeTestPki,
  parseCertificate,
  type TestPki,
} from '@sealwire/x509';
import type { Check } from './keylog-check.ts';
import { dial, OwnEnd } from './own-end.ts';
import { openOwnServer, until } from './own-server.ts';
import { portOf } from './peers/program.ts';
import type { World } from './peers/peer.ts';
import { isInstalled, runTool, Tool } from './processes.ts';

/**
 * Delegated credentials (RFC 9345) with others: NSS takes ours and refuses those that are not valid, and we do the same
 * with those of BoringSSL. Nobody at hand can show or take them as a client's.
 */
export const delegatedChecks: readonly Check[] = [
  ofOurs('their client takes ours', (place) => takenByNss(place)),
  ofOurs('their client refuses ours with a signature of something else', (place) =>
    refusedByNss(place, damaged(place)),
  ),
  ofOurs('their client refuses ours once it has expired', (place) =>
    refusedByNss(place, signed(place, -60_000)),
  ),
  ofOurs('their client refuses ours that is valid too long', (place) =>
    refusedByNss(place, signed(place, 8 * dayMs)),
  ),
  ofOurs('their client refuses ours of a certificate that does not permit it', ({ directory }) => {
    const place = placeIn(directory, false);
    return refusedByNss(place, signed(place));
  }),
  ofTheirs('our client takes theirs', takenFromBoringSsl),
  ofTheirs('our client refuses theirs with a signature of something else', refusedFromBoringSsl),
];

function ofOurs(name: string, run: (place: Place) => Promise<void>): Check {
  return {
    name: `delegated credentials with NSS: ${name}`,
    async run({ directory }: World) {
      if (!isInstalled('tstclnt') || !isInstalled('certutil'))
        return { skipped: 'tstclnt or certutil is not installed (Debian: libnss3-tools)' };
      await run(placeIn(directory, true));
      return undefined;
    },
  };
}

function ofTheirs(name: string, run: (place: Place) => Promise<void>): Check {
  return {
    name: `delegated credentials with BoringSSL: ${name}`,
    async run({ directory }: World) {
      if (!isInstalled('python3')) return { skipped: 'python3, which calls the library, is not installed' };
      if (!existsSync(join(boringSsl, 'libssl.so.0')))
        return { skipped: `no libssl.so.0 in ${boringSsl} (Debian: android-libboringssl)` };
      await run(placeIn(directory, true));
      return undefined;
    },
  };
}

// -------------------------------------------------------------------------------------- their client

async function takenByNss(place: Place): Promise<void> {
  await withNss(place, signed(place), async (tool, end) => {
    await until(() => end()?.isConnected === true, `handshake\n${tool.describe()}`);
    const { facts } = end()!.connection;
    expect(facts.ownDelegatedCredential !== undefined, true);
    expect(facts.ownSignatureScheme, signatureSchemes.ecdsa_secp256r1_sha256);
    await tool.until('Received a Delegated Credential');
  });
}

async function refusedByNss(place: Place, credential: DelegatedCredential): Promise<void> {
  await withNss(place, credential, async (tool, end) => {
    await until(() => end()?.ended !== undefined, `end of the connection\n${tool.describe()}`);
    const ended = end()?.ended;
    expect(ended?.type === 'failed' ? ended.alert : undefined, 'illegal_parameter');
  });
}

async function withNss(
  { pki, database, delegate }: Place,
  credential: DelegatedCredential,
  visit: (tool: Tool, end: () => OwnEnd | undefined) => Promise<void>,
): Promise<void> {
  const held = loadCredential({ provider, chain: pki.server.chain, key: pki.server.key });
  // Put together by hand: `loadCredential` takes none that is not valid.
  const delegation = {
    credential,
    key: delegate,
    role: 'server',
    expiresAtMs: Number.MAX_SAFE_INTEGER,
  } as const;
  const credentials = [{ ...held, delegations: [delegation] }];
  const ours = await openOwnServer(() => createServer({ provider, credentials, tickets: false }));
  const args = ['-h', 'localhost', '-p', `${ours.port}`, '-V', 'tls1.3:tls1.3', '-4'];
  const tool = new Tool('tstclnt', ['-d', database(), ...args, '-B', '-v']);
  try {
    await tool.write('hello from them\n');
    await visit(tool, () => ours.ends[0]);
  } finally {
    await tool.stop();
    ours.close();
  }
}

// -------------------------------------------------------------------------------------- their server

async function takenFromBoringSsl(place: Place): Promise<void> {
  await withBoringSsl(place, signed(place), async (tool, end) => {
    await end.connected();
    const verdict = end.connection.facts.peerVerdict as { readonly delegatedUntilMs?: number };
    expect(verdict.delegatedUntilMs !== undefined, true);
    await tool.until('delegated credential used');
    await end.send('hello from us\n');
    await end.until('echo', () => end.text.includes('hello from us'));
  });
}

async function refusedFromBoringSsl(place: Place): Promise<void> {
  await withBoringSsl(place, damaged(place), async (tool, end) => {
    await until(() => end.ended !== undefined, `end of the connection\n${tool.describe()}`);
    const { ended } = end;
    expect(ended?.type === 'failed' ? ended.error.code : undefined, 'peer.illegalDelegatedCredential');
    await tool.until('handshake failed');
  });
}

async function withBoringSsl(
  { pki, delegate, file }: Place,
  credential: DelegatedCredential,
  visit: (tool: Tool, end: OwnEnd) => Promise<void>,
): Promise<void> {
  const chain = pki.server.chain.map((der) => encodePem('CERTIFICATE', der)).join('');
  const tool = new Tool('python3', [
    ...[script, boringSsl, file('server.pem', chain)],
    file('server.key', encodePem('PRIVATE KEY', pki.server.key.exportPkcs8())),
    file('credential', encodeDelegatedCredential(credential)),
    file('delegated.key', encodePem('PRIVATE KEY', delegate.exportPkcs8())),
  ]);
  try {
    const port = await portOf(tool);
    const verifyPeer = createVerifier({ provider, roots: [pki.root.certificate] });
    const connection = createClient({
      provider,
      serverName: 'localhost',
      acceptDelegatedCredentials: true,
      answers: { verifyPeer },
    });
    const end = new OwnEnd(connection, await dial(port));
    await visit(tool, end);
    end.destroy();
  } finally {
    await tool.stop();
  }
}

// -------------------------------------------------------------------------------------------- places

/** What one check needs: certificates, and a key that the server's delegates to. */
interface Place {
  readonly directory: string;
  readonly pki: TestPki;
  readonly delegate: PrivateKey;
  /** A file of this check's own. */
  file(name: string, content: string | Uint8Array): string;
  /** A database of NSS that trusts the root. */
  database(): string;
}

function placeIn(parent: string, isPermitted: boolean): Place {
  const directory = mkdtempSync(join(parent, 'delegated-'));
  const pki = makeTestPki({ provider, nowMs: Date.now(), delegationUsage: isPermitted });
  const delegate = provider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
  const file = (name: string, content: string | Uint8Array) => {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  };
  const place = { directory, pki, delegate, file };
  return {
    ...place,
    database() {
      const database = `sql:${directory}`;
      const root = file('root.pem', encodePem('CERTIFICATE', pki.root.certificate));
      runTool('certutil', ['-N', '-d', database, '--empty-password']);
      runTool('certutil', ['-A', '-d', database, '-n', 'root', '-t', 'C,,', '-i', root]);
      return database;
    },
  };
}

/** A credential for so long from now on: valid for a day, or not valid. Nothing that we offer makes the latter. */
function signed({ pki, delegate }: Place, validForMs = dayMs): DelegatedCredential {
  const { certificate, key } = pki.server;
  const algorithm = signatureSchemes.ecdsa_secp256r1_sha256;
  const validMs = Date.now() + validForMs - parseCertificate(certificate).notBeforeMs;
  const cred = {
    validTimeSeconds: Math.floor(validMs / 1_000),
    dcCertVerifyAlgorithm: algorithm,
    subjectPublicKeyInfo: delegate.publicKey.spki,
  };
  const content = delegatedCredentialContent('server', certificate, cred, algorithm);
  return { cred, algorithm, signature: key.sign({ type: 'ecdsa', hash: 'sha256' }, content) };
}

/** What is signed is not what stands there: one second is. */
function damaged(place: Place): DelegatedCredential {
  const { cred, ...rest } = signed(place);
  return { ...rest, cred: { ...cred, validTimeSeconds: cred.validTimeSeconds - 1 } };
}

function expect(got: unknown, wanted: unknown): void {
  if (got !== wanted) throw new Error(`expected ${String(wanted)}, got ${String(got)}`);
}

const dayMs = 86_400_000;
const script = fileURLToPath(new URL('../boringssl-peer/server.py', import.meta.url));
/** Where Debian's android-libboringssl has its libraries. */
const boringSsl = '/usr/lib/x86_64-linux-gnu/android';
