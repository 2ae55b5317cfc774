/** The pages of limits and defaults: values of what is built, words of the comments in the sources. */
import { join } from 'node:path';
import ts from 'typescript';
import { readText, root } from '../workspace.mjs';

const note = 'a check holds this page to the sources';

/** @returns {Promise<string>} docs/limits.md */
export async function limitsPage() {
  const file = parse('packages/core/src/limits.ts');
  const { defaultLimits } = await import(join(root, 'packages/core/dist/limits.js'));
  const fields = file.statements.filter(ts.isInterfaceDeclaration).flatMap(({ members }) => [...members]);
  const rows = fields.map((field) => {
    const name = field.name?.getText(file) ?? '';
    if (!(name in defaultLimits)) throw new Error(`limits.ts: ${name} has no default`);
    // The comment begins with the unit, the value and its reason follow.
    return `| \`${name}\` | ${number(defaultLimits[name])} | ${commentOf(field, file)} |`;
  });
  if (rows.length !== Object.keys(defaultLimits).length)
    throw new Error('limits.ts: a default without a field');
  return `# Limits

Every bound that a peer can run into, with its default and the reason for it. Written by \`pnpm docs:update\` from
\`packages/core/src/limits.ts\`; ${note}. Each is a field of the option \`limits\`, with which an application can
tighten or widen it. What exceeds one ends the connection with an error of its own and its alert, where nothing else is said.

\`\`\`ts
import { clientConfig } from '@sealwire/core';
import { nodeProvider as provider } from '@sealwire/crypto-node';

const { limits } = clientConfig({ provider, serverName: 'device.example', limits: { handshakeMessageBytes: 16_384 } });
console.log(limits.handshakeMessageBytes, limits.certificateMessageBytes); // 16384 102400
\`\`\`

| field | default | what it bounds, and why so |
|---|---|---|
${rows.join('\n')}

Timeouts, numbers of connections and how much is buffered for the application are those of the transports.
`;
}

/** Constants of defaults.ts, the registry that names their values, and what they are the default of. */
const defaults = {
  defaultCipherSuites: ['registry/suites13.js', 'suites13', '`cipherSuites`, TLS 1.3'],
  defaultGroups: ['registry/groups.js', 'namedGroups', '`groups`'],
  defaultKeyShares: ['registry/groups.js', 'namedGroups', '`keyShares` of a client'],
  defaultSignatureSchemes: ['registry/signature-schemes.js', 'signatureSchemes', '`signatureSchemes`'],
  defaultCompressionToSend: [
    'registry/compression-algorithms.js',
    'compressionAlgorithms',
    '`certificateCompression.send`',
  ],
};

/** @returns {Promise<string>} docs/defaults.md */
export async function defaultsPage() {
  const source = 'packages/core/src/config/defaults.ts';
  const file = parse(source);
  const built = await import(join(root, 'packages/core/dist/config/defaults.js'));
  const exported = file.statements.filter(
    (each) =>
      (ts.isVariableStatement(each) || ts.isFunctionDeclaration(each)) &&
      each.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true,
  );
  const chapters = [];
  for (const statement of exported) {
    const name = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations[0]?.name.getText(file)
      : /** @type {ts.FunctionDeclaration} */ (statement).name?.text;
    if (name === undefined || !name.startsWith('default')) continue;
    const known = defaults[/** @type {keyof typeof defaults} */ (name)];
    if (known === undefined)
      throw new Error(
        `${source}: ${name} is in no chapter of the page; say where in scripts/site/values.mjs`,
      );
    const [module = '', registry = '', title] = known;
    const table = (await import(join(root, 'packages/core/dist', module)))[registry];
    const names = new Map(Object.entries(table).map(([label, value]) => [value, label]));
    const value = built[name];
    /** @type {number[]} */
    const list = typeof value === 'function' ? value(built.defaultGroups) : value;
    const items = list.map((each, i) => `${i + 1}. \`${names.get(each) ?? each}\``);
    chapters.push(`## ${title}\n\n${commentOf(statement, file)}\n\n${items.join('\n')}\n`);
  }
  return `# Defaults

What a connection offers and accepts when it is not told, and why; most wanted first. Written by \`pnpm docs:update\` from
\`${source}\`; ${note}. Every one of them is an option. What the suites of TLS 1.2 and older are:
[older versions](older-versions.md#suites).

Without \`versions\`, TLS 1.3 and 1.2 are spoken with the functions of \`@sealwire/core\`, and TLS 1.3 alone with those of
\`@sealwire/core/tls13\`. What a peer may cost: [limits](limits.md).

${chapters.join('\n')}`;
}

/** @param {string} path */
function parse(path) {
  return ts.createSourceFile(path, readText(path), ts.ScriptTarget.ES2023, true);
}

/** The doc comment before a node, in one line. @param {ts.Node} node @param {ts.SourceFile} file */
function commentOf(node, file) {
  const [range] = ts.getLeadingCommentRanges(file.text, node.getFullStart())?.slice(-1) ?? [];
  if (range === undefined)
    throw new Error(`${file.fileName}: expected a comment before ${node.getText(file).slice(0, 40)}`);
  return file.text
    .slice(range.pos, range.end)
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^\s*\* ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** @param {number} value */
function number(value) {
  return Number.isFinite(value) ? value.toLocaleString('en') : 'none';
}
