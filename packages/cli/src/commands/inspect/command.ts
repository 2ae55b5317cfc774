import { command } from '../../command.ts';
import { inspectOptions } from './options.ts';

export const inspectCommand = command({
  name: 'inspect',
  summary: 'Show what is in files: certificates, sessions, ClientHellos, captures.',
  description: [
    'Shows certificates and requests (PEM or DER), sessions of -sess_out without their secrets, ClientHellos (bytes or hex, with their record or without) with their fingerprints JA3 and JA4, and the TLS connections of captures (pcapng or pcap). Captures are opened with the secrets that are in them, or in the file of --keylog.',
  ],
  arguments: [{ name: 'file', help: 'What to look at; - is standard input.', many: true, completes: 'file' }],
  options: inspectOptions,
  examples: [
    ['inspect capture.pcapng --keylog keys.txt --messages', 'everything that was said'],
    ['inspect session.pem server.pem', 'several things at once'],
  ],
  load: async () => (await import('./run.ts')).inspect,
});
