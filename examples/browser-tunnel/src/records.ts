/** TLS as an onlooker sees it (RFC 9846 §5.1): content types and lengths. */
export interface SeenRecord {
  readonly type: string;
  readonly length: number;
}

/** The records that whole bytes consist of; throws where one does not begin. */
export function recordsOf(what: string, bytes: Uint8Array): SeenRecord[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const records: SeenRecord[] = [];
  for (let at = 0; at < bytes.length; ) {
    const type = contentTypes[bytes[at]!];
    const length = at + headerBytes <= bytes.length ? view.getUint16(at + 3) : Number.POSITIVE_INFINITY;
    const end = at + headerBytes + length;
    if (type === undefined || bytes[at + 1] !== 3 || end > bytes.length)
      throw new Error(`${what}: byte ${at} of ${bytes.length} begins no TLS record`);
    records.push({ type, length });
    at = end;
  }
  return records;
}

/**
 * Whether bytes are TLS records and nothing else, some of them encrypted, and hold neither this text nor it turned around. Throws what
 * is wrong.
 */
export function expectOnlyRecords(what: string, bytes: Uint8Array, secret: string): void {
  const records = recordsOf(what, bytes);
  if (!records.some(({ type }) => type === 'application_data'))
    throw new Error(`${what}: no encrypted record among ${bytes.length} bytes`);
  for (const text of [secret, [...secret].reverse().join('')])
    if (Buffer.from(bytes).includes(text)) throw new Error(`${what}: the plaintext was there to be seen`);
}

const headerBytes = 5;
const contentTypes: Readonly<Record<number, string>> = {
  20: 'change_cipher_spec',
  21: 'alert',
  22: 'handshake',
  23: 'application_data',
};
