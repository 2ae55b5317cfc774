import { constants } from 'node:crypto';
import { optionsWithoutEffect } from '../../src/openssl/options.ts';
import { beyondMembers, beyondOptions } from './beyond.ts';
import * as errors from './errors.ts';
import * as exported from './exports.ts';
import * as options from './options.ts';
import type { Row, Status } from './rows.ts';
import * as server from './server.ts';
import * as socket from './socket.ts';
import * as switches from './switches.ts';

/** The chapters of the table, with all rows. */
export const chapters: readonly (readonly [title: string, rows: readonly Row[]])[] = [
  ['Functions', exported.functions],
  ['Classes', exported.classes],
  ['Values', exported.constants],
  ['Modules', exported.modules],
  ['Options of `createSecureContext`', options.contextOptions],
  ['Options of `connect`, beside those of contexts', options.connectOptions],
  ['Options of `createServer`, beside those of contexts', options.serverOptions],
  ['Options of `new TLSSocket`, beside those of contexts', options.socketOptions],
  ['Bits of `secureOptions`', secureOptionRows()],
  ['`Server`: events', server.serverEvents],
  ['`Server`: methods', server.serverMethods],
  ['`Server`: properties', server.serverProperties],
  ['`Server`: what comes from `net.Server`', server.serverOfNet],
  ['`TLSSocket`: events', socket.socketEvents],
  ['`TLSSocket`: properties', socket.socketProperties],
  ['`TLSSocket`: methods', socket.socketMethods],
  ['`TLSSocket`: what comes from `net.Socket`', socket.socketOfNet],
  ['Certificates, as `getPeerCertificate()` shows them', socket.certificateFields],
  ['What `createSecurePair` gives', socket.pairMembers],
  ['Switches of the command line', switches.commandLine],
  ['Environment variables', switches.environment],
  ['Beyond Node: the option `sealwire`', beyondOptions],
  ['Beyond Node: `socket.sealwire`', beyondMembers],
];

/** The part of the page that is written by this. */
export function generated(): string {
  return [
    summary(),
    ...chapters.map(([title, rows]) => `### ${title}\n\n${table(rows)}`),
    `### Errors of Node's own\n\n${errorTable(errors.nodeErrors)}`,
    `### Errors of Node that other modules have as well\n\n${errorTable(errors.sharedErrors)}`,
    `### Errors of a handshake\n\n${handshakeTable()}`,
    `### Errors of keys and certificates\n\n${errorTable(errors.loadingErrors)}`,
    `### Codes of certificates that are not trusted\n\nWhat has no code of its own is \`UNSPECIFIED\`, with OpenSSL's sentence.\n\n${errorTable(errors.certificateErrors)}`,
  ].join('\n\n');
}

function summary(): string {
  const rows = chapters.flatMap(([, each]) => each);
  const counted = (kind: string): number => rows.filter(({ status }) => kindOf(status) === kind).length;
  const kinds = ['same', 'better', 'differs', 'unsupported', 'absent'].map(
    (kind) => `${counted(kind)} ${words[kind]!}`,
  );
  const codes = [
    errors.nodeErrors,
    errors.sharedErrors,
    errors.loadingErrors,
    errors.certificateErrors,
  ].flat();
  return `${rows.length} members: ${kinds.join(', ')}; and ${codes.length} codes of errors, of which ${codes.filter(({ never }) => never).length} cannot occur.`;
}

const words: Readonly<Record<string, string>> = {
  same: 'the same',
  better: 'better',
  differs: 'different',
  unsupported: 'answered as unsupported',
  absent: 'absent',
};

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ name, since = '', gone = '', status, note }) =>
    cells(`\`${name}\``, since, gone, [shown(status), note].filter(Boolean).join('; ')),
  );
  return [cells('member', 'since', 'gone', 'here'), '|---|---|---|---|', ...lines].join('\n');
}

function shown(status: Status): string {
  if (status === 'same') return 'same';
  const [[kind, why]] = Object.entries(status) as [[string, string]];
  return `**${kind}**: ${why}`;
}

function kindOf(status: Status): string {
  return status === 'same' ? 'same' : Object.keys(status)[0]!;
}

function errorTable(rows: readonly errors.ErrorRow[]): string {
  const lines = rows.map(({ code, when, never }) =>
    cells(`\`${code}\``, never ? `**never**: ${when}` : when),
  );
  return [cells('code', 'when'), '|---|---|', ...lines].join('\n');
}

function handshakeTable(): string {
  const lines = errors.handshakeErrors.map(({ what, server: ofServer, client }) =>
    cells(what, `\`${ofServer}\``, `\`${client}\``),
  );
  return [cells('what happens', 'server', 'client'), '|---|---|---|', ...lines].join('\n');
}

function secureOptionRows(): Row[] {
  return Object.keys(constants)
    .filter((name) => name.startsWith('SSL_OP_'))
    .sort()
    .map((name) => {
      const why = optionsWithoutEffect[name];
      return { name, status: 'same', note: why === undefined ? undefined : `no effect: ${why}` };
    });
}

function cells(...values: readonly string[]): string {
  return `| ${values.map((value) => value.replaceAll('|', '\\|')).join(' | ')} |`;
}
