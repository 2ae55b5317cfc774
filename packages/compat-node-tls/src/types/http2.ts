import type builtin from 'node:http2';
import type {
  ClientHttp2Session,
  ClientSessionOptions,
  Http2SecureServer,
  Http2ServerRequest,
  Http2ServerResponse,
  SecureClientSessionOptions,
  SecureServerOptions,
} from 'node:http2';
import type { SealwireClientOptions, SealwireServerOptions } from '../beyond/options.ts';

/** What `node:http2` declares, in the version of `@types/node` that the application has; and the option `sealwire`. */
export interface Http2 extends Omit<typeof builtin, 'connect' | 'createSecureServer'> {
  connect: typeof builtin.connect & ConnectBeyond;
  createSecureServer: typeof builtin.createSecureServer & CreateBeyond;
}

export type ConnectBeyond = (
  authority: string | URL,
  options: (ClientSessionOptions | SecureClientSessionOptions) & Beyond<SealwireClientOptions>,
  listener?: (session: ClientHttp2Session) => void,
) => ClientHttp2Session;

export type CreateBeyond = (
  options: SecureServerOptions & Beyond<SealwireServerOptions>,
  listener?: (request: Http2ServerRequest, response: Http2ServerResponse) => void,
) => Http2SecureServer;

export interface Beyond<Options> {
  sealwire?: Options | undefined;
}
