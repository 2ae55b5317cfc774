import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import tls, { type SecureContextOptions } from 'node:tls';
import { inspect } from 'node:util';
import { nodeProvider } from '@sealwire/crypto-node';
import { makeCertificate, makePkcs12 } from '@sealwire/x509';
import { expect, it } from 'vitest';
import ours from '../../src/index.ts';
import { portrait } from '../errors/reference.ts';

/** What `createSecureContext` throws for keys and certificates that it cannot take: the builtin's error, with all that it carries. */

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const plain = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const pkcs8 = der(plain);
const own = nodeProvider.importPrivateKey(pkcs8)!;
const certificate = makeCertificate({
  provider: nodeProvider,
  subject: { CN: 'localhost' },
  key: own,
  notBeforeMs: Date.UTC(2026, 0),
  notAfterMs: Date.UTC(2126, 0),
});
const cert = block('CERTIFICATE', certificate);

/** Made with OpenSSL 3.0, passphrase `secret`: what a wrong one comes to is not left to chance. */
const locked = `-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjHnjcpw1fL/QICA+gw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAf2CBrf64C287uMW7cmn4MEgZA/
+1VIW5CXQRxv0QRWUhLGMy/PmGu3PCrFcKipCJQcQ50kH0FY8rNZCqk4YGXFiy20
PA/rUvprB1eTiG8cGh1pPodeDyDXVqiq8RzXewLbpcDBJqXEaGn3JPwXNyO6FD7O
z/F7ggwmOwwcobjAxpORXFlrjT6ViHUJgQq4lXUGVkqeXW+8tkGSSygmjQLfM7w=
-----END ENCRYPTED PRIVATE KEY-----
`;
const lockedOld = `-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-256-CBC,A770BDBB79F35F89B3FC20B1553A426D

XHjzEbHeNJZCmLV28MYx2//sKnCDmJlTgRPa3oxSNjg3xCdzbs6+nt4wApdU1QJC
jrWW56KJDBAxXE+k9ULMOtu4CAZZ2c+ICe63Sq1jgNts39psvh79Ru7/9UywdPIf
C0jLf4kwOGyGyOafKWykVXURVmOQSP5XZi7LfhWFgwQ=
-----END EC PRIVATE KEY-----
`;
const pfx = makePkcs12({
  provider: nodeProvider,
  passphrase: 'secret',
  macIterations: 1000,
  identities: [{ key: own, chain: certificate }],
});
const pfxNoKey = makePkcs12({
  provider: nodeProvider,
  passphrase: 'secret',
  macIterations: 1000,
  certificates: [{ certificate }],
});

type Broken = readonly [
  name: string,
  what: 'key' | 'cert' | 'pfx' | 'crl',
  input: string | Uint8Array,
  passphrase?: string,
];

const broken: readonly Broken[] = [
  ['garbage', 'key', 'garbage'],
  ['nothing', 'key', Buffer.alloc(0)],
  ['a certificate', 'key', cert],
  ['a public key', 'key', createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string],
  ['cut', 'key', block('PRIVATE KEY', pkcs8.subarray(0, 300))],
  ['bad base64', 'key', plain.replace(/\n(.{10})/, '\n$1!!!!')],
  ['no end', 'key', plain.split('-----END')[0]!],
  ['zeros', 'key', block('PRIVATE KEY', new Uint8Array(20))],
  ['an older form, cut', 'key', block('RSA PRIVATE KEY', pkcs8.subarray(26, 300))],
  ['no passphrase', 'key', locked],
  ['wrong passphrase', 'key', locked, 'wrong'],
  ['empty passphrase', 'key', locked, ''],
  ['zeros, locked', 'key', block('ENCRYPTED PRIVATE KEY', new Uint8Array(20)), 'secret'],
  ['no passphrase, older form', 'key', lockedOld],
  ['wrong passphrase, older form', 'key', lockedOld, 'wrong'],
  ['unknown cipher', 'key', lockedOld.replace('AES-256-CBC', 'FOO-256-CBC'), 'secret'],
  ['no vector', 'key', lockedOld.replace(/AES-256-CBC,.*/, 'AES-256-CBC'), 'secret'],
  ['bad vector', 'key', lockedOld.replace(/AES-256-CBC,../, 'AES-256-CBC,ZZ'), 'secret'],
  ['no DEK-Info', 'key', lockedOld.replace(/DEK-Info.*\n/, ''), 'secret'],
  ['garbage', 'cert', 'garbage'],
  ['a key', 'cert', plain],
  ['cut', 'cert', block('CERTIFICATE', certificate.subarray(0, 300))],
  ['bad base64', 'cert', cert.replace(/\n(.{10})/, '\n$1!!!!')],
  ['no end', 'cert', cert.split('-----END')[0]!],
  ['DER', 'cert', Buffer.from(certificate)],
  ['zeros', 'cert', block('CERTIFICATE', new Uint8Array(20))],
  ['second is zeros', 'cert', cert + block('CERTIFICATE', new Uint8Array(20))],
  ['another tag', 'cert', block('CERTIFICATE', flipped(certificate, 0))],
  ['garbage', 'crl', 'garbage'],
  ['a certificate', 'crl', cert],
  ['garbage', 'pfx', 'garbage'],
  ['nothing', 'pfx', Buffer.alloc(0)],
  ['zeros', 'pfx', Buffer.alloc(64)],
  ['PEM', 'pfx', plain],
  ['no passphrase', 'pfx', pfx],
  ['wrong passphrase', 'pfx', pfx, 'wrong'],
  ['cut', 'pfx', pfx.subarray(0, 500), 'secret'],
  ['another tag', 'pfx', flipped(pfx, 0), 'secret'],
  ['a changed MAC', 'pfx', flipped(pfx, pfx.length - 30), 'secret'],
];

function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

it.each(broken.map((one) => [`${one[0]} as ${one[1]}`, one] as const))('%s', (_, one) => {
  const [, what, input, passphrase] = one;
  requireSame({ [what]: input, ...(passphrase === undefined ? {} : { passphrase }) });
});

it('what does not fit together', () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const small = generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey;
  const smallKey = nodeProvider.importPrivateKey(small.export({ type: 'pkcs8', format: 'der' }))!;
  const smallCert = block(
    'CERTIFICATE',
    makeCertificate({
      provider: nodeProvider,
      subject: { CN: 'small' },
      key: smallKey,
      notBeforeMs: Date.UTC(2026, 0),
      notAfterMs: Date.UTC(2126, 0),
    }),
  );
  const pem = (key: typeof other) => key.export({ type: 'pkcs8', format: 'pem' });
  const dhparam = [
    '-----BEGIN DH PARAMETERS-----',
    'MEYCQQDaWDwW2YUiidDkr3VvTMqS3UvlM7gE+w/tlO+cikQD7VdGUNNpmdsp13Yn',
    'a6LT1BLiGPTdHghM9tgAPnxHdOYzAgEC',
    '-----END DH PARAMETERS-----',
  ].join('\n');
  requireSame({ cert, key: pem(other) });
  requireSame({ cert: smallCert, key: pem(small), ciphers: 'DEFAULT@SECLEVEL=1' });
  requireSame({ cert: cert + smallCert, ciphers: 'DEFAULT@SECLEVEL=1' });
  requireSame({ dhparam });
  requireSame({ pfx: Buffer.from(pfxNoKey), passphrase: 'secret' });
  requireSame({ sigalgs: 'nope' });
});

function requireSame(options: SecureContextOptions): void {
  const theirs = thrown(() => tls.createSecureContext(options));
  const own = thrown(() => ours.createSecureContext(options as never));
  expect(portrait(own, inspect)).toEqual(portrait(theirs, inspect));
}

function der(text: string): Buffer {
  return Buffer.from(text.replaceAll(/-----.*-----|\s/g, ''), 'base64');
}

function block(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
}
