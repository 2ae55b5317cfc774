/**
 * `npm run bench:x509`: certificates read, chains verified, roots loaded, CRLs and OCSP responses checked, ours beside
 * other libraries in one run, as ratios to the first of each table. `--seconds N`: of each row (default 2).
 */
import { certificatesDer, makeTestPki, parseCertificate } from '@sealwire/x509';
import type { KeySpec } from '@sealwire/core';
import { nodeProvider } from '@sealwire/crypto-node';
import { rootCertificates } from 'node:tls';
import { parseArgs } from 'node:util';
import { Bench } from 'tinybench';
import { crlMaterial, ocspMaterial, revocationLibraries } from './revocation.ts';
import {
  nodeCrypto,
  nodeForge,
  peculiarX509,
  sealwireEager,
  sealwireNoble,
  sealwireNode,
} from './libraries.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '2' } } });
const seconds = Number(values.seconds);
if (!(seconds > 0)) throw new Error(`--seconds expects a positive number, got ${values.seconds}`);

const nowMs = Date.now();
const roots = certificatesDer([...rootCertificates]);
// What node-forge reads.
const rsaRoots = roots.filter(
  (der) => nodeProvider.importPublicKey(parseCertificate(der).spki)?.kind.type === 'rsa',
);
const everybody = [nodeCrypto, sealwireNode, sealwireNoble, peculiarX509, nodeForge];
const keySpecs: readonly (readonly [string, KeySpec])[] = [
  ['P-256', { type: 'ec', curve: 'secp256r1' }],
  ['RSA-2048', { type: 'rsa', bits: 2048 }],
];

console.log(
  `Node ${process.version}; ${roots.length} roots of its own, ${rsaRoots.length} of them with RSA keys`,
);

await table(
  'a certificate is read',
  rsaRoots.length,
  [nodeCrypto, sealwireNode, sealwireEager, peculiarX509, nodeForge],
  (library) => () => library.parse(rsaRoots),
);
for (const [name, keySpec] of keySpecs) {
  const pki = makeTestPki({ provider: nodeProvider, nowMs, keySpec });
  const able = everybody.filter((library) => name === 'RSA-2048' || library !== nodeForge);
  await table(
    `three certificates with ${name} are read and verified, cold`,
    1,
    able,
    ({ verify }) => verify && proved(() => verify(pki, nowMs)),
  );
  await table(
    `the same, of somebody known`,
    1,
    able,
    ({ verifyAgain }) => verifyAgain && proved(verifyAgain(pki, nowMs)),
  );
}
await table(
  'a set of all roots is made, and one is found',
  1,
  [nodeCrypto, sealwireNode],
  ({ loadRoots }) => loadRoots && (() => loadRoots(roots)),
);
await table(
  'a set of the RSA roots alone',
  1,
  [nodeCrypto, sealwireNode, nodeForge],
  ({ loadRoots }) => loadRoots && (() => loadRoots(rsaRoots)),
);

const pki = makeTestPki({ provider: nodeProvider, nowMs });
for (const entries of [10, 10_000]) {
  const material = crlMaterial(pki, nowMs, entries);
  const size = `${entries.toLocaleString('en')} entries (${material.crl.length.toLocaleString('en')} bytes)`;
  await table(
    `a CRL of ${size} is read, its signature checked, a certificate looked up`,
    1,
    revocationLibraries,
    ({ checkCrl }) => provedIf(checkCrl?.(material)),
  );
}
const ocsp = ocspMaterial(pki, nowMs);
await table(
  'an OCSP response of a delegated responder is verified',
  1,
  revocationLibraries,
  ({ checkOcsp }) => provedIf(checkOcsp?.(ocsp)),
);

type Work = (() => unknown) | undefined;

/** `workOf` is `undefined` for those who cannot. */
async function table<T extends { readonly name: string }>(
  title: string,
  perRun: number,
  libraries: readonly T[],
  workOf: (library: T) => Work,
): Promise<void> {
  const bench = new Bench({ time: seconds * 1_000, warmup: true });
  const unable: string[] = [];
  for (const library of libraries) {
    const work = workOf(library);
    const why = work === undefined ? '' : await failureOf(work);
    if (work !== undefined && why === undefined) bench.add(library.name, work);
    else if (library.name.startsWith('Sealwire')) throw new Error(`${title}, ${library.name}: ${why}`);
    else unable.push(`${library.name.padEnd(28)} cannot${why && `: ${why}`}`);
  }
  await bench.run();
  console.log(`\n${title}`);
  let reference: number | undefined;
  for (const { name, result } of bench.tasks) {
    if (result.state !== 'completed') {
      throw new Error(`${title}, ${name}: ${result.state}`, {
        cause: result.state === 'errored' ? result.error : undefined,
      });
    }
    const micros = (1_000 * result.latency.p50) / perRun;
    reference ??= micros;
    const ratio = reference / micros;
    console.log(
      `  ${name.padEnd(28)} ${micros.toFixed(1).padStart(9)} µs   ${ratio.toFixed(2)} of ${bench.tasks[0]!.name}`,
    );
  }
  for (const line of unable) console.log(`  ${line}`);
}

/** Tried once: some have limits of their own. */
async function failureOf(work: () => unknown): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return String((error as Error).message);
  }
}

function provedIf(work: (() => Promise<boolean> | boolean) | undefined): Work {
  return work && proved(work);
}

/** Whoever refuses would be fast. */
function proved(work: () => Promise<boolean> | boolean): () => Promise<void> | void {
  const check = (good: boolean) => {
    if (!good) throw new Error('what is good was refused');
  };
  return () => {
    const result = work();
    return typeof result === 'boolean' ? check(result) : result.then(check);
  };
}
