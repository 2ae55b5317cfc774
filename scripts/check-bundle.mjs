/**
 * What an application does not import it must not carry. Bundles applications, and looks for strings that only the code
 * in question has; the positive control of each search is an application that does import it, in which every one of the
 * same strings must be found.
 *
 *  - An application whose connections come from `@sealwire/core/tls13` carries nothing of TLS 1.2 and older, although it
 *    imports other things from `@sealwire/core`. Controls: the same with `tls12` in `versions`, and the same with the
 *    functions of `@sealwire/core`, whose default speaks TLS 1.2.
 *  - Nobody carries Encrypted Client Hello who does not import `@sealwire/core/ech`.
 */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { report, root } from './workspace.mjs';

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
/** Labels of RFC 9180 and RFC 9849. */
const apart = ['HPKE-v1', 'ech accept confirmation'];

/** @param {string} name @param {string} contents */
async function bundle(name, contents) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: join(root, 'packages/core') },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
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
  return { text, files };
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

const whole = await bundle('@sealwire/core', "export * from '@sealwire/core';");
const own = await bundle('@sealwire/core/ech', "export * from '@sealwire/core/ech';");
for (const name of apart) {
  if (whole.text.includes(name)) problems.push(`the bundle of @sealwire/core contains ${name}`);
  if (!own.text.includes(name))
    problems.push(`control: ${name} is not in the bundle of @sealwire/core/ech either`);
}
report(
  problems,
  `1 application of TLS 1.3 alone for ${older.join(', ')}, and 2 bundles for ${apart.join(', ')}`,
);
