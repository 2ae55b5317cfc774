import { expect, it } from 'vitest';
import { TlsError } from '../errors/tls-error.ts';
import { decode, encode } from '../wire/codec.ts';
import { alpnExtension } from './alpn.ts';
import type { ExtensionPlace } from './definition.ts';
import { knownExtensions } from './matrix.ts';
import { serverNameExtension } from './server-name.ts';
import { hex } from '../../test/harness/hex.ts';

/** Extension data by hand: what the bounds of each structure and the words around it allow and refuse. */
const cases: [
  extension: string,
  place: ExtensionPlace,
  data: string,
  outcome: 'accepted' | 'refused',
  why: string,
][] = [
  ['server_name', 'CH', '0006 00 0003 612e62', 'accepted', 'one host name'],
  ['server_name', 'CH', '0000', 'refused', 'server_name_list<1..2^16-1>'],
  ['server_name', 'CH', '0003 00 0000', 'refused', 'HostName<1..2^16-1>'],
  ['server_name', 'CH', '0006 00 0003 610062', 'refused', 'NUL in the name'],
  ['server_name', 'CH', '0004 00 0001 e9', 'refused', 'not ASCII'],
  ['server_name', 'CH', '0008 00 0001 61 00 0001 62', 'refused', 'two names of one type'],
  ['server_name', 'CH', '0008 07 0001 61 07 0001 62', 'refused', 'two names of one unknown type'],
  ['server_name', 'CH', '0008 07 0001 ff 00 0001 62', 'accepted', 'a name of an unknown type'],
  ['server_name', 'CH', `0102 00 00ff ${'61'.repeat(255)}`, 'accepted', '255 bytes'],
  ['server_name', 'CH', `0103 00 0100 ${'61'.repeat(256)}`, 'refused', '256 bytes'],
  ['server_name', 'EE', '00', 'refused', 'the acknowledgement is empty'],
  ['application_layer_protocol_negotiation', 'CH', '0003 026832', 'accepted', 'h2'],
  ['application_layer_protocol_negotiation', 'CH', '0000', 'refused', 'protocol_name_list<2..2^16-1>'],
  ['application_layer_protocol_negotiation', 'CH', '0001 00', 'refused', 'ProtocolName<1..2^8-1>'],
  ['application_layer_protocol_negotiation', 'CH', '0003 00 0161', 'refused', 'an empty name among others'],
  ['application_layer_protocol_negotiation', 'EE', '0004 0161 0162', 'refused', 'exactly one ProtocolName'],
  ['supported_versions', 'CH', '00', 'refused', 'versions<2..254>'],
  ['supported_versions', 'CH', '03 030403', 'refused', 'odd length'],
  ['supported_versions', 'CH', `fe ${'0304'.repeat(127)}`, 'accepted', '254 bytes'],
  ['supported_versions', 'CH', `ff ${'0304'.repeat(127)}03`, 'refused', '255 bytes'],
  ['supported_versions', 'SH', '020304', 'refused', 'a list where one version stands'],
  ['supported_groups', 'CH', '0000', 'refused', 'named_group_list<2..2^16-1>'],
  ['supported_groups', 'CH', '0003 001d00', 'refused', 'odd length'],
  ['signature_algorithms', 'CH', '0000', 'refused', '<2..2^16-2>'],
  ['signature_algorithms', 'CR', '0001 04', 'refused', 'odd length'],
  ['signature_algorithms_cert', 'CR', '0000', 'refused', '<2..2^16-2>'],
  ['delegated_credential', 'CH', '0000', 'refused', '<2..2^16-2>'],
  ['delegated_credential', 'CR', '0001 04', 'refused', 'odd length'],
  [
    'delegated_credential',
    'CT',
    '00000000 0403 000001 30 0807 0001 00',
    'accepted',
    'a credential of the smallest size',
  ],
  [
    'delegated_credential',
    'CT',
    '00000000 0403 000000 0807 0001 00',
    'refused',
    'ASN1_subjectPublicKeyInfo<1..2^24-1>',
  ],
  ['delegated_credential', 'CT', '00000000 0403 000001 30 0807 0000', 'refused', 'signature<1..2^16-1>'],
  ['delegated_credential', 'CT', '00000000 0403 000001 30 0807 0001 00 00', 'refused', 'bytes behind it'],
  ['delegated_credential', 'CT', '0002 0403', 'refused', 'a list where a credential stands'],
  ['key_share', 'CH', '0000', 'accepted', 'client_shares<0..2^16-1>'],
  ['key_share', 'CH', '0004 001d 0000', 'refused', 'key_exchange<1..2^16-1>'],
  ['key_share', 'SH', '001d 0000', 'refused', 'key_exchange<1..2^16-1>'],
  ['key_share', 'SH', '001d', 'refused', 'a group without a share'],
  ['key_share', 'HRR', '001d 0001 00', 'refused', 'a share where a group stands'],
  [
    'pre_shared_key',
    'CH',
    `0007 0001 61 00000000 0021 20 ${'00'.repeat(32)}`,
    'accepted',
    'the smallest offer',
  ],
  ['pre_shared_key', 'CH', `0000 0021 20 ${'00'.repeat(32)}`, 'refused', 'identities<7..2^16-1>'],
  ['pre_shared_key', 'CH', `0006 0000 00000000 0021 20 ${'00'.repeat(32)}`, 'refused', 'identity<1..2^16-1>'],
  ['pre_shared_key', 'CH', '0007 0001 61 00000000 0000', 'refused', 'binders<33..2^16-1>'],
  [
    'pre_shared_key',
    'CH',
    `0007 0001 61 00000000 0020 1f ${'00'.repeat(31)}`,
    'accepted',
    'the least length of a binder is a matter of TLS 1.3',
  ],
  ['psk_key_exchange_modes', 'CH', '00', 'refused', 'ke_modes<1..255>'],
  ['psk_key_exchange_modes', 'CH', '02 01ff', 'accepted', 'an unknown mode'],
  ['cookie', 'HRR', '0000', 'refused', 'cookie<1..2^16-1>'],
  ['cookie', 'CH', '0000', 'refused', 'cookie<1..2^16-1>'],
  ['early_data', 'NST', '00000400', 'accepted', 'max_early_data_size'],
  ['early_data', 'CH', '00000400', 'refused', 'empty in ClientHello'],
  ['post_handshake_auth', 'CH', '00', 'refused', 'empty'],
  ['certificate_authorities', 'CR', '0000', 'refused', 'authorities<3..2^16-1>'],
  ['certificate_authorities', 'CR', '0002 0000', 'refused', 'DistinguishedName<1..2^16-1>'],
  ['oid_filters', 'CR', '0000', 'accepted', 'filters<0..2^16-1>'],
  ['oid_filters', 'CR', '0003 00 0000', 'refused', 'certificate_extension_oid<1..2^8-1>'],
  ['status_request', 'CH', '01 0000 0000', 'accepted', 'no responders, no extensions'],
  ['status_request', 'CH', '01 0002 0000 0000', 'refused', 'ResponderID<1..2^16-1>'],
  ['status_request', 'CH', '09 ffff', 'accepted', 'an unknown status type'],
  ['status_request', 'CH', '', 'refused', 'a request without a type'],
  ['status_request', 'CR', '01 0000 0000', 'refused', 'empty in CertificateRequest'],
  ['status_request', 'CT', '01 000000', 'refused', 'OCSPResponse<1..2^24-1>'],
  ['status_request', 'CT', '02 000001 00', 'refused', 'a status type that nobody can ask for'],
  ['signed_certificate_timestamp', 'CT', '0000', 'refused', 'sct_list<1..2^16-1>'],
  ['signed_certificate_timestamp', 'CT', '0002 0000', 'refused', 'SerializedSCT<1..2^16-1>'],
  ['client_certificate_type', 'CH', '00', 'refused', 'client_certificate_types<1..2^8-1>'],
  ['server_certificate_type', 'EE', '0100', 'refused', 'a list where one type stands'],
  ['record_size_limit', 'CH', '40', 'refused', 'uint16'],
  ['max_fragment_length', 'EE', '', 'refused', 'one byte'],
  ['ec_point_formats', 'CH', '01 00', 'accepted', 'uncompressed'],
  ['ec_point_formats', 'CH', '00', 'refused', 'ec_point_format_list<1..2^8-1>'],
  ['ec_point_formats', 'SH12', '02 00', 'refused', 'a list cut short'],
  ['ec_point_formats', 'SH12', '01 00 00', 'refused', 'a list with more behind it'],
  ['encrypt_then_mac', 'CH', '00', 'refused', 'empty'],
  ['encrypt_then_mac', 'SH12', '00', 'refused', 'empty'],
  ['extended_main_secret', 'CH', '00', 'refused', 'empty'],
  ['extended_main_secret', 'SH12', '00', 'refused', 'empty'],
  ['session_ticket', 'CH', '0001 02', 'accepted', 'any bytes'],
  ['session_ticket', 'SH12', '00', 'refused', 'empty in ServerHello'],
  ['renegotiation_info', 'CH', '00', 'accepted', 'the first handshake'],
  ['renegotiation_info', 'CH', '', 'refused', 'renegotiated_connection<0..255>'],
  ['renegotiation_info', 'SH12', '18', 'refused', '24 bytes announced'],
  ['renegotiation_info', 'SH12', `18 ${'00'.repeat(25)}`, 'refused', '24 bytes announced, 25 there'],
  ['next_protocol_negotiation', 'CH', '00', 'refused', 'empty in ClientHello'],
  ['next_protocol_negotiation', 'SH12', '', 'accepted', 'no protocols'],
  ['next_protocol_negotiation', 'SH12', '0161 02 6832', 'accepted', 'two protocols'],
  ['next_protocol_negotiation', 'SH12', '0161 00', 'refused', 'the empty string is not included'],
  ['next_protocol_negotiation', 'SH12', '0161 02 68', 'refused', 'no byte string is truncated'],
  ['status_request', 'SH12', '00', 'refused', 'empty in ServerHello'],
  ['server_name', 'SH12', '00', 'refused', 'the acknowledgement is empty'],
  ['application_layer_protocol_negotiation', 'SH12', '0004 0161 0162', 'refused', 'exactly one ProtocolName'],
  ['signed_certificate_timestamp', 'SH12', '0000', 'refused', 'sct_list<1..2^16-1>'],
  ['max_fragment_length', 'SH12', '0000', 'refused', 'one byte'],
  ['supported_groups', 'SH12', '', 'accepted', 'left unread'],
];

it.each(cases)('%s in %s: %s is %s (%s)', (name, place, data, outcome) => {
  const codec = knownExtensions.find((definition) => definition.name === name)!.codecs[place]!;
  const run = () => {
    decode(codec, hex(data), name);
    return 'accepted';
  };
  expect(outcomeOf(run)).toBe(outcome === 'accepted' ? 'accepted' : 'peer.malformedMessage');
});

it('reads the host name past a name of an unknown type', () => {
  expect(decode(serverNameExtension.codecs.CH, hex('0008 07 0001 ff 00 0001 62'), 'x')).toEqual({
    hostName: 'b',
  });
});

it('loses no byte of a protocol name', () => {
  const grease = decode(alpnExtension.codecs.EE, hex('0003 02fa00'), 'x');
  expect([...grease].map((character) => character.charCodeAt(0))).toEqual([0xfa, 0x00]);
  expect(encode(alpnExtension.codecs.EE, grease)).toEqual(hex('0003 02fa00'));
  expect(() => encode(alpnExtension.codecs.EE, 'ĥ2')).toThrow('one byte a character');
  expect(() => encode(alpnExtension.codecs.EE, '😀')).toThrow('one byte a character');
});

function outcomeOf(run: () => string): string {
  try {
    return run();
  } catch (error) {
    if (error instanceof TlsError) return error.code;
    throw error;
  }
}
