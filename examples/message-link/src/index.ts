export { Endpoint, type EndpointEvent, type EndpointOptions } from './endpoint.ts';
