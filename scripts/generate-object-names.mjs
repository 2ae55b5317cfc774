/**
 * Writes packages/x509/src/node/object-names-table.ts: the names that OpenSSL gives object identifiers, and its curves. They
 * stand in what Node shows of certificates.
 *
 *     node scripts/generate-object-names.mjs OPENSSL-3.0 OPENSSL-3.5
 *
 * takes two commands. What the first lacks is marked as of the second, which must know all that the first does.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './workspace.mjs';

const [older, newer] = process.argv.slice(2);
if (older === undefined || newer === undefined) throw new Error('expected the paths of two openssl commands');

/** @param {string} command @param {string[]} args */
const run = (command, ...args) => execFileSync(command, args, { maxBuffer: 1e8 }).toString('utf8');

/** @param {string} command @returns {Map<string, string>} `short|long`, or one name for both, by identifier */
function objects(command) {
  const found = new Map();
  for (const line of run(command, 'list', '-objects').split('\n')) {
    const parts = /^(?!#)(.+?) = (?:(.*), )?([0-9.]+)$/.exec(line);
    if (parts === null) continue;
    const [, short, long] = parts;
    let id = parts[3] ?? '';
    // The command cuts long identifiers.
    if (id.endsWith('.')) id = identifierOf(command, String(short));
    // Of two names for one identifier the first is the one that is found.
    if (!found.has(id)) found.set(id, long === undefined || long === short ? short : `${short}|${long}`);
  }
  return found;
}

/** From the DER, for the text that is printed of an object with a name is the name. @param {string} command @param {string} name */
function identifierOf(command, name) {
  const folder = mkdtempSync(join(tmpdir(), 'sealwire-names-'));
  const file = join(folder, 'der');
  run(command, 'asn1parse', '-genstr', `OID:${name}`, '-noout', '-out', file);
  const der = readFileSync(file);
  rmSync(folder, { recursive: true });
  const arcs = [];
  let arc = 0;
  for (const octet of der.subarray(2)) {
    arc = arc * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    if (arcs.length === 0)
      arcs.push(Math.min(2, Math.floor(arc / 40)), arc - 40 * Math.min(2, Math.floor(arc / 40)));
    else arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}

/** @param {string} a @param {string} b */
function byArcs(a, b) {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; ; i++) {
    if (left[i] === right[i]) continue;
    return (left[i] ?? -1) - (right[i] ?? -1);
  }
}

const before = objects(older);
const after = objects(newer);
for (const id of before.keys()) if (!after.has(id)) throw new Error(`${newer} does not know ${id}`);

/** @type {Map<string, string[]>} */
const byParent = new Map();
for (const id of [...after.keys()].sort(byArcs)) {
  const end = id.lastIndexOf('.');
  const entries = [];
  const then = before.get(id);
  const now = String(after.get(id));
  if (then === now) entries.push(`${id.slice(end + 1)}=${now}`);
  else
    entries.push(
      ...(then === undefined ? [] : [`${id.slice(end + 1)}=${then}`]),
      `${id.slice(end + 1)}+${now}`,
    );
  if (entries.some((entry) => /[;\\`$\n]/.test(entry)))
    throw new Error(`expected other characters in ${entries}`);
  byParent.set(id.slice(0, end), [...(byParent.get(id.slice(0, end)) ?? []), ...entries]);
}

const curves = run(newer, 'ecparam', '-list_curves')
  .split('\n')
  .flatMap((line) => /^ +(\S+) *:/.exec(line)?.[1] ?? [])
  .map((name) => {
    const id = [...after].find(([, names]) => names.split('|')[0] === name)?.[0];
    const text = run(newer, 'ecparam', '-name', name, '-param_enc', 'explicit', '-text', '-noout');
    const order =
      /Order: *\n((?: +[0-9a-f:]+\n)+)/.exec(text)?.[1]?.replace(/[^0-9a-f]/g, '') ??
      /Order: (\d+)/.exec(text)?.[1];
    const bits = BigInt(/Order: (\d+)/.test(text) ? String(order) : `0x${order}`).toString(2).length;
    const nist = /NIST CURVE: (\S+)/.exec(run(newer, 'ecparam', '-name', name, '-text', '-noout'))?.[1];
    return { id, name, bits, nist };
  })
  // IPsec's curves have no identifier.
  .filter(({ id }) => id !== undefined && id !== '')
  .sort((a, b) => byArcs(String(a.id), String(b.id)));

const lines = [
  '/**',
  ` * The names that ${run(older, 'version').split(' (')[0]?.trim()} and ${run(newer, 'version').split(' (')[0]?.trim()} have for object identifiers.`,
  ` * Written by scripts/generate-object-names.mjs on ${new Date().toISOString().slice(0, 10)}.`,
  ' *',
  ' * A line: an identifier, and those below it by their last number. After `=` stands the short name, or short and long name;',
  ' * after `+` what the newer version alone has.',
  ' */',
  'export const objectNamesTable = `',
  ...[...byParent].map(([parent, entries]) => `${parent}: ${entries.join(';')}`),
  '`;',
  '',
  '/** Curves by their identifier: bits of the order, and the name that NIST gives it. The short name stands above. */',
  'export const curvesTable: Readonly<Record<string, readonly [bits: number, nist?: string]>> = {',
  ...curves.map(({ id, bits, nist }) => `  '${id}': [${bits}${nist === undefined ? '' : `, '${nist}'`}],`),
  '};',
  '',
];
writeFileSync(join(root, 'packages/x509/src/node/object-names-table.ts'), lines.join('\n'));
console.log(`${after.size} identifiers, ${curves.length} curves`);
