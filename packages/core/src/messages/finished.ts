import { remainder, struct, type Codec } from '../wire/codec.ts';
import { message } from './message.ts';

/**
 * Finished (RFC 9846 §4.5.3). Its length is that of the handshake's hash, which only the receiver's state knows:
 * comparing it with the expected value checks the length too.
 *
 *     struct {
 *         opaque verify_data[Hash.length];
 *     } Finished;
 */
export interface Finished {
  readonly type: 'finished';
  readonly verifyData: Uint8Array;
}

export const finished: Codec<Finished> = /* @__PURE__ */ message(
  'finished',
  /* @__PURE__ */ struct({ verifyData: remainder }),
);
