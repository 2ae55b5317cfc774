import type { CommandSpec } from '../command.ts';
import type { OptionSpec } from '../options/option.ts';
import { spellingsOf } from './spellings.ts';

/** A script for zsh, for `_arguments`. */
export function zshCompletion(commands: readonly CommandSpec[]): string {
  const groups = [
    ...new Set(commands.filter(({ name }) => name.includes(' ')).map(({ name }) => name.split(' ')[0]!)),
  ];
  const firsts = [
    ...commands
      .filter(({ name }) => !name.includes(' '))
      .map(({ name, summary }) => `${quoted(`${name}:${summary}`)}`),
    ...groups.map((group) => quoted(`${group}:more commands`)),
  ];
  return `#compdef sealwire
# Completions of sealwire for zsh.
_sealwire() {
  local -a firsts seconds
  firsts=(${firsts.join(' ')})
  if (( CURRENT == 2 )); then
    _describe command firsts
    return
  fi
  local command=$words[2]
  case $command in
${groups.map((group) => groupCase(group, commands)).join('\n')}
    *) words=("\${(@)words[2,-1]}"); (( CURRENT-- )) ;;
  esac
  case $command in
${commands.map(argumentsCase).join('\n')}
  esac
}
_sealwire "$@"
`;
}

function groupCase(group: string, commands: readonly CommandSpec[]): string {
  const seconds = commands
    .filter(({ name }) => name.startsWith(`${group} `))
    .map(({ name, summary }) => quoted(`${name.split(' ')[1]}:${summary}`));
  return `    ${group})
      if (( CURRENT == 3 )); then
        seconds=(${seconds.join(' ')})
        _describe command seconds
        return
      fi
      command="$command $words[3]"; words=("\${(@)words[3,-1]}"); (( CURRENT -= 2 )) ;;`;
}

function argumentsCase({ name, options, arguments: args }: CommandSpec): string {
  const specs = [
    ...Object.entries(options).flatMap(([long, spec]) => optionSpecs(long, spec)),
    ...args.map(
      ({ name, choices, completes, many }) =>
        `${many ? '*' : ''}:${name.replaceAll(':', ' ')}:${choices === undefined ? (completes === 'file' ? '_files' : ' ') : `(${choices.join(' ')})`}`,
    ),
  ];
  return `    ${quoted(name)}) _arguments ${specs.map(quoted).join(' ')} ;;`;
}

function optionSpecs(long: string, spec: OptionSpec): string[] {
  const help = spec.help.replace(/[[\]\\:]/g, '\\$&');
  const value =
    spec.value === undefined
      ? ''
      : `:${spec.value.replace(/[[\]\\:]/g, '\\$&')}:${
          spec.choices === undefined
            ? spec.completes === undefined
              ? ' '
              : spec.completes === 'file'
                ? '_files'
                : '_files -/'
            : `(${spec.choices.join(' ')})`
        }`;
  return spellingsOf(long, spec).map((each) => `${spec.many ? '*' : ''}${each}[${help}]${value}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
