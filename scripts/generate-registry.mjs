// Writes packages/core/src/registry/*.ts from packages/core/registry/*.csv.
// `node scripts/generate-registry.mjs` writes; a test compares what `generateRegistry()` returns with the files.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const core = new URL('../packages/core/', import.meta.url);

/** The text of every generated file, by its path relative to `packages/core/`. */
export function generateRegistry() {
  return new Map(
    tables.map((table) => [
      `src/registry/${table.file}.ts`,
      render(table, parse(readFileSync(new URL(`registry/${table.file}.csv`, core), 'utf8'), table)),
    ]),
  );
}

function parse(csv, { file, bytes }) {
  const [header, ...lines] = csv.trimEnd().split('\n');
  if (header !== 'value,name,reference')
    throw new Error(`${file}.csv: expected the header value,name,reference`);
  const seen = new Set();
  return lines.map((line, index) => {
    const match = /^(0x[0-9a-f]+|\d+),([A-Za-z]\w*),([^,]+)$/.exec(line);
    if (match === null)
      throw new Error(`${file}.csv:${index + 2}: expected value,name,reference, got ${line}`);
    const [, text, name, reference] = match;
    const value = Number(text);
    if (value >= 256 ** bytes)
      throw new Error(`${file}.csv:${index + 2}: ${text} does not fit ${bytes} bytes`);
    for (const key of [value, name]) {
      if (seen.has(key)) throw new Error(`${file}.csv:${index + 2}: ${key} stands twice`);
      seen.add(key);
    }
    return { value: `0x${value.toString(16).padStart(2 * bytes, '0')}`, name, reference };
  });
}

function render({ file, type, typeFrom, table, doc }, rows) {
  const ownType = [
    `import type { Registered } from './registered.ts';`,
    '',
    `/** ${doc} Any number is a value of this type; the table holds the ones with a name. */`,
    `export type ${type} = Registered<'${type}'>;`,
    '',
  ];
  const othersType = [`import type { ${type} } from './${typeFrom}.ts';`, '', `/** ${doc} */`];
  return [
    `// Generated from packages/core/registry/${file}.csv by scripts/generate-registry.mjs. Do not edit.`,
    ...(typeFrom === undefined ? ownType : othersType),
    `export const ${table} = {`,
    ...rows.flatMap(({ value, name, reference }) => [
      `  /** ${reference} */`,
      `  ${name}: ${value} as ${type},`,
    ]),
    '} as const;',
    '',
  ].join('\n');
}

const tables = [
  {
    file: 'content-types',
    type: 'ContentType',
    table: 'contentTypes',
    bytes: 1,
    doc: 'Record content types (RFC 9846 §5.1).',
  },
  {
    file: 'handshake-types',
    type: 'HandshakeType',
    table: 'handshakeTypes',
    bytes: 1,
    doc: 'Handshake message types (RFC 9846 §4).',
  },
  {
    file: 'versions',
    type: 'ProtocolVersion',
    table: 'protocolVersions',
    bytes: 2,
    doc: 'Protocol versions (RFC 9846 §4.3.1).',
  },
  {
    file: 'suites13',
    type: 'CipherSuite',
    table: 'suites13',
    bytes: 2,
    doc: 'Cipher suites; the names of TLS 1.3 alone (RFC 9846 §B.4).',
  },
  {
    file: 'suites12',
    type: 'CipherSuite',
    typeFrom: 'suites13',
    table: 'suites12',
    bytes: 2,
    doc: 'Cipher suites of TLS 1.2 and older (RFC 5246 §A.5), and the signalling values that stand among them.',
  },
  {
    file: 'groups',
    type: 'NamedGroup',
    table: 'namedGroups',
    bytes: 2,
    doc: 'Key-exchange groups (RFC 9846 §4.3.7).',
  },
  {
    file: 'signature-schemes',
    type: 'SignatureScheme',
    table: 'signatureSchemes',
    bytes: 2,
    doc: 'Signature schemes (RFC 9846 §4.3.3).',
  },
  {
    file: 'extension-types',
    type: 'ExtensionType',
    table: 'extensionTypes',
    bytes: 2,
    doc: 'Extension types (RFC 9846 §4.3).',
  },
  {
    file: 'certificate-types',
    type: 'CertificateType',
    table: 'certificateTypes',
    bytes: 1,
    doc: 'Certificate types (RFC 9846 §4.5.1).',
  },
  {
    file: 'certificate-status-types',
    type: 'CertificateStatusType',
    table: 'certificateStatusTypes',
    bytes: 1,
    doc: 'Certificate status types (RFC 6066 §8).',
  },
  {
    file: 'compression-algorithms',
    type: 'CertificateCompressionAlgorithm',
    table: 'compressionAlgorithms',
    bytes: 2,
    doc: 'Certificate compression algorithms (RFC 8879 §3).',
  },
  {
    file: 'psk-key-exchange-modes',
    type: 'PskKeyExchangeMode',
    table: 'pskKeyExchangeModes',
    bytes: 1,
    doc: 'PSK key exchange modes (RFC 9846 §4.3.9).',
  },
  {
    file: 'point-formats',
    type: 'ECPointFormat',
    table: 'pointFormats',
    bytes: 1,
    doc: 'Forms of points on elliptic curves (RFC 8422 §5.1.2).',
  },
  {
    file: 'curve-types',
    type: 'ECCurveType',
    table: 'curveTypes',
    bytes: 1,
    doc: 'How the parameters of an elliptic curve are given (RFC 8422 §5.4).',
  },
  {
    file: 'client-certificate-types',
    type: 'ClientCertificateType',
    table: 'clientCertificateTypes',
    bytes: 1,
    doc: 'Types of certificates that a server asks clients for before TLS 1.3 (RFC 5246 §7.4.4).',
  },
  {
    file: 'hpke-kems',
    type: 'HpkeKem',
    table: 'hpkeKems',
    bytes: 2,
    doc: 'Key encapsulation mechanisms of HPKE (RFC 9180 §7.1).',
  },
  {
    file: 'hpke-kdfs',
    type: 'HpkeKdf',
    table: 'hpkeKdfs',
    bytes: 2,
    doc: 'Key derivation functions of HPKE (RFC 9180 §7.2).',
  },
  {
    file: 'hpke-aeads',
    type: 'HpkeAead',
    table: 'hpkeAeads',
    bytes: 2,
    doc: 'AEADs of HPKE (RFC 9180 §7.3).',
  },
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of generateRegistry()) writeFileSync(new URL(path, core), text);
}
