import { opaque16, struct, uint32, type Codec } from '../../wire/codec.ts';
import { message } from '../message.ts';

/**
 * NewSessionTicket of TLS 1.2 and older (RFC 5077 §3.3).
 *
 *     struct {
 *         uint32 ticket_lifetime_hint;
 *         opaque ticket<0..2^16-1>;
 *     } NewSessionTicket;
 */
export interface NewSessionTicket12 {
  readonly type: 'new_session_ticket';
  /** A hint; 0: the server does not say. */
  readonly ticketLifetimeHintSeconds: number;
  /** Empty: the server changed its mind and gives none. */
  readonly ticket: Uint8Array;
}

export const newSessionTicket12: Codec<NewSessionTicket12> = /* @__PURE__ */ message(
  'new_session_ticket',
  /* @__PURE__ */ struct({ ticketLifetimeHintSeconds: uint32, ticket: /* @__PURE__ */ opaque16() }),
);
