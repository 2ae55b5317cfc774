import { command } from '../../command.ts';
import { benchOptions } from './options.ts';

export const benchCommand = command({
  name: 'bench',
  summary: 'Measure handshakes and bytes per second.',
  description: [
    'Measures against the server of --connect, or without one against itself: both ends in this process, over the loopback device. Bytes are sent to the server and come back, so that one that echoes is needed to measure them: say so with --what bytes.',
    'On a machine with other work to do the numbers are worth nothing.',
  ],
  arguments: [{ name: 'host:port', help: 'The same as --connect.', isOptional: true }],
  options: benchOptions,
  examples: [
    ['bench --seconds 1', 'against itself'],
    ['bench example.org:443 --what full --parallel 4', 'full handshakes with a server'],
  ],
  load: async () => (await import('./run.ts')).bench,
});
