import type { CommandSpec } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { spellingsOf } from './spellings.ts';

/** The tables of the README: what the program ends with, and every option of every command. */
export function optionTables(commands: readonly CommandSpec[]): string {
  return commands
    .flatMap(({ name, summary, options }) => {
      const rows = Object.entries(options).map(([long, spec]) => {
        const names = spellingsOf(long, spec)
          .map((each) => `\`${each}\``)
          .join(' ');
        const value = spec.value === undefined ? '' : ` \`${spec.value}\``;
        const choices =
          spec.choices === undefined
            ? ''
            : ` One of: ${spec.choices.map((each) => `\`${each}\``).join(', ')}.`;
        return `| ${cell(`${names}${value}`)} | ${cell(spec.help + choices)} |`;
      });
      const table = rows.length === 0 ? [] : ['| option | |', '|---|---|', ...rows, ''];
      return [`### \`sealwire ${name}\``, '', summary, '', ...table];
    })
    .join('\n')
    .trimEnd();
}

export function exitTable(): string {
  const rows = Object.values(exitCodes).map(({ code, meaning }) => `| ${code} | ${meaning} |`);
  return ['| ends with | when |', '|---|---|', ...rows].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
