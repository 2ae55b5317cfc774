import { empty, remainder } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * session_ticket (RFC 5077 §3.2): the client's ticket, whose structure only the server knows, empty when it has none;
 * empty from a server that will send a NewSessionTicket. (The length in front of the ticket, which RFC 4507 had, is not
 * there: RFC 5077 §4 follows what is deployed.)
 */
export const sessionTicketExtension = /* @__PURE__ */ defineExtension('session_ticket', {
  CH: remainder,
  SH12: empty,
});
