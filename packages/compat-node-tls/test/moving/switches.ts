import { row } from './rows.ts';

export const commandLine = [
  row('--tls-cipher-list=list', '4'),
  row('--tls-min-v1.0', '12, 10.20'),
  row('--tls-min-v1.1', '12, 10.20'),
  row('--tls-min-v1.2', '12.2, 10.20'),
  row('--tls-min-v1.3', '12'),
  row('--tls-max-v1.2', '12, 10.20'),
  row('--tls-max-v1.3', '12'),
  row('--tls-keylog=file', '13.2, 12.16'),
  row('--trace-tls', '12.2'),
  row('--use-bundled-ca', '6.11, 7.5'),
  row('--use-openssl-ca', '6.11, 7.5'),
  row('--use-system-ca', '22.15, 23.8', {
    differs: 'on Linux as Node; the stores of macOS and Windows cannot be reached without native code',
  }),
] as const;

export const environment = [
  row('NODE_OPTIONS', '8', { note: 'the switches above' }),
  row('NODE_EXTRA_CA_CERTS', '7.3'),
  row('NODE_USE_SYSTEM_CA', '22.19, 24.6'),
  row('NODE_TLS_REJECT_UNAUTHORIZED', '0.11.14'),
  row('NODE_DEBUG=tls', '0.5', { note: 'says on stderr what Node says, where there are such places here' }),
  row('SSL_CERT_FILE', '7.7'),
  row('SSL_CERT_DIR', '7.7'),
] as const;
