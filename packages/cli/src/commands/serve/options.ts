import { options, secondsBetween, wholeNumber } from '../../options/option.ts';
import { connectionOptions } from '../../tls/connection-options.ts';
import { hostAndPort } from '../../tls/read-values.ts';
import { trustOptions } from '../../tls/trust.ts';

const clients = 'Clients';
const resumption = 'Resumption';
const content = 'What is served';
const identity = 'Our own certificate and keys';

export const serveOptions = options({
  accept: {
    value: '[HOST:]PORT',
    openssl: ['port'],
    read: (text: string) =>
      hostAndPort({ host: '127.0.0.1', port: 4433 })(/^\d+$/.test(text) ? `:${text}` : text),
    help: 'Where to listen; port 0 is any free one. Default: 127.0.0.1:4433. For all to reach: 0.0.0.0:4433.',
  },
  unix: { value: 'PATH', completes: 'file', help: 'A Unix socket to listen on.' },
  naccept: {
    value: 'COUNT',
    read: wholeNumber(1, 1_000_000_000),
    help: 'End after so many connections. Default: when somebody presses Ctrl-C.',
  },
  'max-connections': {
    value: 'COUNT',
    read: wholeNumber(1, 1_000_000),
    help: 'Drop connections beyond so many at a time. Default: 1000.',
  },
  echo: { group: content, help: 'Send back what comes. This is what happens if nothing else is said.' },
  rev: { group: content, help: 'Send back each line that comes, backwards.' },
  www: { group: content, help: 'Answer requests of HTTP with a page about the connection.' },
  files: {
    openssl: ['HTTP', 'WWW'],
    group: content,
    help: 'Answer requests of HTTP with files of --root, but none that are hidden.',
  },
  root: {
    value: 'DIRECTORY',
    completes: 'directory',
    group: content,
    help: 'The directory of --files. Default: this one.',
  },
  'idle-timeout': {
    value: 'SECONDS',
    read: secondsBetween(0.1, 86_400),
    group: content,
    help: 'End connections of clients that are silent, or do not read, for so long. Default: 600; for HTTP 30, and 5 between requests.',
  },
  ...connectionOptions,
  identity: {
    value: 'CERT[,KEY]',
    many: true,
    group: identity,
    help: 'Another certificate with its key, for clients that ask for a name in it (SNI).',
  },
  cert2: {
    value: 'FILE',
    completes: 'file',
    group: identity,
    help: 'Another certificate for clients that ask for a name in it; with --key2.',
  },
  key2: {
    value: 'FILE',
    completes: 'file',
    group: identity,
    help: 'The key of --cert2. Default: the file of --cert2.',
  },
  servername: {
    value: 'NAME',
    group: identity,
    help: 'The name for which --cert2 is shown. Default: those in it.',
  },
  'status-file': {
    value: 'FILE',
    openssl: ['status_file'],
    completes: 'file',
    group: identity,
    help: 'An OCSP response (DER) to staple to --cert.',
  },
  ...trustOptions,
  verify: {
    value: 'DEPTH',
    read: wholeNumber(0, 100),
    group: clients,
    help: 'Ask clients for a certificate, with at most so many between it and a trusted one.',
  },
  'verify-required': {
    value: 'DEPTH',
    openssl: ['Verify'],
    read: wholeNumber(0, 100),
    group: clients,
    help: 'The same, and refuse clients without one.',
  },
  insecure: {
    group: clients,
    help: 'Take whatever certificate a client has, and say what is wrong with it.',
  },
  'no-ticket': { openssl: ['no_ticket'], group: resumption, help: 'Give no tickets: nothing is resumed.' },
  'num-tickets': {
    value: 'COUNT',
    openssl: ['num_tickets'],
    read: wholeNumber(0, 16),
    group: resumption,
    help: 'Tickets after a full handshake of TLS 1.3. Default: 2.',
  },
  'early-data': {
    openssl: ['early_data'],
    group: resumption,
    help: 'Take 0-RTT data, each hello once as long as this process lives.',
  },
  'max-early-data': {
    value: 'BYTES',
    openssl: ['max_early_data'],
    read: wholeNumber(1, 4_294_967_295),
    group: resumption,
    help: 'How much 0-RTT data. Default: 16384.',
  },
});
