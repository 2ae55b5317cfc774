import type { TLSSocketOptions as NodeOptions } from 'node:tls';
import type { SealwireOptions } from '../beyond/options.ts';
import type { SecureContext } from '../context/secure-context.ts';

/** What `new TLSSocket` takes, as it is documented and as `tls.connect` and `tls.Server` hand it over. */
export interface TLSSocketOptions
  extends Omit<NodeOptions, 'secureContext' | 'server' | 'session' | 'ALPNCallback' | 'pskCallback'> {
  secureContext?: SecureContext | undefined;
  /** The name of `secureContext` before there was that. */
  credentials?: SecureContext | undefined;
  server?: unknown;
  /** As written by `convertNPNProtocols`. */
  NPNProtocols?: Uint8Array | undefined;
  session?: Uint8Array | string | undefined;
  handshakeTimeout?: number | undefined;
  allowHalfOpen?: boolean | undefined;
  pauseOnConnect?: boolean | undefined;
  highWaterMark?: number | undefined;
  onread?: { readonly buffer: unknown; readonly callback: (bytes: number, buffer: Uint8Array) => boolean };
  signal?: AbortSignal | undefined;
  noDelay?: boolean | undefined;
  keepAlive?: boolean | undefined;
  keepAliveInitialDelay?: number | undefined;
  pskIdentityHint?: string | undefined;
  pskCallback?: unknown;
  ALPNCallback?: unknown;
  minDHSize?: number | undefined;
  /** What this package can do beyond `node:tls`. */
  sealwire?: SealwireOptions | undefined;
}
