import type { NamedGroup } from '../registry/groups.ts';
import { registered, remainder, uint16, vector16 } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * supported_groups (RFC 9846 §4.3.7): key-exchange groups, most wanted first. A server may tell its own for
 * later connections.
 *
 *     struct {
 *         NamedGroup named_group_list<2..2^16-1>;
 *     } NamedGroupList;
 */
const namedGroupList = /* @__PURE__ */ vector16(
  /* @__PURE__ */ registered<NamedGroup>(uint16, 'NamedGroup'),
  { min: 2 },
);

export const supportedGroupsExtension = /* @__PURE__ */ defineExtension('supported_groups', {
  CH: namedGroupList,
  EE: namedGroupList,
  // No server may send it before TLS 1.3, and some do (F5 BIG-IP): BoringSSL and OpenSSL take it and leave it unread.
  SH12: remainder,
});
