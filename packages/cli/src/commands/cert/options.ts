import { secretSource } from '../../files.ts';
import { options, wholeNumber } from '../../options/option.ts';
import { keySpecOf } from '../../tls/key-spec.ts';
import { nameOf, timeOf } from '../../tls/read-values.ts';
import { trustOptions } from '../../tls/trust.ts';

const json = { help: 'Print one JSON document.' } as const;
const pass = {
  value: 'SOURCE',
  openssl: ['passin', 'passout'],
  read: secretSource,
  help: 'Where the passphrase of the key is: env:NAME, file:PATH or pass:TEXT. For a key that is read, a terminal is asked otherwise.',
} as const;
const out = { value: 'FILE', completes: 'file', help: 'Write it there. Default: standard output.' } as const;
const key = {
  value: 'FILE',
  completes: 'file',
  help: 'The private key that the certificate is for.',
} as const;
const type = {
  value: 'TYPE',
  read: keySpecOf,
  help: 'p256, p384, p521, ed25519, ed448, mldsa44, mldsa65, mldsa87, rsa:BITS or rsa-pss:BITS. Default: p256.',
} as const;

/** What a certificate is to say, and a request asks for. */
const contents = options({
  subject: {
    value: 'NAME',
    openssl: ['subj'],
    read: nameOf,
    help: 'Whom it is for: "/O=Example/CN=example.org" or "CN=example.org, O=Example".',
  },
  name: {
    value: 'NAME',
    many: true,
    help: 'A host name or IP address that it is for, or an e-mail address.',
  },
  ca: { help: 'Make it the certificate of a CA, which may issue others.' },
  purpose: {
    value: 'PURPOSE',
    many: true,
    choices: ['serverAuth', 'clientAuth', 'codeSigning', 'emailProtection', 'timeStamping', 'ocspSigning'],
    help: 'What it may be used for. Default: anything.',
  },
});
const days = {
  value: 'DAYS',
  read: wholeNumber(1, 36_500),
  help: 'How long it is valid from now on. Default: 90.',
} as const;

export const keyOptions = options({ type, out, pass });
export const requestOptions = options({ key, pass, ...contents, out });
export const selfSignedOptions = options({ key, pass, ...contents, days, out });
export const signOptions = options({
  ca: { value: 'FILE', openssl: ['CA'], completes: 'file', help: 'The certificate of the CA that signs.' },
  'ca-key': { value: 'FILE', openssl: ['CAkey'], completes: 'file', help: 'The private key of that CA.' },
  pass,
  days,
  'make-ca': { help: 'Make it the certificate of a CA, which may issue others.' },
  purpose: contents.purpose,
  name: { ...contents.name, help: 'A name that it is for, in the place of those that the request asks for.' },
  out,
});
export const pkiOptions = options({
  type,
  name: { ...contents.name, help: 'A name of the server. Default: localhost, 127.0.0.1 and ::1.' },
  days,
});
export const showOptions = options({ json });
export const verifyOptions = options({
  ...trustOptions,
  untrusted: {
    value: 'FILE',
    many: true,
    completes: 'file',
    help: 'Certificates that may stand between, trusted for nothing.',
  },
  purpose: {
    value: 'PURPOSE',
    choices: ['serverAuth', 'clientAuth', 'any'],
    help: 'What it must be good for. Default: serverAuth.',
  },
  host: {
    value: 'NAME',
    openssl: ['verify_hostname', 'verify_ip'],
    help: 'The host name or IP address that it must be for. Default: any.',
  },
  time: {
    value: 'TIME',
    openssl: ['attime'],
    read: timeOf,
    help: 'When it must be valid: 2026-11-22, or seconds since 1970. Default: now.',
  },
  json,
});
