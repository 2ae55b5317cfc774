import type { PskKeyExchangeMode } from '../registry/psk-key-exchange-modes.ts';
import { registered, uint8, vector8 } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * psk_key_exchange_modes (RFC 9846 §4.3.9): whether pre-shared keys are used alone or with a key exchange.
 *
 *     enum { psk_ke(0), psk_dhe_ke(1), (255) } PskKeyExchangeMode;
 *
 *     struct {
 *         PskKeyExchangeMode ke_modes<1..255>;
 *     } PskKeyExchangeModes;
 */
export const pskKeyExchangeModesExtension = /* @__PURE__ */ defineExtension('psk_key_exchange_modes', {
  CH: /* @__PURE__ */ vector8(/* @__PURE__ */ registered<PskKeyExchangeMode>(uint8, 'PskKeyExchangeMode'), {
    min: 1,
  }),
});
