import { notOffered, refused, type StartOptions } from './answers.ts';
import type { ClearText } from './clear-text.ts';
import { startLdap } from './ldap.ts';
import { startMysql } from './mysql.ts';
import { startXmpp } from './xmpp.ts';

/** Says what there is to say until TLS may begin; throws `Problem` where the other side will not. */
type Start = (text: ClearText, options: StartOptions) => Promise<void>;

export const startTls = {
  smtp: startSmtp,
  imap: startImap,
  pop3: startPop3,
  xmpp: startXmpp,
  postgres: startPostgres,
  mysql: startMysql,
  ldap: startLdap,
  ftp: startFtp,
} as const satisfies Record<string, Start>;

export type StartTlsProtocol = keyof typeof startTls;
export const startTlsProtocols = Object.keys(startTls) as readonly StartTlsProtocol[];

/** Where servers of the protocol usually listen. */
export const usualPorts: Readonly<Record<StartTlsProtocol, number>> = {
  smtp: 25,
  imap: 143,
  pop3: 110,
  xmpp: 5222,
  postgres: 5432,
  mysql: 3306,
  ldap: 389,
  ftp: 21,
};

/** RFC 3207. */
async function startSmtp(text: ClearText, { name = 'localhost' }: StartOptions): Promise<void> {
  expectReply(await reply(text), '220', 'a greeting of SMTP');
  text.write(`EHLO ${name}\r\n`);
  const lines = await reply(text);
  expectReply(lines, '250', 'an answer to EHLO');
  if (!lines.some((line) => /^\d{3}[ -]STARTTLS$/i.test(line.trim()))) throw notOffered('STARTTLS');
  text.write('STARTTLS\r\n');
  expectReply(await reply(text), '220', 'yes to STARTTLS');
}

/** RFC 4217 §4. */
async function startFtp(text: ClearText): Promise<void> {
  expectReply(await reply(text), '220', 'a greeting of FTP');
  text.write('AUTH TLS\r\n');
  expectReply(await reply(text), '234', 'yes to AUTH TLS');
}

/** A reply of several lines ends with the one that has a space behind its number (RFC 5321 §4.2.1, RFC 959 §4.2). */
async function reply(text: ClearText): Promise<string[]> {
  const lines: string[] = [];
  for (;;) {
    const line = await text.line();
    lines.push(line);
    if (new RegExp(`^${lines[0]!.slice(0, 3).replace(/\D/g, 'x')}( |$)`).test(line)) return lines;
    if (!/^\d{3}-/.test(lines[0]!)) return lines;
    if (lines.length > mostLines) throw refused('a reply that ends', line);
  }
}

function expectReply(lines: readonly string[], code: string, what: string): void {
  if (lines.at(-1)?.startsWith(code) !== true) throw refused(what, lines.at(-1) ?? '');
}

/** RFC 9051 §6.2.1. */
async function startImap(text: ClearText): Promise<void> {
  const greeting = await text.line();
  if (!/^\* (OK|PREAUTH)\b/i.test(greeting)) throw refused('a greeting of IMAP', greeting);
  text.write('a1 STARTTLS\r\n');
  for (let count = 0; count < mostLines; count++) {
    const line = await text.line();
    if (line.startsWith('* ')) continue;
    if (/^a1 OK\b/i.test(line)) return;
    throw refused('yes to STARTTLS', line);
  }
  throw refused('yes to STARTTLS', 'lines without end');
}

/** RFC 2595 §4. */
async function startPop3(text: ClearText): Promise<void> {
  const greeting = await text.line();
  if (!greeting.startsWith('+OK')) throw refused('a greeting of POP3', greeting);
  text.write('STLS\r\n');
  const answer = await text.line();
  if (!answer.startsWith('+OK')) throw refused('yes to STLS', answer);
}

/** The SSLRequest of PostgreSQL's protocol 3.0: its length, and 1234 and 5679 as one number. */
async function startPostgres(text: ClearText): Promise<void> {
  text.write(Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f));
  const answer = (await text.bytes(1)).toString('latin1');
  if (answer === 'N') throw notOffered('TLS');
  if (answer !== 'S') throw refused('S, for yes to TLS', answer);
}

const mostLines = 200;
