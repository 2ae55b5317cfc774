import { command } from '../../command.ts';
import { connectOptions } from './options.ts';

export const connectCommand = command({
  name: 'connect',
  summary: 'Connect to a TLS server and talk to it.',
  description: [
    'Connects, says on standard error what came of it, and then sends standard input and prints what comes, byte for byte, on standard output. At the end of the input our side is closed, and the rest of the answer awaited. Servers whose certificate does not hold are not talked to.',
    'With --json, standard output has one JSON document about the connection, and what is received goes to --out or is only counted.',
    'Where somebody types the input, a line Q ends the connection, R negotiates anew (TLS 1.2), k changes our keys and K both sides’ (TLS 1.3).',
  ],
  arguments: [{ name: 'host:port', help: 'The same as --connect.', isOptional: true }],
  options: connectOptions,
  examples: [
    ['connect example.org:443 --alpn http/1.1', 'talk to a web server'],
    ['connect -connect mail.example.org -starttls smtp -brief', 'what does a mail server speak?'],
    ['connect -connect localhost:4433 -CAfile root.pem -sess_out session.pem', 'keep the session'],
    [
      'connect -connect localhost:4433 -CAfile root.pem -sess_in session.pem -early_data request',
      'and use it',
    ],
  ],
  load: async () => (await import('./run.ts')).connect,
});
