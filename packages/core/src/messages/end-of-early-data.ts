import { struct, type Codec } from '../wire/codec.ts';
import { message } from './message.ts';

/**
 * EndOfEarlyData (RFC 9846 §4.6).
 *
 *     struct {} EndOfEarlyData;
 */
export interface EndOfEarlyData {
  readonly type: 'end_of_early_data';
}

export const endOfEarlyData: Codec<EndOfEarlyData> = /* @__PURE__ */ message(
  'end_of_early_data',
  /* @__PURE__ */ struct({}),
);
