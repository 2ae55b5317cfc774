import type * as tls from 'node:tls';
import type {
  CryptoStreamConstructor,
  SecureContext,
  SecureContextConstructor,
  SecurePair,
  SecurePairArguments,
  SecurePairConstructor,
  ServerConstructor,
  TLSSocketConstructor,
} from './classes.ts';
import type { Connect, CreateServer } from './functions.ts';
import type { CertificateCompressionAlgorithm, SecureContextOptions, SecureVersion } from './options.ts';

/** What applications have as `tls`. Its members may be written to, and what is written counts for connections that begin then. */
export interface Tls {
  CLIENT_RENEG_LIMIT: number;
  CLIENT_RENEG_WINDOW: number;
  DEFAULT_CIPHERS: string;
  DEFAULT_ECDH_CURVE: string;
  DEFAULT_MAX_VERSION: SecureVersion;
  DEFAULT_MIN_VERSION: SecureVersion;
  SecureContext: SecureContextConstructor;
  Server: ServerConstructor;
  TLSSocket: TLSSocketConstructor;
  checkServerIdentity(hostname: string, cert: tls.PeerCertificate): Error | undefined;
  connect: Connect;
  convertALPNProtocols(
    protocols: readonly string[] | NodeJS.ArrayBufferView,
    out: { ALPNProtocols?: Buffer | undefined },
  ): void;
  createSecureContext(options?: SecureContextOptions): SecureContext;
  createServer: CreateServer;
  /** From Node 22.15 on; here on every Node. */
  getCACertificates(type?: 'default' | 'system' | 'bundled' | 'extra'): string[];
  /** From Node 24.20 on; here on every Node. */
  getCertificateCompressionAlgorithms(): CertificateCompressionAlgorithm[];
  getCiphers(): string[];
  readonly rootCertificates: readonly string[];
  /** From Node 22.19 on; here on every Node. */
  setDefaultCACertificates(certs: ReadonlyArray<string | NodeJS.ArrayBufferView>): void;

  /** @deprecated DEP0042; of Node before 10. */
  CryptoStream: CryptoStreamConstructor;
  /** @deprecated Of Node 0.10. */
  SLAB_BUFFER_SIZE: number;
  /** @deprecated DEP0043; of Node before 10. */
  SecurePair: SecurePairConstructor;
  /** @deprecated DEP0107; of Node before 10. */
  convertNPNProtocols(
    protocols: readonly string[] | NodeJS.ArrayBufferView,
    out: { NPNProtocols?: Buffer | undefined },
  ): void;
  /** @deprecated DEP0064; of Node before 24. */
  createSecurePair(...args: SecurePairArguments): SecurePair;
  /** @deprecated DEP0076; of Node before 18. */
  parseCertString(text: string): Record<string, string | string[]>;
}
