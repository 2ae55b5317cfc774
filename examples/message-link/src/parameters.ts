import { Cursor, varint } from './varint.ts';

/** Transport parameters (RFC 9000 §18.2), by their numbers: integers or bytes. */
export const parameterIds = {
  originalDestinationConnectionId: 0x00,
  maxIdleTimeout: 0x01,
  maxUdpPayloadSize: 0x03,
  initialMaxData: 0x04,
  initialMaxStreamDataBidiLocal: 0x05,
  initialMaxStreamDataBidiRemote: 0x06,
  initialMaxStreamsBidi: 0x08,
  initialSourceConnectionId: 0x0f,
} as const;

export function encodeParameters(parameters: ReadonlyMap<number, number | Uint8Array>): Uint8Array {
  const bytes = [...parameters].flatMap(([id, value]) => {
    const data = typeof value === 'number' ? varint(value) : [...value];
    return [...varint(id), ...varint(data.length), ...data];
  });
  return Uint8Array.from(bytes);
}

export class Parameters {
  readonly #values = new Map<number, Uint8Array>();

  /** Throws `PacketError` for what is none. */
  constructor(bytes: Uint8Array) {
    const cursor = new Cursor(bytes);
    while (cursor.left > 0) this.#values.set(cursor.capped(), cursor.take(cursor.varint()));
  }

  bytes(id: number): Uint8Array | undefined {
    return this.#values.get(id);
  }

  integer(id: number): number {
    const value = this.#values.get(id);
    return value === undefined ? 0 : new Cursor(value).capped();
  }
}
