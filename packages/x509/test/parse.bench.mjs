/**
 * Microseconds per certificate for reading it: ours, ours with all extensions, ours through the cache, asn1js
 * (which stops at a tree of values) and Node's X509Certificate. Run after the build: `node test/parse.bench.mjs`.
 */
import { X509Certificate, webcrypto } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import * as asn1 from 'asn1js';
import { CertificateCache, certificatesDer, parseCertificate } from '../dist/index.js';

globalThis.crypto ??= webcrypto;
const ders = certificatesDer([...rootCertificates]);
const cache = new CertificateCache(ders.length);

const rows = [
  ['parseCertificate', (der) => parseCertificate(der)],
  ['… and readEverything', (der) => parseCertificate(der).readEverything()],
  ['… and the comparison key', (der) => parseCertificate(der).subject.comparisonKey],
  ['CertificateCache (hit)', (der) => cache.parse(der)],
  ['asn1js fromBER', (der) => asn1.fromBER(der)],
  ['node X509Certificate', (der) => new X509Certificate(der)],
];

console.log(
  `${ders.length} root certificates of Node ${process.version}, mean ${Math.round(ders.reduce((n, der) => n + der.length, 0) / ders.length)} bytes`,
);
for (const [name, read] of rows) console.log(`${name.padEnd(28)} ${median(read).toFixed(2).padStart(8)} µs`);

/** Median over 15 rounds of at least 50 ms. */
function median(read) {
  const rounds = [];
  for (let round = 0; round < 16; round++) {
    const started = process.cpuUsage();
    let count = 0;
    let used = 0;
    do {
      for (const der of ders) read(der);
      count += ders.length;
      const { user, system } = process.cpuUsage(started);
      used = user + system;
    } while (used < 50_000);
    if (round > 0) rounds.push(used / count);
  }
  return rounds.sort((a, b) => a - b)[rounds.length >> 1];
}
