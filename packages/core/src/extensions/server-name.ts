import { ascii, latin1 } from '../wire/bytes.ts';
import { empty, opaque16, vector16, type Codec } from '../wire/codec.ts';
import type { Reader } from '../wire/reader.ts';
import type { Shape } from '../wire/shape.ts';
import { defineExtension } from './definition.ts';

/**
 * server_name (RFC 6066 §3): the host that the client wants to reach. The server acknowledges it with an
 * empty extension.
 *
 *     struct {
 *         NameType name_type;
 *         select (name_type) {
 *             case host_name: HostName;
 *         } name;
 *     } ServerName;
 *
 *     enum { host_name(0), (255) } NameType;
 *     opaque HostName<1..2^16-1>;
 *
 *     struct { ServerName server_name_list<1..2^16-1> } ServerNameList;
 */
export interface ServerNameList {
  /** Visible characters of ASCII, at most 255; `undefined` when the list has names of other types only. */
  readonly hostName: string | undefined;
}

interface ServerName {
  readonly nameType: number;
  readonly name: Uint8Array;
}

// Every name type begins with a 16-bit length, so that unknown ones can be skipped (RFC 6066 §3).
const serverName: Codec<ServerName> = {
  read: (reader) => ({ nameType: reader.u8(), name: opaque16({ min: 1 }).read(reader) }),
  write(writer, { nameType, name }) {
    writer.u8(nameType);
    opaque16({ min: 1 }).write(writer, name);
  },
  get shape() {
    return serverNameShape;
  },
};

const names = /* @__PURE__ */ vector16(serverName, { min: 1 });

const serverNameList: Codec<ServerNameList> = {
  read(reader) {
    let hostName: string | undefined;
    const seen = new Set<number>();
    for (const { nameType, name } of names.read(reader)) {
      // "The ServerNameList MUST NOT contain more than one name of the same name_type."
      if (seen.has(nameType)) reader.fail(`more than one name of type ${nameType}`);
      seen.add(nameType);
      if (nameType === hostNameType) hostName = readHostName(reader, name);
    }
    return { hostName };
  },
  write(writer, { hostName }) {
    names.write(writer, hostName === undefined ? [] : [{ nameType: hostNameType, name: ascii(hostName) }]);
  },
  get shape() {
    return { ...names.shape, distinct: true } as const;
  },
};

function readHostName(reader: Reader, name: Uint8Array): string {
  if (name.length > maxHostNameBytes) reader.fail(`host_name of ${name.length} bytes`);
  // A NUL would let the name mean one host here and another to code that ends strings at NUL, and controls do to a terminal
  // that shows a log what the client likes.
  if (name.some((byte) => byte <= 0x20 || byte >= 0x7f)) reader.fail('host_name is not visible ASCII text');
  return latin1(name);
}

const hostNameType = 0;

/** The longest name of DNS (RFC 1035 §2.3.4). */
const maxHostNameBytes = 255;

const serverNameShape: Shape = {
  is: 'select',
  tagName: 'name_type',
  tag: { is: 'uint', bytes: 1, registry: 'NameType' },
  cases: {
    [hostNameType]: [
      'host_name',
      { is: 'opaque', lengthBytes: 2, min: 1, max: maxHostNameBytes, content: 'visibleAscii' },
    ],
  },
  otherwise: ['name', { is: 'opaque', lengthBytes: 2, min: 1, max: 0xffff }],
};

// In CertificateRequest it stands in exported authenticators only (RFC 9261 §4).
export const serverNameExtension = /* @__PURE__ */ defineExtension('server_name', {
  CH: serverNameList,
  EE: empty,
  SH12: empty,
  CR: serverNameList,
});
