import { options } from '../../options/option.ts';
import { startTlsProtocols } from '../../starttls/protocols.ts';
import { connectionOptions } from '../../tls/connection-options.ts';
import { hostAndPort } from '../../tls/read-values.ts';
import { targetOptions } from '../../tls/target.ts';

const resumption = 'Resumption';
const trust = 'Who is trusted';

export const connectOptions = options({
  ...targetOptions,
  proxy: {
    value: 'HOST:PORT',
    read: hostAndPort({ host: 'localhost', port: 3128 }),
    help: 'Ask this proxy of HTTP for a tunnel to the server (CONNECT). Default of its port: 3128.',
  },
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
  reconnect: {
    group: resumption,
    help: 'Connect five more times, each time with the session of the time before.',
  },
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
  'no-ign-eof': {
    openssl: ['no_ign_eof'],
    help: 'Close our side at the end of the input, also with --quiet.',
  },
  nocommands: { help: 'Send lines that are Q, R, k or K like any others.' },
});
