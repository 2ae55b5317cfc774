import { remainder } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/** status_request_v2 (RFC 6961): not spoken since RFC 8446 obsoleted it, so a server leaves it unread and unanswered. */
export const statusRequestV2Extension = /* @__PURE__ */ defineExtension('status_request_v2', {
  CH: remainder,
});
