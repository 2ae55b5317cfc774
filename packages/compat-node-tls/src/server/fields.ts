import type { Server as NetServer } from 'node:net';
import type { SealwireServerOptions } from '../beyond/options.ts';
import { nodeMajor } from '../process/host.ts';
import type { InnerContext, SecureContext } from '../context/secure-context.ts';

/** A `Server` as the functions see it that do its work: what it has beside `net.Server`. */
export interface ServerFields extends NetServer {
  _contexts: [RegExp, InnerContext][];
  _sharedCreds: SecureContext;
  requestCert: boolean;
  rejectUnauthorized: boolean;
  ALPNProtocols: Uint8Array | undefined;
  NPNProtocols?: Uint8Array | undefined;
  ALPNCallback: unknown;
  pauseOnConnect: boolean;
  [settings]: ServerSettings;
}

/** Options that show nowhere on the server. */
export interface ServerSettings {
  readonly handshakeTimeout: number;
  readonly SNICallback: unknown;
  readonly pskCallback: unknown;
  readonly pskIdentityHint: unknown;
  readonly enableTrace: unknown;
  readonly sealwire: SealwireServerOptions | undefined;
}

export const settings = Symbol('settings');

/** What `setSecureContext` keeps of its options as properties of the server. */
export const contextOptions: readonly string[] = [
  'pfx',
  'key',
  'passphrase',
  'cert',
  'clientCertEngine',
  'ca',
  'minVersion',
  'maxVersion',
  'secureProtocol',
  'crl',
  'sigalgs',
  'ciphers',
  'ecdhCurve',
  'dhparam',
  'honorCipherOrder',
  'secureOptions',
  'sessionIdContext',
  'privateKeyIdentifier',
  'privateKeyEngine',
  // Since the releases that have it.
  ...(nodeMajor() >= 24 ? ['certificateCompression'] : []),
];

/** These are only there once they were given, and stay. */
export const lastingOptions = ['sessionTimeout', 'ticketKeys'] as const;
