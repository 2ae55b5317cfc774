// What connections read there that applications may overwrite.
import '../index.ts';
import type * as types from '../types/https.ts';
import * as agents from './agent.ts';
import * as requests from './request.ts';
import * as servers from './server.ts';

/** What `node:https` exports, over this package's connections. `globalAgent` may be replaced here. */
const https = {
  Agent: agents.Agent,
  Server: servers.Server,
  createServer: servers.createServer,
  get: requests.get,
  request: requests.request,
  get globalAgent(): agents.Agent {
    return requests.defaults.globalAgent;
  },
  set globalAgent(agent: agents.Agent) {
    requests.defaults.globalAgent = agent;
  },
} as unknown as types.Https;

/** For those who name types by the default import: `https.Server`. */
declare namespace https {
  type Agent = types.Agent;
  type AgentOptions = types.AgentOptions;
  type RequestOptions = types.RequestOptions;
  type Server<
    Request extends types.Requests = types.Requests,
    Response extends types.Responses<Request> = types.AnyResponse,
  > = types.Server<Request, Response>;
  type ServerOptions<
    Request extends types.Requests = types.Requests,
    Response extends types.Responses<Request> = types.AnyResponse,
  > = types.ServerOptions<Request, Response>;
}

export { https as default, https as 'module.exports' };
export const { Agent, createServer, get, globalAgent, request, Server } = https;
export type { AgentOptions, RequestOptions, ServerOptions } from '../types/https.ts';
export type Agent = types.Agent;
export type Server<
  Request extends types.Requests = types.Requests,
  Response extends types.Responses<Request> = types.AnyResponse,
> = types.Server<Request, Response>;
