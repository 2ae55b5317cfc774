import type { ExtensionBlock } from '../extensions/block.ts';
import { extensions } from '../extensions/matrix.ts';
import { opaque16, opaque8, struct, uint32, type Codec } from '../wire/codec.ts';
import { message } from './message.ts';

/**
 * NewSessionTicket (RFC 9846 §4.7.1).
 *
 *     struct {
 *         uint32 ticket_lifetime;
 *         uint32 ticket_age_add;
 *         opaque ticket_nonce<0..255>;
 *         opaque ticket<1..2^16-1>;
 *         Extension extensions<0..2^16-1>;
 *     } NewSessionTicket;
 */
export interface NewSessionTicket {
  readonly type: 'new_session_ticket';
  readonly ticketLifetimeSeconds: number;
  readonly ticketAgeAdd: number;
  readonly ticketNonce: Uint8Array;
  readonly ticket: Uint8Array;
  readonly extensions: ExtensionBlock<'NST'>;
}

export const newSessionTicket: Codec<NewSessionTicket> = /* @__PURE__ */ message(
  'new_session_ticket',
  /* @__PURE__ */ struct({
    ticketLifetimeSeconds: uint32,
    ticketAgeAdd: uint32,
    ticketNonce: /* @__PURE__ */ opaque8(),
    ticket: /* @__PURE__ */ opaque16({ min: 1 }),
    extensions: /* @__PURE__ */ extensions('NST'),
  }),
);
