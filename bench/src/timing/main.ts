import { parseArgs } from 'node:util';
import type { CryptoProvider } from '@sealwire/core';
import { nobleProvider } from '@sealwire/crypto-noble';
import { nodeProvider } from '@sealwire/crypto-node';
import { cbcComparisons } from './cbc.ts';
import { compare, threshold, type Finding } from './compare.ts';
import { rsaComparisons } from './rsa.ts';

/**
 * `npm run bench:timing`, of subjects whose title has what `-- --only` says: what can be told from the time that checks take, with checks that leak on purpose beside them:
 * a run in which those are not found out says nothing. Numbers to read, not a test: they depend on the machine.
 */
const { values: options } = parseArgs({
  options: { samples: { type: 'string', default: '200000' }, only: { type: 'string', default: '' } },
});
const samples = Number(options.samples);
if (!(samples >= 1_000)) throw new Error(`--samples expects a number from 1,000 on, got ${options.samples}`);

const subjects = [
  {
    title: 'AES-128-CBC with HMAC-SHA-1, records that are refused',
    of: (provider: CryptoProvider) => cbcComparisons(provider, 'sha1'),
    providers: [nodeProvider, nobleProvider],
    count: samples,
  },
  {
    title: 'AES-128-CBC with HMAC-SHA-256, records that are refused',
    of: (provider: CryptoProvider) => cbcComparisons(provider, 'sha256'),
    providers: [nodeProvider, nobleProvider],
    count: samples,
  },
  // In pure JavaScript a private-key operation varies by more than any of this could be seen through.
  {
    title: 'RSA-2048, premaster secrets',
    of: rsaComparisons,
    providers: [nodeProvider],
    count: Math.ceil(samples / 10),
  },
];

console.log(`Node ${process.version}, told apart from |t| = ${threshold} on`);
const wanted = subjects.filter(({ title }) => title.includes(options.only));
if (wanted.length === 0) throw new Error(`--only expects a part of a title, got ${options.only}`);
for (const { title, of, providers, count } of wanted) {
  for (const provider of providers) {
    console.log(`\n### ${title}: ${provider.name}, ${count} samples\n`);
    console.log('| comparison | takes | difference | t | would be seen from |\n|---|---|---|---|---|');
    const findings = of(provider).map((comparison) => shown(compare(comparison, count)));
    const found = findings.filter(({ t }) => Math.abs(t) >= threshold);
    const controls = found.filter(({ name }) => name.startsWith('control')).length;
    console.log(`\nTold apart: ${controls} controls, ${found.length - controls} of our own`);
  }
}

function shown(finding: Finding): Finding {
  const { name, meanNs, differenceNs, t, detectableNs } = finding;
  const [takes, difference, detectable] = [meanNs, differenceNs, detectableNs].map((ns) => ns.toFixed(0));
  console.log(`| ${name} | ${takes} ns | ${difference} ns | ${t.toFixed(1)} | ${detectable} ns |`);
  return finding;
}
