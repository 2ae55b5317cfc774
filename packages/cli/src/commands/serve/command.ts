import { command } from '../../command.ts';
import { serveOptions } from './options.ts';

export const serveCommand = command({
  name: 'serve',
  summary: 'Serve TLS: echo, a status page, or files.',
  description: [
    'Listens and serves each client that comes: sends back what it sends, or answers HTTP with a page about the connection or with files. What comes of each connection is said on standard error, or with --json on standard output, a document a line.',
    'It listens on the loopback address unless it is told otherwise.',
  ],
  arguments: [],
  options: serveOptions,
  examples: [
    ['serve -accept 4433 -cert server.pem -key server.key', 'echo'],
    ['serve -accept 4433 -cert server.pem -key server.key -www', 'a page that shows what a browser speaks'],
    [
      'serve -cert server.pem -key server.key -Verify 3 -CAfile root.pem',
      'for clients with a certificate alone',
    ],
  ],
  load: async () => (await import('./run.ts')).serve,
});
