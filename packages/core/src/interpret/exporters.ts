import type { Exporter } from '../machine/step.ts';

/** What a connection gives out that is bound to it. */
export interface Exporters {
  /** Of the latest finished handshake; there from `connected` on. */
  readonly main?: Exporter | undefined;
  /** There from the hello that offers 0-RTT data on, until that is refused. */
  readonly early?: Exporter | undefined;
  /** The first Finished of the handshake, where that is a binding (RFC 5929 §3). */
  readonly tlsUnique?: Uint8Array | undefined;
}
