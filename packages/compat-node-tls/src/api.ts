/**
 * The object that applications have as `tls`. What they may overwrite in it (`DEFAULT_CIPHERS`, `createSecureContext`, …) is read
 * from here when it is needed, never imported.
 */
export interface Overwritable {
  CLIENT_RENEG_LIMIT: number;
  CLIENT_RENEG_WINDOW: number;
  DEFAULT_CIPHERS: string;
  DEFAULT_ECDH_CURVE: string;
  DEFAULT_MIN_VERSION: string;
  DEFAULT_MAX_VERSION: string;
  checkServerIdentity: (host: string, certificate: never) => Error | undefined;
  createSecureContext: (options?: never) => unknown;
}

export const api = {} as Overwritable & Record<string, unknown>;
