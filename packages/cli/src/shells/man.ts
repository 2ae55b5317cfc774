import type { CommandSpec } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { spellingsOf } from './spellings.ts';

/** The manual page, in the language of man(7). */
export function manPage(commands: readonly CommandSpec[]): string {
  return [
    '.TH SEALWIRE 1 "" "sealwire" "User Commands"',
    '.SH NAME',
    'sealwire \\- TLS on the command line',
    '.SH SYNOPSIS',
    ...commands.flatMap((command, i) => [
      ...(i === 0 ? [] : ['.br']),
      `.B sealwire ${escaped(command.name)}`,
      synopsisOf(command),
    ]),
    '.SH DESCRIPTION',
    'Connects, serves, looks at things and measures them. Options have two spellings, that of OpenSSL and a long one.',
    ...commands.flatMap(sectionOf),
    '.SH EXIT STATUS',
    ...Object.values(exitCodes).flatMap(({ code, meaning }) => ['.TP', `.B ${code}`, escaped(meaning)]),
    '.SH SEE ALSO',
    '.BR openssl-s_client (1ssl),',
    '.BR openssl-s_server (1ssl)',
    '',
  ].join('\n');
}

function synopsisOf({ arguments: args }: CommandSpec): string {
  const shown = args.map(({ name, isOptional, many }) => {
    const text = `${name}${many ? '...' : ''}`;
    return isOptional ? `[${text}]` : text;
  });
  return escaped(['[options]', ...shown].join(' '));
}

function sectionOf({ name, description, options, arguments: args, examples }: CommandSpec): string[] {
  return [
    `.SH ${escaped(`sealwire ${name}`).toUpperCase()}`,
    ...description.flatMap((each, i) => [...(i === 0 ? [] : ['.PP']), escaped(each)]),
    ...args.flatMap(({ name, help }) => ['.TP', `.I ${escaped(name)}`, escaped(help)]),
    ...Object.entries(options).flatMap(([long, spec]) => {
      const value = spec.value === undefined ? '' : ` \\fI${escaped(spec.value)}\\fR`;
      const choices = spec.choices === undefined ? '' : ` One of: ${spec.choices.join(', ')}.`;
      const names = spellingsOf(long, spec)
        .map((each) => `\\fB${escaped(each)}\\fR`)
        .join(', ');
      return ['.TP', `${names}${value}`, escaped(`${spec.help}${choices}`)];
    }),
    ...examples.flatMap(([line, meaning]) => [
      '.PP',
      '.EX',
      escaped(`$ sealwire ${line}`),
      '.EE',
      escaped(meaning),
    ]),
  ];
}

/** Dashes are minus signs, and no line begins with what would be a request. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^[.']/, '\\&$&');
}
