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
