import { command } from '../../command.ts';
import {
  keyOptions,
  pkiOptions,
  requestOptions,
  selfSignedOptions,
  showOptions,
  signOptions,
  verifyOptions,
} from './options.ts';

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
