import type { CommandSpec } from '../command.ts';
import type { OptionSpec } from '../options/option.ts';

/** A script for fish: a line for each command and option. */
export function fishCompletion(commands: readonly CommandSpec[]): string {
  return [
    '# Completions of sealwire for fish.',
    'complete -c sealwire -f',
    ...commands.flatMap(linesOf),
    '',
  ].join('\n');
}

function linesOf({ name, summary, options, arguments: args }: CommandSpec): string[] {
  const [first = '', second] = name.split(' ');
  const offered =
    second === undefined
      ? `complete -c sealwire -n __fish_use_subcommand -a ${first} -d ${quoted(summary)}`
      : `complete -c sealwire -n ${quoted(`__fish_seen_subcommand_from ${first}; and not __fish_seen_subcommand_from ${second}`)} -a ${second} -d ${quoted(summary)}`;
  const condition = quoted(
    name
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and '),
  );
  const group =
    second === undefined
      ? []
      : [`complete -c sealwire -n __fish_use_subcommand -a ${first} -d 'more commands'`];
  const files = args.some(({ completes }) => completes === 'file');
  const choices = args.find((each) => each.choices !== undefined)?.choices;
  return [
    ...group,
    offered,
    ...(files ? [`complete -c sealwire -n ${condition} -F`] : []),
    ...(choices === undefined
      ? []
      : [`complete -c sealwire -n ${condition} -a ${quoted(choices.join(' '))}`]),
    ...Object.entries(options).map(([long, spec]) => optionLine(condition, long, spec)),
  ];
}

function optionLine(
  condition: string,
  long: string,
  { help, openssl = [], value, choices, completes }: OptionSpec,
): string {
  // What begins with one dash and has several letters fish calls old.
  const olds = (openssl.length === 0 ? [long] : openssl).map((each) =>
    each.length === 1 ? `-s ${each}` : `-o ${each}`,
  );
  const takes =
    value === undefined
      ? []
      : choices !== undefined
        ? ['-x', `-a ${quoted(choices.join(' '))}`]
        : completes === undefined
          ? ['-x']
          : ['-r', '-F'];
  return [
    'complete -c sealwire',
    `-n ${condition}`,
    `-l ${long}`,
    ...olds,
    ...takes,
    `-d ${quoted(help)}`,
  ].join(' ');
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
