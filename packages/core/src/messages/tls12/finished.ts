import { fixed, struct, type Codec } from '../../wire/codec.ts';
import { message } from '../message.ts';

/**
 * Finished of TLS 1.2 and older (RFC 5246 §7.4.9): 12 bytes with every suite that Sealwire has, and in TLS 1.0 and 1.1
 * (RFC 4346 §7.4.9) by definition.
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
  /* @__PURE__ */ struct({ verifyData: /* @__PURE__ */ fixed(12) }),
);
