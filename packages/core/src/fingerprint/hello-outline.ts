import { TlsError } from '../errors/tls-error.ts';
import { extensionTypes } from '../registry/extension-types.ts';
import { handshakeTypes } from '../registry/handshake-types.ts';
import { isGrease } from '../registry/grease.ts';
import { Reader } from '../wire/reader.ts';

/** What fingerprints are made of; the numbers in the order of the wire, GREASE (RFC 8701) left out. */
export interface HelloOutline {
  readonly legacyVersion: number;
  readonly cipherSuites: readonly number[];
  readonly extensionTypes: readonly number[];
  readonly groups: readonly number[];
  readonly pointFormats: readonly number[];
  readonly signatureSchemes: readonly number[];
  /** `undefined` where there is no supported_versions. */
  readonly supportedVersions: readonly number[] | undefined;
  /** The first name of ALPN that is not GREASE; `undefined` where there is none. */
  readonly firstProtocol: Uint8Array | undefined;
}

/**
 * Reads the whole handshake message of a ClientHello of any version since SSL 3.0, header included. `undefined`
 * for bytes that are none. Looser than the decoder of a connection: what stands in a list is not judged.
 */
export function outlineOf(hello: Uint8Array): HelloOutline | undefined {
  try {
    const reader = new Reader(hello, 'client_hello');
    if (reader.u8() !== handshakeTypes.client_hello) return undefined;
    const outline = reader.region(reader.u24(), 'body', readBody);
    reader.end();
    return outline;
  } catch (error) {
    // The reader speaks of malformed bytes; anything else would be a defect of ours.
    if (error instanceof TlsError) return undefined;
    throw error;
  }
}

function readBody(reader: Reader): HelloOutline {
  const legacyVersion = reader.u16();
  reader.bytes(32);
  reader.bytes(reader.u8());
  const cipherSuites = numbers(reader, 2, 2);
  reader.bytes(reader.u8());
  const extensions = new Map<number, Uint8Array>();
  // Before TLS 1.3 a hello may end before its extensions (RFC 5246 §7.4.1.2).
  if (reader.remaining > 0) {
    reader.region(reader.u16(), 'extensions', (block) => {
      while (block.remaining > 0) extensions.set(block.u16(), block.bytes(block.u16()));
    });
  }
  const list = (type: number, lengthBytes: 1 | 2, itemBytes: 1 | 2) => {
    const data = extensions.get(type);
    return data === undefined ? undefined : wholly(data, (inner) => numbers(inner, lengthBytes, itemBytes));
  };
  const protocols = extensions.get(extensionTypes.application_layer_protocol_negotiation);
  return {
    legacyVersion,
    cipherSuites: cipherSuites.filter(isMeant),
    extensionTypes: [...extensions.keys()].filter(isMeant),
    groups: (list(extensionTypes.supported_groups, 2, 2) ?? []).filter(isMeant),
    pointFormats: list(extensionTypes.ec_point_formats, 1, 1) ?? [],
    signatureSchemes: (list(extensionTypes.signature_algorithms, 2, 2) ?? []).filter(isMeant),
    supportedVersions: list(extensionTypes.supported_versions, 1, 2)?.filter(isMeant),
    firstProtocol: protocols === undefined ? undefined : wholly(protocols, firstName),
  };
}

function isMeant(value: number): boolean {
  return !isGrease(value);
}

function wholly<T>(data: Uint8Array, read: (reader: Reader) => T): T {
  const reader = new Reader(data, 'extension_data');
  const value = read(reader);
  reader.end();
  return value;
}

function numbers(reader: Reader, lengthBytes: 1 | 2, itemBytes: 1 | 2): number[] {
  return reader.region(lengthBytes === 1 ? reader.u8() : reader.u16(), 'list', (list) => {
    const items: number[] = [];
    while (list.remaining > 0) items.push(itemBytes === 1 ? list.u8() : list.u16());
    return items;
  });
}

function firstName(reader: Reader): Uint8Array | undefined {
  return reader.region(reader.u16(), 'protocol_name_list', (list) => {
    let first: Uint8Array | undefined;
    while (list.remaining > 0) {
      const name = list.bytes(list.u8());
      const isReserved = name.length === 2 && isGrease((name[0]! << 8) | name[1]!);
      if (!isReserved) first ??= name;
    }
    return first;
  });
}
