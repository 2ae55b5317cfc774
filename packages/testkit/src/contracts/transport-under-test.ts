import type { ByteStream, WireEnd } from './byte-wire.ts';

/** One case of `transportContract`. It rejects with `ContractFailure`, and says so when it found nothing to check. */
export interface TransportCase {
  readonly name: string;
  run(): Promise<undefined | { readonly skipped: string }>;
}

/**
 * A transport, as its contract drives it. The adapter has a certificate for its server, which its clients trust by
 * default, and another root that certified nobody.
 */
export interface TransportUnderTest {
  /** Puts TLS on bytes that the contract carries. Settles as the handshake does. */
  secure(below: ByteStream, role: WireEnd, options: EndOptions): Promise<ByteStream>;
  /** Absent where there is none, as in browsers; its cases are then skipped. */
  readonly network?: TransportNetwork;
}

/** Connections between two ends of this machine. */
export interface TransportNetwork {
  /** Each handshake ends in one of the calls of `served`. */
  listen(
    options: EndOptions,
    served: { connection(link: ByteStream): void; failure(error: unknown): void },
  ): Promise<{ readonly port: number; close(): Promise<void> }>;
  connect(port: number, options: EndOptions): Promise<ByteStream>;
}

export interface EndOptions {
  /**
   * Whom a client trusts: the root of the adapter's server (default), the other root, or whoever it is by
   * default, every option that says so being left out: nobody, or a list on which the adapter's roots are not. A function answers the question itself, after the verification: true accepts.
   */
  readonly trust?: 'server' | 'other' | 'unsaid' | (() => Promise<boolean>);
  /** In ms. Default: that of the transport. */
  readonly handshakeTimeoutMs?: number;
}
