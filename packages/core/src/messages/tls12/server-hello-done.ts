import { struct, type Codec } from '../../wire/codec.ts';
import { message } from '../message.ts';

/**
 * ServerHelloDone (RFC 5246 §7.4.5): the end of the server's first flight.
 *
 *     struct { } ServerHelloDone;
 */
export interface ServerHelloDone {
  readonly type: 'server_hello_done';
}

export const serverHelloDone: Codec<ServerHelloDone> = /* @__PURE__ */ message(
  'server_hello_done',
  /* @__PURE__ */ struct({}),
);
