import { remainder, struct, type Codec } from '../../wire/codec.ts';
import { message } from '../message.ts';

/**
 * Finished of TLS 1.2 and older (RFC 5246 §7.4.9): 12 bytes with every suite that Sealwire has, and in TLS 1.0 and 1.1
 * (RFC 4346 §7.4.9) by definition. Its length is that of the suite, so that comparing it with the expected value checks the
 * length too.
 *
 *     struct {
 *         opaque verify_data[verify_data_length];
 *     } Finished;
 */
export interface Finished12 {
  readonly type: 'finished';
  /** 12 bytes. */
  readonly verifyData: Uint8Array;
}

export const finished12: Codec<Finished12> = /* @__PURE__ */ message(
  'finished',
  /* @__PURE__ */ struct({ verifyData: remainder }),
);
