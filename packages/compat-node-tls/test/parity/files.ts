import { createPrivateKey } from 'node:crypto';
import { nodeProvider as provider } from '@sealwire/crypto-node';
import { encodePem, makeCrl, makePkcs12, parseCertificate, type TestPki } from '@sealwire/x509';

/** The server's identity in other forms than PEM, and lists of what is revoked. */
export interface ParityFiles {
  readonly passphrase: string;
  /** The server's key, PKCS #8 and of the form before it. */
  readonly encryptedKey: string;
  readonly oldEncryptedKey: string;
  /** PKCS #12 with that passphrase. */
  readonly pfx: Buffer;
  /** Of the root and the intermediate, which revoke nothing. */
  readonly emptyCrls: readonly string[];
  /** The same, but the intermediate has revoked the certificate of the client. */
  readonly crls: readonly string[];
  /** Which should have been followed by others yesterday. */
  readonly staleCrls: readonly string[];
}

const dayMs = 86_400_000;
const passphrase = 'open sesame';

export function parityFiles({ root, intermediate, server, client }: TestPki, nowMs: number): ParityFiles {
  const key = createPrivateKey({
    key: Buffer.from(server.key.exportPkcs8()),
    format: 'der',
    type: 'pkcs8',
  });
  const encrypted = (type: 'pkcs8' | 'sec1'): string =>
    key.export({ format: 'pem', type, cipher: 'aes-256-cbc', passphrase }) as string;
  const crl = (issuer: typeof root, nextUpdateMs: number, revoked: readonly Uint8Array[] = []): string =>
    encodePem(
      'X509 CRL',
      makeCrl({
        provider,
        issuer,
        thisUpdateMs: nowMs - 2 * dayMs,
        nextUpdateMs,
        revoked: revoked.map((serialNumber) => ({ serialNumber, revocationDateMs: nowMs - dayMs })),
      }),
    );
  const [tomorrow, yesterday] = [nowMs + dayMs, nowMs - dayMs];
  const { serialNumber } = parseCertificate(client.certificate);
  return {
    passphrase,
    encryptedKey: encrypted('pkcs8'),
    oldEncryptedKey: encrypted('sec1'),
    pfx: Buffer.from(
      makePkcs12({
        provider,
        passphrase,
        identities: [{ key: server.key, chain: [...server.chain] }],
        derivation: { type: 'pbkdf2', iterations: 1 },
      }),
    ),
    emptyCrls: [crl(root, tomorrow), crl(intermediate, tomorrow)],
    crls: [crl(root, tomorrow), crl(intermediate, tomorrow, [serialNumber])],
    staleCrls: [crl(root, yesterday), crl(intermediate, yesterday)],
  };
}
