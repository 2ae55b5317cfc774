import { command } from '../../command.ts';
import { options } from '../../options/option.ts';

export const ciphersOptions = options({
  provider: {
    value: 'NAME',
    choices: ['node', 'noble', 'all'],
    help: 'Whose suites, groups and schemes to show. Default: all.',
  },
  cipher: {
    value: 'STRING',
    help: 'Show what this cipher string of OpenSSL selects here, in its order.',
  },
  what: {
    value: 'KIND',
    choices: ['suites', 'groups', 'schemes', 'all'],
    help: 'What to show. Default: all.',
  },
  json: { help: 'Print one JSON document.' },
});

export const ciphersCommand = command({
  name: 'ciphers',
  summary: 'Show cipher suites, groups and signature schemes.',
  description: [
    'Shows what each provider of cryptography can do: cipher suites, key-exchange groups and signature schemes, by the names of IANA and of OpenSSL. “default” is what is offered when nothing is said.',
  ],
  arguments: [],
  options: ciphersOptions,
  examples: [
    ['ciphers', 'everything, for all providers'],
    ['ciphers --cipher ECDHE+AESGCM --what suites', 'what a cipher string of OpenSSL means here'],
  ],
  load: async () => (await import('./run.ts')).ciphers,
});
