import { command } from '../../command.ts';
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
  help: 'Where the passphrase of the key is: env:NAME, file:PATH or pass:TEXT.',
} as const;
const out = { value: 'FILE', completes: 'file', help: 'Write it there. Default: standard output.' } as const;
const key = { value: 'FILE', completes: 'file', help: 'The private key that the certificate is for.' } as const;
const type = {
  value: 'TYPE',
  read: keySpecOf,
  help: 'p256, p384, p521, ed25519, ed448, rsa:BITS or rsa-pss:BITS. Default: p256.',
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

const fileArgument = { name: 'file', help: 'PEM or DER; - is standard input.', completes: 'file' } as const;

export const certCommands = [
  command({
    name: 'cert key',
    summary: 'Make a private key.',
    description: ['Makes a private key and writes it as PEM, encrypted if there is a passphrase.'],
    arguments: [],
    options: keyOptions,
    examples: [
      ['cert key --out server.key', 'a P-256 key, readable by its owner alone'],
      ['cert key --type rsa:3072 --pass env:KEY_PASS --out server.key', 'encrypted'],
    ],
    load: async () => (await import('./make.ts')).key,
  }),
  command({
    name: 'cert request',
    summary: 'Ask for a certificate.',
    description: ['Makes a certificate request (PKCS #10) for a key, for a CA to sign.'],
    arguments: [],
    options: requestOptions,
    examples: [['cert request --key server.key --name example.org --out server.csr', 'for one host name']],
    load: async () => (await import('./make.ts')).request,
  }),
  command({
    name: 'cert self-signed',
    summary: 'Make a certificate that nobody else signs.',
    description: [
      'Makes a certificate that is signed with its own key: a root of a private CA (--ca), or a server’s for tests.',
    ],
    arguments: [],
    options: selfSignedOptions,
    examples: [
      ['cert self-signed --key ca.key --ca --subject /CN=Root --out ca.pem', 'a root'],
      ['cert self-signed --key server.key --name localhost --out server.pem', 'a server’s'],
    ],
    load: async () => (await import('./make.ts')).selfSigned,
  }),
  command({
    name: 'cert sign',
    summary: 'Make the certificate that a request asks for.',
    description: [
      'Signs a certificate request as a CA. The names are those of the request: whether they are its maker’s is yours to know.',
    ],
    arguments: [{ ...fileArgument, name: 'request', help: 'The request, PEM or DER; - is standard input.' }],
    options: signOptions,
    examples: [['cert sign server.csr -CA ca.pem -CAkey ca.key --out server.pem', 'as the CA of ca.pem']],
    load: async () => (await import('./make.ts')).sign,
  }),
  command({
    name: 'cert pki',
    summary: 'Make a root, an intermediate, a server’s and a client’s certificate for tests.',
    description: [
      'Writes root.pem, server.pem and server.key, client.pem and client.key into a directory; server.pem and client.pem have the intermediate certificate behind their own. For tests: the keys of the CAs are thrown away.',
    ],
    arguments: [{ name: 'directory', help: 'Where; it is made if it is not there.' }],
    options: pkiOptions,
    examples: [['cert pki test-pki', 'for localhost']],
    load: async () => (await import('./make.ts')).pki,
  }),
  command({
    name: 'cert show',
    summary: 'Show certificates and requests.',
    description: ['Shows what certificates and certificate requests say.'],
    arguments: [{ ...fileArgument, many: true }],
    options: showOptions,
    examples: [['cert show server.pem', 'every certificate in the file']],
    load: async () => (await import('./show.ts')).show,
  }),
  command({
    name: 'cert verify',
    summary: 'Say whether a certificate is to be trusted, and if not why.',
    description: [
      'Builds a chain from the first certificate to a trusted one. What else the file holds may stand between. Ends with 6 where there is no such chain, and says which check failed at which certificate.',
    ],
    arguments: [fileArgument],
    options: verifyOptions,
    examples: [
      ['cert verify server.pem -CAfile root.pem --host localhost', 'for a server at localhost'],
      ['cert verify server.pem --time 2030-01-01', 'will it be good then, with Mozilla’s roots?'],
    ],
    load: async () => (await import('./verify.ts')).verify,
  }),
];
