export { Endpoint, type EndpointOptions } from './endpoint.ts';
export type { EndpointEvent } from './events.ts';
