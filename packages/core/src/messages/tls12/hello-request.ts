import { struct, type Codec } from '../../wire/codec.ts';
import { message } from '../message.ts';

/**
 * HelloRequest (RFC 5246 §7.4.1.1): the server would like to negotiate anew. It stays out of the transcript.
 *
 *     struct { } HelloRequest;
 */
export interface HelloRequest {
  readonly type: 'hello_request';
}

export const helloRequest: Codec<HelloRequest> = /* @__PURE__ */ message(
  'hello_request',
  /* @__PURE__ */ struct({}),
);
