import { command } from '../../command.ts';
import { options } from '../../options/option.ts';
import { startTlsProtocols } from '../../starttls/protocols.ts';
import { connectionOptions } from '../../tls/connection-options.ts';
import { targetOptions } from '../../tls/target.ts';

const resumption = 'Resumption';
const trust = 'Who is trusted';

export const connectOptions = options({
  ...targetOptions,
  starttls: {
    value: 'PROTOCOL',
    choices: startTlsProtocols,
    help: 'Speak this protocol until it lets TLS begin.',
  },
  name: {
    value: 'NAME',
    openssl: ['xmpphost'],
    help: 'What to call ourselves to SMTP, or the domain to ask XMPP for.',
  },
  ipv4: { openssl: ['4'], help: 'Connect over IPv4 alone.' },
  ipv6: { openssl: ['6'], help: 'Connect over IPv6 alone.' },
  ...connectionOptions,
  showcerts: { help: 'Print all certificates of the server as PEM on standard output.' },
  status: { group: trust, help: 'Ask for a stapled OCSP response, and show it.' },
  'must-staple': { group: trust, help: 'Ask for a stapled OCSP response, and refuse a server without one.' },
  'sess-out': {
    value: 'FILE',
    openssl: ['sess_out'],
    completes: 'file',
    group: resumption,
    help: 'Write the session to this file. It is a secret, which its owner alone can read.',
  },
  'sess-in': {
    value: 'FILE',
    openssl: ['sess_in'],
    completes: 'file',
    group: resumption,
    help: 'Resume the session in this file.',
  },
  reconnect: { group: resumption, help: 'Connect five more times, each time with the session of the time before.' },
  'early-data': {
    value: 'FILE',
    openssl: ['early_data'],
    completes: 'file',
    group: resumption,
    help: 'Send this file as 0-RTT data, which others may replay; what the server does not take is sent afterwards.',
  },
  in: { value: 'FILE', completes: 'file', help: 'Send this file in the place of standard input.' },
  out: { value: 'FILE', completes: 'file', help: 'Write what is received to this file.' },
  crlf: { help: 'Make CR LF of each LF that is sent.' },
  'ign-eof': {
    openssl: ['ign_eof'],
    help: 'Do not close our side at the end of the input, but wait for the server to. --quiet does this too.',
  },
  'no-ign-eof': { openssl: ['no_ign_eof'], help: 'Close our side at the end of the input, also with --quiet.' },
  nocommands: { help: 'Send lines that are Q, R, k or K like any others.' },
});

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
    ['connect -connect localhost:4433 -CAfile root.pem -sess_in session.pem -early_data request', 'and use it'],
  ],
  load: async () => (await import('./run.ts')).connect,
});
