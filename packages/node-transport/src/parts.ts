/**
 * What streams over a connection are made of, for other classes of stream than `TlsStream`: the pump's parts. Each is described
 * where it is.
 */
export { Below, type Heard } from './below.ts';
export { gathered } from './gathered.ts';
export { isConnecting } from './farewell.ts';
export { endStream, hasRoom } from './carrier.ts';
