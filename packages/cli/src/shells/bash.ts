import type { CommandSpec } from '../command.ts';
import { spellingsOf } from './spellings.ts';

/** A script for bash: what may follow, by the command that was typed and the word before. */
export function bashCompletion(commands: readonly CommandSpec[]): string {
  const groups = [
    ...new Set(commands.filter(({ name }) => name.includes(' ')).map(({ name }) => name.split(' ')[0]!)),
  ];
  const firsts = [...new Set(commands.map(({ name }) => name.split(' ')[0]!)), 'help'];
  return `# Completions of sealwire for bash.
_sealwire() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${firsts.join(' ')} --help --version' -- "$word"))
    return
  fi
  case "$command" in
${groups.map((group) => groupCase(group, commands)).join('\n')}
  esac
  case "$command:$before" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$word" in
    -*)
      case "$command" in
${commands.map(optionCase).join('\n')}
      esac ;;
    *) compopt -o default 2>/dev/null ;;
  esac
}
complete -F _sealwire sealwire
`;
}

function groupCase(group: string, commands: readonly CommandSpec[]): string {
  const seconds = commands
    .filter(({ name }) => name.startsWith(`${group} `))
    .map(({ name }) => name.split(' ')[1]!);
  return `    ${group})
      if [ "$COMP_CWORD" -eq 2 ]; then
        COMPREPLY=($(compgen -W '${seconds.join(' ')} --help' -- "$word"))
        return
      fi
      command="$command \${COMP_WORDS[2]}" ;;`;
}

function valueCases({ name, options, arguments: args }: CommandSpec): string[] {
  const found = Object.entries(options).flatMap(([long, spec]) => {
    if (spec.value === undefined) return [];
    const patterns = spellingsOf(long, spec)
      .map((each) => `'${name}:${each}'`)
      .join('|');
    const reply =
      spec.choices !== undefined
        ? `COMPREPLY=($(compgen -W '${spec.choices.join(' ')}' -- "$word"))`
        : spec.completes === 'directory'
          ? 'COMPREPLY=($(compgen -d -- "$word"))'
          : spec.completes === 'file'
            ? 'COMPREPLY=($(compgen -f -- "$word"))'
            : ':';
    return [`    ${patterns}) ${reply}; return ;;`];
  });
  const choices = args.find((each) => each.choices !== undefined)?.choices;
  if (choices !== undefined)
    found.push(
      `    '${name}:${name}') COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$word")); return ;;`,
    );
  return found;
}

function optionCase({ name, options }: CommandSpec): string {
  const words = Object.entries(options).flatMap(([long, spec]) => spellingsOf(long, spec));
  return `        '${name}') COMPREPLY=($(compgen -W '${[...words, '--help'].join(' ')}' -- "$word")) ;;`;
}
