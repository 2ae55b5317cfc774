import { debuglog } from 'node:util';

/** `NODE_DEBUG=tls`: the lines that Node writes to stderr, at the same places as far as there are such places here. */
export const debug = debuglog('tls');

export function sideOf(socket: {
  readonly _tlsOptions: { readonly isServer?: boolean | undefined };
}): string {
  return socket._tlsOptions.isServer ? 'server' : 'client';
}
