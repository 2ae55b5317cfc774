import { contentTypes } from '../../src/registry/content-types.ts';
import { concat } from '../../src/wire/bytes.ts';
import type { RecordedConnection } from '../vectors/recorded-connection.ts';

/** What a recorded connection says before its keys are in use, read by hand. */
export interface RecordedHandshake {
  readonly version: number;
  readonly suite: number;
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
  /** Every message in the clear, ClientHello to ClientKeyExchange. */
  readonly messages: Uint8Array;
  /** The records behind each side's ChangeCipherSpec. */
  readonly protectedRecords: Readonly<Record<'client' | 'server', readonly Uint8Array[]>>;
}

export function handshakeOf(connection: RecordedConnection): RecordedHandshake {
  const client = sideOf(connection.client);
  const server = sideOf(connection.server);
  const [clientHello, ...clientRest] = client.messages;
  const serverHello = concat(server.messages);
  const sessionIdBytes = serverHello[38]!;
  return {
    version: (serverHello[4]! << 8) | serverHello[5]!,
    suite: (serverHello[39 + sessionIdBytes]! << 8) | serverHello[40 + sessionIdBytes]!,
    clientRandom: clientHello!.subarray(6, 38),
    serverRandom: serverHello.subarray(6, 38),
    messages: concat([clientHello!, serverHello, ...clientRest]),
    protectedRecords: { client: client.sealed, server: server.sealed },
  };
}

/** The content of handshake records in the clear, and what comes after them. */
function sideOf(hexRecords: readonly string[]): { messages: Uint8Array[]; sealed: Uint8Array[] } {
  const records = hexRecords.map(bytes);
  const change = records.findIndex((record) => record[0] === contentTypes.change_cipher_spec);
  return {
    messages: records.slice(0, change).map((record) => record.subarray(5)),
    sealed: records.slice(change + 1),
  };
}

export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
