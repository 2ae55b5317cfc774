// Generated from packages/core/registry/extension-types.csv by scripts/generate-registry.mjs. Do not edit.
import type { Registered } from './registered.ts';

/** Extension types (RFC 9846 §4.3). Any number is a value of this type; the table holds the ones with a name. */
export type ExtensionType = Registered<'ExtensionType'>;

export const extensionTypes = {
  /** RFC 6066 */
  server_name: 0x0000 as ExtensionType,
  /** RFC 6066 */
  max_fragment_length: 0x0001 as ExtensionType,
  /** RFC 6066 */
  client_certificate_url: 0x0002 as ExtensionType,
  /** RFC 6066 */
  trusted_ca_keys: 0x0003 as ExtensionType,
  /** RFC 6066 */
  truncated_hmac: 0x0004 as ExtensionType,
  /** RFC 9846 */
  status_request: 0x0005 as ExtensionType,
  /** RFC 9846 */
  supported_groups: 0x000a as ExtensionType,
  /** RFC 8422 */
  ec_point_formats: 0x000b as ExtensionType,
  /** RFC 9846 */
  signature_algorithms: 0x000d as ExtensionType,
  /** RFC 5764 */
  use_srtp: 0x000e as ExtensionType,
  /** RFC 6520 */
  heartbeat: 0x000f as ExtensionType,
  /** RFC 7301 */
  application_layer_protocol_negotiation: 0x0010 as ExtensionType,
  /** RFC 6961 */
  status_request_v2: 0x0011 as ExtensionType,
  /** RFC 6962 */
  signed_certificate_timestamp: 0x0012 as ExtensionType,
  /** RFC 7250 */
  client_certificate_type: 0x0013 as ExtensionType,
  /** RFC 7250 */
  server_certificate_type: 0x0014 as ExtensionType,
  /** RFC 7685 */
  padding: 0x0015 as ExtensionType,
  /** RFC 7366 */
  encrypt_then_mac: 0x0016 as ExtensionType,
  /** RFC 7627 (extended_master_secret until RFC 9846 §11.1) */
  extended_main_secret: 0x0017 as ExtensionType,
  /** RFC 8472 */
  token_binding: 0x0018 as ExtensionType,
  /** RFC 7924 */
  cached_info: 0x0019 as ExtensionType,
  /** RFC 8879 */
  compress_certificate: 0x001b as ExtensionType,
  /** RFC 8449 */
  record_size_limit: 0x001c as ExtensionType,
  /** RFC 9345 */
  delegated_credential: 0x0022 as ExtensionType,
  /** RFC 5077 */
  session_ticket: 0x0023 as ExtensionType,
  /** RFC 8870 */
  supported_ekt_ciphers: 0x0027 as ExtensionType,
  /** RFC 9846 */
  pre_shared_key: 0x0029 as ExtensionType,
  /** RFC 9846 */
  early_data: 0x002a as ExtensionType,
  /** RFC 9846 */
  supported_versions: 0x002b as ExtensionType,
  /** RFC 9846 */
  cookie: 0x002c as ExtensionType,
  /** RFC 9846 */
  psk_key_exchange_modes: 0x002d as ExtensionType,
  /** RFC 9846 */
  certificate_authorities: 0x002f as ExtensionType,
  /** RFC 9846 */
  oid_filters: 0x0030 as ExtensionType,
  /** RFC 9846 */
  post_handshake_auth: 0x0031 as ExtensionType,
  /** RFC 9846 */
  signature_algorithms_cert: 0x0032 as ExtensionType,
  /** RFC 9846 */
  key_share: 0x0033 as ExtensionType,
  /** RFC 9162 */
  transparency_info: 0x0034 as ExtensionType,
  /** RFC 9146 */
  connection_id: 0x0036 as ExtensionType,
  /** RFC 8844 */
  external_id_hash: 0x0037 as ExtensionType,
  /** RFC 8844 */
  external_session_id: 0x0038 as ExtensionType,
  /** RFC 9001 */
  quic_transport_parameters: 0x0039 as ExtensionType,
  /** RFC 9149 */
  ticket_request: 0x003a as ExtensionType,
  /** RFC 9102 */
  dnssec_chain: 0x003b as ExtensionType,
  /** draft-agl-tls-nextprotoneg-04 */
  next_protocol_negotiation: 0x3374 as ExtensionType,
  /** draft-vvv-tls-alps-01 (September 2020; number "old" of BoringSSL 2026-08-21; not assigned by IANA) */
  application_settings_old: 0x4469 as ExtensionType,
  /** draft-vvv-tls-alps-01 (September 2020; number of BoringSSL 2026-08-21; not assigned by IANA) */
  application_settings: 0x44cd as ExtensionType,
  /** RFC 9849 */
  ech_outer_extensions: 0xfd00 as ExtensionType,
  /** RFC 9849 */
  encrypted_client_hello: 0xfe0d as ExtensionType,
  /** RFC 5746 */
  renegotiation_info: 0xff01 as ExtensionType,
} as const;
