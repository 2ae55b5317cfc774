import type { ClientRequest, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type * as https from 'node:https';
import type { SealwireClientOptions, SealwireServerOptions } from '../beyond/options.ts';
import type { ServerConstructor as TlsServerConstructor } from './classes.ts';
import type { CertificateCompressionAlgorithm } from './options.ts';

/* What `node:https` declares, in the version of `@types/node` that the application has. */

export interface Added<Sealwire> {
  certificateCompression?: readonly CertificateCompressionAlgorithm[] | undefined;
  /** What this package can do that `node:tls` cannot; Node's own ignores it. */
  sealwire?: Sealwire | undefined;
}

export type Requests = typeof IncomingMessage;
export type AnyResponse = typeof ServerResponse;
export type Responses<Request extends Requests> = typeof ServerResponse<InstanceType<Request>>;

export type Agent = https.Agent;
export interface AgentOptions extends https.AgentOptions, Added<SealwireClientOptions> {}
export interface RequestOptions extends https.RequestOptions, Added<SealwireClientOptions> {}
export interface ServerOptions<
  Request extends Requests = Requests,
  Response extends Responses<Request> = AnyResponse,
> extends https.ServerOptions<Request, Response>,
    Added<SealwireServerOptions> {}
export type Server<
  Request extends Requests = Requests,
  Response extends Responses<Request> = AnyResponse,
> = https.Server<Request, Response>;

export interface AgentConstructor
  extends Pick<typeof https.Agent, Exclude<keyof typeof https.Agent, 'prototype'>> {
  new (options?: AgentOptions): Agent;
  (options?: AgentOptions): Agent;
  readonly prototype: Agent;
}

export interface ServerConstructor
  extends CreateServer,
    Pick<TlsServerConstructor, Exclude<keyof TlsServerConstructor, 'prototype'>> {
  new <Request extends Requests = Requests, Response extends Responses<Request> = AnyResponse>(
    requestListener?: RequestListener<Request, Response>,
  ): Server<Request, Response>;
  new <Request extends Requests = Requests, Response extends Responses<Request> = AnyResponse>(
    options: ServerOptions<Request, Response>,
    requestListener?: RequestListener<Request, Response>,
  ): Server<Request, Response>;
  readonly prototype: Server;
}

export interface CreateServer {
  <Request extends Requests = Requests, Response extends Responses<Request> = AnyResponse>(
    requestListener?: RequestListener<Request, Response>,
  ): Server<Request, Response>;
  <Request extends Requests = Requests, Response extends Responses<Request> = AnyResponse>(
    options: ServerOptions<Request, Response>,
    requestListener?: RequestListener<Request, Response>,
  ): Server<Request, Response>;
}

type Listener = (response: IncomingMessage) => void;

export interface Ask {
  (options: RequestOptions | string | URL, callback?: Listener): ClientRequest;
  (url: string | URL, options: RequestOptions, callback?: Listener): ClientRequest;
}

/** What applications have as `https`. */
export interface Https {
  Agent: AgentConstructor;
  Server: ServerConstructor;
  createServer: CreateServer;
  get: Ask;
  /** Takes the place of the one that requests use which name none. */
  globalAgent: Agent;
  request: Ask;
}
