// What connections read there that applications may overwrite.
import '../index.ts';
import { Agent } from './agent.ts';
import { defaults, get, request } from './request.ts';
import { createServer, Server } from './server.ts';

interface Https {
  readonly Agent: typeof Agent;
  readonly Server: typeof Server;
  readonly createServer: typeof createServer;
  readonly get: typeof get;
  readonly request: typeof request;
  globalAgent: Agent;
}

/** What `node:https` exports, over this package's connections. `globalAgent` may be replaced here. */
const https: Https = {
  Agent,
  Server,
  createServer,
  get,
  request,
  get globalAgent(): Agent {
    return defaults.globalAgent;
  },
  set globalAgent(agent: Agent) {
    defaults.globalAgent = agent;
  },
};

const globalAgent: Agent = defaults.globalAgent;

export type { AgentOptions } from './agent.ts';
export type { RequestOptions } from './request.ts';
export type { ServerOptions } from './server.ts';
export { Agent, createServer, get, globalAgent, request, Server };
export { https as default, https as 'module.exports' };
