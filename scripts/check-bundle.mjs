/**
 * A client that speaks TLS 1.3 alone must not carry the older suites: bundles an application that imports
 * nothing but `@sealwire/core/tls13` and looks for names that only TLS 1.2 and older know. The positive
 * control is the full entry, where the same search must succeed. Likewise nobody carries Encrypted Client Hello who
 * does not import `@sealwire/core/ech`, which is the control.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { report, root } from './workspace.mjs';

const forbidden = ['CBC', 'RC4', 'TLS_RSA_WITH'];
/** Fields of messages that TLS 1.3 does not have. */
const olderFields = ['encryptedPreMasterSecret', 'pskIdentityHint'];
/** Labels of RFC 9180 and RFC 9849. */
const apart = ['HPKE-v1', 'ech accept confirmation'];

/** @param {string} entry */
async function bundle(entry) {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${entry}';`, resolveDir: join(root, 'packages/core') },
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    legalComments: 'none',
    logLevel: 'error',
  });
  const text = outputFiles[0]?.text ?? '';
  const zipped = gzipSync(text).length;
  console.log(`  ${entry}: ${text.length} bytes minified, ${zipped} gzipped`);
  return text;
}

/** @param {string} text */
const namesIn = (text) => forbidden.filter((name) => text.includes(name));

if (!existsSync(join(root, 'packages/core/src/tls13.ts'))) {
  console.log('skipped: packages/core/src/tls13.ts does not exist yet');
} else {
  const text = await bundle('@sealwire/core/tls13');
  const problems = namesIn(text).map((name) => {
    const at = text.indexOf(name);
    return `the TLS 1.3 bundle contains ${name}: …${text.slice(Math.max(0, at - 60), at + 60)}…`;
  });
  if (text.length < 1000)
    problems.push(`the TLS 1.3 bundle has only ${text.length} bytes: nothing was bundled`);
  const codecs = await bundle('@sealwire/core/codecs');
  for (const name of olderFields) {
    if (text.includes(name)) problems.push(`the TLS 1.3 bundle contains the field ${name} of older messages`);
    if (!codecs.includes(name)) {
      problems.push(`control: ${name} is not in the bundle of @sealwire/core/codecs either`);
    }
  }
  if (existsSync(join(root, 'packages/core/src/tls12.ts'))) {
    if (namesIn(await bundle('@sealwire/core')).length === 0) {
      problems.push(`control: ${forbidden.join(', ')} are not in the full bundle either`);
    }
  } else {
    console.log('  no control: packages/core/src/tls12.ts does not exist yet');
  }
  const whole = await bundle('@sealwire/core');
  const own = await bundle('@sealwire/core/ech');
  for (const name of apart) {
    if (whole.includes(name)) problems.push(`the bundle of @sealwire/core contains ${name}`);
    if (!own.includes(name))
      problems.push(`control: ${name} is not in the bundle of @sealwire/core/ech either`);
  }
  report(
    problems,
    `1 bundle of ${text.length} bytes for ${[...forbidden, ...olderFields].join(', ')}, and 2 for ${apart.join(', ')}`,
  );
}
