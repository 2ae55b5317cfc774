/**
 * Writes packages/x509/src/roots/mozilla-data.ts: the certificates that Mozilla trusts to authenticate TLS servers.
 *
 *     node scripts/generate-roots.mjs SOURCE DESCRIPTION
 *
 * SOURCE is `certdata.txt` of NSS, or the folder `bundle` of the Go module golang.org/x/crypto/x509roots/fallback, which is made
 * from it. DESCRIPTION says version and date. A second SOURCE after them is compared: what only one of them has is printed.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.mjs';

/** @typedef {{ der: Buffer, label: string, distrustAfter: string | undefined }} Root */

/** @param {string} file @returns {Root[]} */
function fromCertdata(file) {
  const objects = readFileSync(file, 'latin1')
    .split(/^(?=CKA_CLASS )/m)
    .slice(1)
    .map((text) => {
      /** @type {Record<string, string | Buffer>} */
      const fields = {};
      const pattern = /^(CKA_\w+) (?:MULTILINE_OCTAL\n([\s\S]*?)\nEND|(?:CK_\w+|UTF8) (.*))$/gm;
      for (const [, name, octal, value] of text.matchAll(pattern)) {
        fields[String(name)] =
          octal === undefined
            ? String(value)
            : Buffer.from(
                [...octal.matchAll(/\\([0-7]{3})/g)].map(([, digits]) => Number.parseInt(String(digits), 8)),
              );
      }
      return fields;
    });
  const trusted = new Set(
    objects
      .filter((each) => each['CKA_CLASS'] === 'CKO_NSS_TRUST')
      .filter((each) => each['CKA_TRUST_SERVER_AUTH'] === 'CKT_NSS_TRUSTED_DELEGATOR')
      .map((each) => /** @type {Buffer} */ (each['CKA_CERT_SHA1_HASH']).toString('hex')),
  );
  return objects
    .filter((each) => each['CKA_CLASS'] === 'CKO_CERTIFICATE')
    .map((each) => {
      const after = each['CKA_NSS_SERVER_DISTRUST_AFTER'];
      const [, year, month, day, hour, minute, second] = Buffer.isBuffer(after)
        ? (/^(..)(..)(..)(..)(..)(..)Z$/.exec(after.toString('latin1')) ?? [])
        : [];
      return {
        der: /** @type {Buffer} */ (each['CKA_VALUE']),
        label: String(each['CKA_LABEL']).replace(/^"|"$/g, ''),
        distrustAfter:
          year === undefined ? undefined : `20${year}-${month}-${day}T${hour}:${minute}:${second}Z`,
      };
    })
    .filter(({ der }) => trusted.has(createHash('sha1').update(der).digest('hex')));
}

/** @param {string} folder @returns {Root[]} */
function fromBundle(folder) {
  const ders = readFileSync(join(folder, 'bundle.der'));
  const pattern =
    /cn: +"([^\n]*)",\n\s+sha256Hash: +"([0-9a-f]+)",\n\s+certStartOff: +(\d+),\n\s+certLength: +(\d+),\n(?:\s+distrustAfter: +"([^"]+)",\n)?/g;
  return [...readFileSync(join(folder, 'bundle.go'), 'utf8').matchAll(pattern)].map(
    ([, label, hash, start, length, after]) => {
      const der = ders.subarray(Number(start), Number(start) + Number(length));
      if (createHash('sha256').update(der).digest('hex') !== hash) throw new Error(`${label}: another hash`);
      return { der, label: String(label), distrustAfter: after };
    },
  );
}

/** @param {string} source */
const read = (source) => (statSync(source).isDirectory() ? fromBundle(source) : fromCertdata(source));

const [source, description, other] = process.argv.slice(2);
if (source === undefined || description === undefined) throw new Error('expected a source and a description');
const roots = read(source).sort((a, b) => (a.label < b.label ? -1 : 1));
if (roots.length < 50) throw new Error(`expected more than ${roots.length} roots`);

if (other !== undefined) {
  const [here, there] = [roots, read(other)].map(
    (list) => new Map(list.map((each) => [each.der.toString('base64'), each])),
  );
  for (const [key, { label }] of here ?? []) if (!there?.has(key)) console.log(`only in ${source}: ${label}`);
  for (const [key, { label }] of there ?? []) if (!here?.has(key)) console.log(`only in ${other}: ${label}`);
  for (const [key, { label, distrustAfter }] of here ?? []) {
    const second = there?.get(key);
    if (second !== undefined && second.distrustAfter !== distrustAfter)
      console.log(`${label}: distrusted after ${distrustAfter} or ${second.distrustAfter}`);
  }
}

const lines = [
  '/**',
  " * The certificates that Mozilla trusts to authenticate TLS servers, from Mozilla's certdata.txt (Mozilla Public License 2.0),",
  ` * ${description}.`,
  ` * Written by scripts/generate-roots.mjs on ${new Date().toISOString().slice(0, 10)}.`,
  ' *',
  ' * Base64 of the DER; and in ms since the epoch the end of trust in what it certifies for servers (CKA_NSS_SERVER_DISTRUST_AFTER).',
  ' */',
  `export const source = ${JSON.stringify(description).replace(/^"|"$/g, "'")};`,
  '',
  'export const rows: readonly (readonly [der: string, distrustAfterMs?: number])[] = [',
  ...roots.flatMap(({ der, label, distrustAfter }) => [
    `  // ${label.replace(/[^ -~]/g, '?')}`,
    `  ['${der.toString('base64')}'${distrustAfter === undefined ? '' : `, Date.UTC(${utc(distrustAfter)})`}],`,
  ]),
  '];',
  '',
];
writeFileSync(join(root, 'packages/x509/src/roots/mozilla-data.ts'), lines.join('\n'));
console.log(
  `${roots.length} roots, ${roots.filter((each) => each.distrustAfter !== undefined).length} of them distrusted after a date`,
);

/** @param {string} text */
function utc(text) {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new Error(`expected a date, got ${text}`);
  const parts = [
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
  return parts.join(', ');
}
