/**
 * Whether bytes are TLS records and nothing else (RFC 9846 §5.1), and hold neither this text nor it turned around. Throws what is
 * wrong.
 */
export function expectOnlyRecords(what: string, bytes: Buffer, secret: string): void {
  let applicationData = 0;
  for (let at = 0; at < bytes.length; ) {
    const [type = 0, major] = bytes.subarray(at, at + 2);
    const length = at + 5 <= bytes.length ? bytes.readUInt16BE(at + 3) : Number.POSITIVE_INFINITY;
    if (type < 20 || type > 23 || major !== 3 || at + 5 + length > bytes.length)
      throw new Error(`${what}: byte ${at} of ${bytes.length} begins no TLS record`);
    if (type === 23) applicationData += 1;
    at += 5 + length;
  }
  if (applicationData === 0) throw new Error(`${what}: no encrypted record among ${bytes.length} bytes`);
  for (const text of [secret, [...secret].reverse().join('')])
    if (bytes.includes(text)) throw new Error(`${what}: the plaintext was there to be seen`);
}
