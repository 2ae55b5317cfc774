import { command } from '../../command.ts';
import { ciphersOptions } from './options.ts';

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
