import { remainder } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * application_settings (draft-vvv-tls-alps-01 §4): bytes here, because who does not speak it must ignore what is in it. The
 * room `alps` has the structure. SH12 has a place for it so that who sends it there is refused for answering what was not
 * asked: it is offered to TLS 1.3 alone.
 */
export const applicationSettingsExtension = /* @__PURE__ */ defineExtension('application_settings', {
  CH: remainder,
  EE: remainder,
  SH12: remainder,
});

/** The same under its former number. */
export const applicationSettingsOldExtension = /* @__PURE__ */ defineExtension('application_settings_old', {
  CH: remainder,
  EE: remainder,
  SH12: remainder,
});
