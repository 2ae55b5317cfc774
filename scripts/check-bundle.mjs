/**
 * What an application does not import it must not carry. Bundles applications, and looks for strings that only the code
 * in question has; the positive control of each search is an application that does import it, in which every one of the
 * same strings must be found.
 *
 *  - An application whose connections come from `@sealwire/core/tls13` carries nothing of TLS 1.2 and older, although it
 *    imports other things from `@sealwire/core`. Controls: the same with `tls12` in `versions`, and the same with the
 *    functions of `@sealwire/core`, whose default speaks TLS 1.2.
 *  - A page with a TLS 1.3 client (`secureClient` of `@sealwire/web-transport/tls13`) carries nothing older and nothing of servers.
 *    Control: the same with `secureServer`. So do programs with a client (`connect` of `@sealwire/node-transport/tls13`, and of Bun's), and
 *    they carry no list of roots. Control: the same with a server, and with all of `@sealwire/node-transport`.
 *  - Nobody carries Encrypted Client Hello who does not import `@sealwire/core/ech`, nor application settings without `@sealwire/core/alps`.
 *
 *  - Nobody carries ML-DSA in pure JavaScript who does not import `@sealwire/crypto-noble/ml-dsa`. Control: who does.
 *
 * And how much it carries: each entry of each public package, whole, minified and gzipped, beside `etc/bundle-budget.json`.
 * `--update` writes the budget: what there is now, and 4 % of room, which ordinary work does not use up and a dependency does.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { publicPackages, readJson, report, root } from './workspace.mjs';

/** Names of suites, labels of RFC 5246 §8.1 and RFC 7627 §4, and fields of messages that TLS 1.3 does not have. */
const older = [
  'CBC',
  'TLS_RSA_WITH',
  'key expansion',
  'extended master secret',
  'awaitKeyExchange',
  'encryptedPreMasterSecret',
];
/** Where that code is. */
const olderFiles = /dist\/(tls12\/|messages\/tls12|record\/(aead12|cbc|null-mac|older-)|registry\/suites12)/;
/** States of servers, and where that code is. */
const ofServers = ['awaitClientHello', 'decideConfig', 'decideTicketUse'];
const serverFiles = /core\/dist\/(tls1[23]\/server\/|hello\/server-start|resume\/(ticket-ring|replay-guard))/;
/** Mozilla's list. */
const rootFiles = /x509\/dist\/roots\//;
/** ML-DSA, ours and noble's. */
const mlDsaFiles = /crypto-noble\/dist\/ml-dsa\/|post-quantum\/ml-dsa\.js/;
/** Labels of RFC 9180 and RFC 9849, and words about application settings, by the entry that has them. */
const apart = /** @type {const} */ ([
  ['ech', ['HPKE-v1', 'ech accept confirmation']],
  ['alps', ['settings must name at least one ALPN protocol']],
]);

/** @param {string} name @param {string} contents @param {string} [directory] */
async function bundle(name, contents, directory = 'packages/core') {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: join(root, directory) },
    bundle: true,
    write: false,
    metafile: true,
    mainFields: ['module', 'main'],
    minify: true,
    format: 'esm',
    platform: 'neutral',
    external: ['node:*'],
    legalComments: 'none',
    logLevel: 'error',
  });
  const text = outputFiles[0]?.text ?? '';
  const zipped = gzipSync(text).length;
  console.log(`  ${name}: ${text.length} bytes minified, ${zipped} gzipped`);
  const [output] = Object.values(metafile.outputs);
  const files = Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [file] : [],
  );
  return { text, files, size: { min: text.length, gzip: zipped } };
}

/**
 * A client and a server, and what such applications import besides.
 * @param {string} entry @param {string} versions
 */
const application = (entry, versions = '') => `
  import { createClient, createServer } from '${entry}';
  import {
    ApiMisuseError, decodeSession, defaultLimits, encodeSession, namedGroups, pinnedPublicKeys, signatureSchemes,
    suites13, TicketRing, TlsError,
  } from '@sealwire/core';
  import { tls10, tls11, tls12 } from '@sealwire/core/tls12';
  export const client = (provider) => createClient({ provider, serverName: 'localhost'${versions} });
  export const server = (provider) => createServer({ provider${versions} });
  export {
    ApiMisuseError, decodeSession, defaultLimits, encodeSession, namedGroups, pinnedPublicKeys, signatureSchemes,
    suites13, TicketRing, TlsError,
  };
`;

const newest = await bundle('TLS 1.3 alone', application('@sealwire/core/tls13'));
const named = await bundle(
  'control: with TLS 1.2 named',
  application('@sealwire/core/tls13', ', versions: [tls10, tls11, tls12]'),
);
const byDefault = await bundle('control: by default', application('@sealwire/core'));

/** @type {string[]} */
const problems = [];
if (!newest.text.includes('awaitServerHello')) problems.push('the bundle of TLS 1.3 alone holds no client');
for (const file of newest.files) {
  if (olderFiles.test(file)) problems.push(`the bundle of TLS 1.3 alone contains code of ${file}`);
}
for (const name of older) {
  const at = newest.text.indexOf(name);
  if (at < 0) continue;
  const around = newest.text.slice(Math.max(0, at - 60), at + 60);
  problems.push(`the bundle of TLS 1.3 alone contains ${name}: …${around}…`);
}
for (const [control, { text, files }] of Object.entries({ named, 'by default': byDefault })) {
  for (const name of older) {
    if (!text.includes(name))
      problems.push(`control: ${name} is not in the bundle with TLS 1.2 ${control} either`);
  }
  const found = files.filter((file) => olderFiles.test(file)).length;
  if (found < 30)
    problems.push(`control: only ${found} files of TLS 1.2 are in the bundle with it ${control}`);
}

/** @type {Record<string, { min: number, gzip: number }>} */
const programs = {};
for (const [name, client, server] of [
  ['web-transport', 'secureClient', 'secureClient, secureServer'],
  ['node-transport', 'connect', 'connect, createServer'],
  ['bun-transport', 'connect', 'connect, listen'],
]) {
  const entry = `@sealwire/${name}/tls13`;
  const program = (/** @type {string} */ functions) =>
    bundle(
      `program with ${functions} of ${entry}`,
      `export { ${functions} } from '${entry}';`,
      `packages/${name}`,
    );
  const visitor = await program(client ?? '');
  const both = await program(server ?? '');
  programs[`${entry} ${client}`] = visitor.size;
  programs[`${entry} ${server}`] = both.size;
  const what = `the program with a client of ${entry}`;
  if (!visitor.text.includes('awaitServerHello')) problems.push(`${what} holds no client`);
  for (const file of visitor.files) {
    if (olderFiles.test(file) || serverFiles.test(file) || rootFiles.test(file))
      problems.push(`${what} contains code of ${file}`);
  }
  // Private keys that are encrypted know CBC, too.
  for (const each of [...older.filter((name) => name !== 'CBC'), ...ofServers])
    if (visitor.text.includes(each)) problems.push(`${what} contains ${each}`);
  const control = `control: with a server of ${entry}`;
  for (const each of ofServers)
    if (!both.text.includes(each)) problems.push(`${control} there is no ${each} either`);
  if (both.files.filter((file) => serverFiles.test(file)).length < 10)
    problems.push(`${control} there are no files of servers either`);
}
const rooted = await bundle(
  'control: @sealwire/node-transport',
  "export * from '@sealwire/node-transport';",
  'packages/node-transport',
);
if (!rooted.files.some((file) => rootFiles.test(file)))
  problems.push('control: @sealwire/node-transport has no list of roots either');

const whole = await bundle('@sealwire/core', "export * from '@sealwire/core';");
for (const [entry, names] of apart) {
  const own = await bundle(`@sealwire/core/${entry}`, `export * from '@sealwire/core/${entry}';`);
  for (const name of names) {
    if (whole.text.includes(name)) problems.push(`the bundle of @sealwire/core contains ${name}`);
    if (!own.text.includes(name))
      problems.push(`control: ${name} is not in the bundle of @sealwire/core/${entry} either`);
  }
}
const [plainNoble, withMlDsa] = [
  await bundle('@sealwire/crypto-noble', "export * from '@sealwire/crypto-noble';", 'packages/cli'),
  await bundle(
    '@sealwire/crypto-noble/ml-dsa',
    "export { withMlDsa } from '@sealwire/crypto-noble/ml-dsa';",
    'packages/cli',
  ),
].map(({ files }) => files.filter((file) => mlDsaFiles.test(file)));
for (const file of plainNoble ?? [])
  problems.push(`the bundle of @sealwire/crypto-noble contains code of ${file}`);
if ((withMlDsa ?? []).length < 4)
  problems.push('control: nor is there code of ML-DSA in the bundle of @sealwire/crypto-noble/ml-dsa');

const budget = await sizes(programs);
report(
  [...problems, ...budget.problems],
  `1 application of TLS 1.3 alone for ${older.join(', ')}, ${Object.keys(programs).length / 2} clients for ${ofServers.join(', ')}, ${apart.length} bundles for ${apart.flatMap(([, names]) => names).join(', ')}, and the sizes of ${budget.count} entries and pages`,
);

/**
 * @param {Record<string, { min: number, gzip: number }>} pages
 * @returns {Promise<{ count: number, problems: string[] }>}
 */
async function sizes(pages) {
  const file = 'etc/bundle-budget.json';
  const isUpdate = process.argv.includes('--update');
  /** @type {Record<string, { min: number, gzip: number }>} */
  const allowed = existsSync(join(root, file)) ? readJson(file) : {};
  /** @type {Record<string, { min: number, gzip: number }>} */
  const found = { ...pages };
  for (const { name, directory, manifest } of publicPackages()) {
    // What a bundler of an application would not find in it either: modules of a runtime, and peers that are optional.
    const external = [
      ...builtinModules,
      'node:*',
      'bun',
      'cloudflare:*',
      ...Object.keys(manifest.peerDependencies ?? {}),
    ];
    for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
      if (target.default === undefined) continue;
      const { outputFiles } = await build({
        entryPoints: [join(root, directory, target.default)],
        bundle: true,
        write: false,
        minify: true,
        format: 'esm',
        platform: 'neutral',
        mainFields: ['module', 'main'],
        conditions: ['import'],
        external,
        legalComments: 'none',
        logLevel: 'error',
      });
      const bytes = outputFiles[0]?.contents ?? new Uint8Array();
      found[join(name, entry).replaceAll('\\', '/')] = { min: bytes.length, gzip: gzipSync(bytes).length };
    }
  }
  /** @type {string[]} */
  const wrong = [];
  for (const [entry, { min, gzip }] of Object.entries(found)) {
    const limit = allowed[entry];
    const share =
      limit === undefined ? 'no budget' : `${((100 * gzip) / limit.gzip).toFixed(1)} % of its budget`;
    console.log(`  ${entry}: ${min} bytes minified, ${gzip} gzipped, ${share}`);
    if (isUpdate) continue;
    const how = `if that is meant, run node scripts/check-bundle.mjs --update and say why in the commit`;
    if (limit === undefined) wrong.push(`${entry} has no budget: run node scripts/check-bundle.mjs --update`);
    else if (min > limit.min || gzip > limit.gzip)
      wrong.push(
        `${entry}: ${min} bytes, ${gzip} gzipped; the budget is ${limit.min}, ${limit.gzip}; ${how}`,
      );
  }
  if (isUpdate) {
    const roomy = Object.fromEntries(
      Object.entries(found).map(([entry, { min, gzip }]) => {
        const limit = allowed[entry];
        // What still fits keeps its budget, unless it has become much smaller.
        const keeps =
          limit !== undefined && gzip <= limit.gzip && min <= limit.min && gzip > 0.9 * limit.gzip;
        return [entry, keeps ? limit : { min: withRoom(min), gzip: withRoom(gzip) }];
      }),
    );
    writeFileSync(join(root, file), `${JSON.stringify(roomy, undefined, 2)}\n`);
  } else {
    for (const entry of Object.keys(allowed))
      if (found[entry] === undefined) wrong.push(`${file}: there is no entry ${entry}`);
  }
  return { count: Object.keys(found).length, problems: wrong };
}

/** @param {number} bytes */
function withRoom(bytes) {
  return Math.ceil((bytes * 1.04) / 100) * 100;
}
