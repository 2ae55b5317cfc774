import { ClientRequest, type IncomingMessage, type RequestOptions as HttpOptions } from 'node:http';
import { urlToHttpOptions } from 'node:url';
import { Agent, type AgentOptions } from './agent.ts';

type Listener = (response: IncomingMessage) => void;

export type RequestOptions = Omit<HttpOptions, 'agent'> &
  Omit<AgentOptions, keyof HttpOptions> & { agent?: Agent | HttpOptions['agent'] };

type RequestArguments =
  | [url: string | URL, listener?: Listener]
  | [url: string | URL, options: RequestOptions, listener?: Listener]
  | [options: RequestOptions, listener?: Listener];

/** What the default export shows as its `globalAgent`, which may be written to. */
export const defaults = { globalAgent: new Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000 }) };

/** `https.request(options[, callback])`, `(url[, options][, callback])`. */
export function request(...args: RequestArguments): ClientRequest {
  const rest: unknown[] = [...args];
  const options: Record<string, unknown> = {};
  if (typeof rest[0] === 'string') Object.assign(options, urlToHttpOptions(new URL(rest.shift() as string)));
  else if (rest[0] instanceof URL) Object.assign(options, urlToHttpOptions(rest.shift() as URL));
  if (rest[0] && typeof rest[0] !== 'function') Object.assign(options, rest.shift());
  options['_defaultAgent'] = defaults.globalAgent;
  return new ClientRequest(options as never, rest[0] as Listener | undefined);
}

/** `https.get`: a request without a body. */
export function get(...args: RequestArguments): ClientRequest {
  const made = request(...args);
  made.end();
  return made;
}
