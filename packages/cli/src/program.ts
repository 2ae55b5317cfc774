import { Argument, Command, CommanderError, Option } from 'commander';
import type { Action, CommandSpec } from './command.ts';
import { commands, version } from './commands/index.ts';
import type { ExitName } from './exit-codes.ts';
import type { Host } from './host.ts';
import type { ArgumentSpec, OptionSpec, OptionTable, ValuesOf } from './options/option.ts';
import { Problem, usage } from './problem.ts';

/** The commands for the parser, which knows long names alone; `ended` hears what the command that ran ended with. */
export function programOf(host: Host, ended: (exit: ExitName) => void): Command {
  const program = furnished(new Command('sealwire'), host)
    .description('TLS on the command line: what connects, serves, looks at things and measures them.')
    .option('-V, --version', 'Print the version.')
    .on('option:version', () => {
      host.stdout.write(`${version()}\n`);
      throw new CommanderError(0, 'commander.version', 'the version was asked for');
    })
    .helpCommand('help [command]', 'Print the help of a command.')
    .addHelpText('after', `\n${outro}`);
  const parents = new Map<string, Command>();
  for (const spec of commands) {
    const [first = '', second] = spec.name.split(' ');
    const parent = second === undefined ? program : parentOf(program, parents, first);
    const made = parent.command(second ?? first);
    describe(furnished(made, host), spec);
    made.action(async () => {
      const action = await spec.load();
      ended(await run(action, spec.options, made, host));
    });
  }
  return program;
}

function parentOf(program: Command, parents: Map<string, Command>, name: string): Command {
  const known = parents.get(name);
  if (known !== undefined) return known;
  const made = program.command(name).description(groupSummaries[name] ?? '');
  parents.set(name, made);
  return made;
}

function furnished(made: Command, host: Host): Command {
  return made
    .exitOverride()
    .helpOption('-h, --help', 'Print this help.')
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      // What is wrong is told by whoever catches it, in one form for all problems.
      writeErr: () => {},
      getOutHelpWidth: () => Math.min(host.stdout.columns ?? 100, 120),
      getOutHasColors: () => false,
    })
    .configureHelp({ sortSubcommands: false });
}

function describe(made: Command, spec: CommandSpec): void {
  made.summary(spec.summary).description(spec.description.join('\n\n'));
  for (const argument of spec.arguments) made.addArgument(argumentOf(argument));
  for (const [name, option] of Object.entries(spec.options)) made.addOption(optionOf(name, option));
  if (spec.examples.length > 0) made.addHelpText('after', () => `\n${examplesOf(spec)}`);
}

function argumentOf({ name, help, isOptional, many, choices }: ArgumentSpec): Argument {
  const shown = `${name}${many ? '...' : ''}`;
  const made = new Argument(isOptional ? `[${shown}]` : `<${shown}>`, help);
  return choices === undefined ? made : made.choices(choices);
}

function optionOf(name: string, spec: OptionSpec): Option {
  const { value, many, choices, group } = spec;
  const made = new Option(`--${name}${value === undefined ? '' : ` <${value}>`}`, helpOf(name, spec));
  // A switch of its own, and not the opposite of another: both may be asked for, which is then a contradiction.
  made.negate = false;
  if (choices !== undefined) made.choices(choices);
  if (many) made.argParser((text: string, before: string[] | undefined) => [...(before ?? []), text]);
  return group === undefined ? made : made.helpGroup(`${group}:`);
}

/** With OpenSSL's spelling, for whoever looks for it. */
export function helpOf(name: string, { help, openssl = [] }: OptionSpec): string {
  const others = openssl.filter((each) => each !== name).map((each) => `-${each}`);
  return others.length === 0 ? help : `${help} (${others.join(', ')})`;
}

function examplesOf({ examples }: CommandSpec): string {
  return [
    'Examples:',
    ...examples.flatMap(([line, meaning]) => [`  $ sealwire ${line}`, `      ${meaning}`]),
  ].join('\n');
}

function run(action: Action<OptionTable>, table: OptionTable, made: Command, host: Host): Promise<ExitName> {
  const positional = made.processedArgs.flat().filter((each): each is string => typeof each === 'string');
  return action(valuesOf(table, made) as ValuesOf<OptionTable>, positional, host);
}

/** By long names. */
function valuesOf(table: OptionTable, made: Command): Record<string, unknown> {
  const given = made.opts<Record<string, unknown>>();
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(table)) {
    const value = given[optionOf(name, spec).attributeName()];
    if (value !== undefined) values[name] = readValue(name, spec, value);
  }
  return values;
}

function readValue(name: string, { read }: OptionSpec, value: unknown): unknown {
  if (read === undefined) return value;
  const one = (text: string): unknown => {
    try {
      return read(text);
    } catch (error) {
      // Without the value where it may be a secret: `read` says what may be shown.
      if (error instanceof Problem && error.exit === 'usage')
        throw usage(`option --${name}: ${error.message}`, error.detail.advice);
      throw error;
    }
  };
  return Array.isArray(value) ? value.map(one) : one(String(value));
}

/** What the parser says about a command line that it does not take; `undefined`: it has printed help or version. */
export function parserProblem(error: unknown): Problem | undefined {
  if (!(error instanceof CommanderError)) throw error;
  if (error.exitCode === 0) return undefined;
  if (error.code === 'commander.help') return usage('no command was given', 'sealwire --help names them all');
  // The value of an option that is misspelt may be a secret.
  const message = error.message
    .replace(/^error: /, '')
    .replace(/^(unknown option '[^'=]*)=.*?'(?=\n|$)/s, "$1'");
  return usage(message.replaceAll('\n', ' '), 'sealwire help COMMAND says what there is');
}

const groupSummaries: Readonly<Record<string, string>> = {
  cert: 'Keys and certificates: make, show and verify them.',
};

const outro = [
  'Options have two spellings, that of OpenSSL and a long one: -CAfile FILE is --ca-file FILE.',
  'What the program ends with, the JSON that it prints, and more: man sealwire, or README.md of @sealwire/cli.',
].join('\n');
