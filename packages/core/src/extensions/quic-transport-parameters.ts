import { remainder } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * quic_transport_parameters (RFC 9001 §8.2): bytes here, whose structure is QUIC's (RFC 9000 §18). SH12 has a place for it
 * so that who sends it there is refused in the same way as elsewhere: for answering what was not asked.
 */
export const quicTransportParametersExtension = /* @__PURE__ */ defineExtension('quic_transport_parameters', {
  CH: remainder,
  EE: remainder,
  SH12: remainder,
});
