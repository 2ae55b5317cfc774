import { latin1, latin1Bytes } from '../wire/bytes.ts';
import { opaque8, vector16, type Codec } from '../wire/codec.ts';
import { defineExtension } from './definition.ts';

/**
 * application_layer_protocol_negotiation (RFC 7301 §3.1): the client's protocols, most wanted first; the
 * server's choice, before TLS 1.3 in ServerHello. Names are bytes; here they are strings with one character for each byte, so that no
 * name is lost or changed.
 *
 *     opaque ProtocolName<1..2^8-1>;
 *
 *     struct {
 *         ProtocolName protocol_name_list<2..2^16-1>
 *     } ProtocolNameList;
 */
export const protocolName: Codec<string> = {
  read: (reader) => latin1(name.read(reader)),
  write: (writer, value) => name.write(writer, latin1Bytes(value)),
  shape: { is: 'opaque', lengthBytes: 1, min: 1, max: 0xff, content: 'latin1' },
};

const name = /* @__PURE__ */ opaque8({ min: 1 });

const protocolNameList = /* @__PURE__ */ vector16(protocolName, { min: 2 });

// The server's list "MUST contain exactly one ProtocolName".
const selectedProtocol: Codec<string> = {
  read(reader) {
    const [selected, ...more] = protocolNameList.read(reader);
    return selected === undefined || more.length > 0
      ? reader.fail(`${1 + more.length} names instead of one`)
      : selected;
  },
  write: (writer, value) => protocolNameList.write(writer, [value]),
  shape: { is: 'vector', lengthBytes: 2, min: 2, max: 0xffff, item: protocolName.shape, items: 1 },
};

export const alpnExtension = /* @__PURE__ */ defineExtension('application_layer_protocol_negotiation', {
  CH: protocolNameList,
  EE: selectedProtocol,
  SH12: selectedProtocol,
});
