/** DER by hand, right or deliberately wrong, for tests. */
export type Piece = Uint8Array | readonly number[];

export function bytes(...pieces: Piece[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

export function tlv(tag: number, ...content: Piece[]): Uint8Array {
  const inside = bytes(...content);
  if (inside.length < 0x80) return bytes([tag, inside.length], inside);
  const { length } = inside;
  if (length < 0x100) return bytes([tag, 0x81, length], inside);
  if (length < 0x10000) return bytes([tag, 0x82, length >> 8, length & 0xff], inside);
  return bytes([tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff], inside);
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export const sequence = (...content: Piece[]): Uint8Array => tlv(0x30, ...content);
export const utcTime = (text: string): Uint8Array => tlv(0x17, ascii(text));
export const generalizedTime = (text: string): Uint8Array => tlv(0x18, ascii(text));

/** An object identifier; arcs of less than 2^21. */
export function oid(text: string): Uint8Array {
  const [first, second, ...rest] = text.split('.').map(Number);
  return tlv(0x06, [first! * 40 + second!, ...rest.flatMap(base128)]);
}

function base128(arc: number): number[] {
  const digits = [arc & 0x7f];
  for (let rest = arc >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}

export const commonName = (text: string): Uint8Array =>
  sequence(tlv(0x31, sequence(oid('2.5.4.3'), tlv(0x0c, ascii(text)))));

export interface Parts {
  readonly version: Piece;
  readonly serialNumber: Piece;
  readonly algorithm: Piece;
  readonly outerAlgorithm: Piece;
  readonly issuer: Piece;
  readonly validity: Piece;
  readonly subject: Piece;
  readonly spki: Piece;
  readonly afterSpki: Piece;
  readonly signature: Piece;
  readonly afterSignature: Piece;
}

/** A certificate of the right shape with any part replaced; its signature means nothing. */
export function certificate(replaced: Partial<Parts> = {}): Uint8Array {
  const parts: Parts = {
    version: tlv(0xa0, tlv(0x02, [2])),
    serialNumber: tlv(0x02, [0x12, 0x34]),
    algorithm: ecdsaWithSha256,
    outerAlgorithm: replaced.algorithm ?? ecdsaWithSha256,
    issuer: commonName('issuer'),
    validity: sequence(utcTime('260101000000Z'), utcTime('270101000000Z')),
    subject: commonName('subject'),
    spki: sequence(sequence(oid('1.3.101.112')), tlv(0x03, [0], new Uint8Array(32))),
    afterSpki: [],
    signature: tlv(0x03, [0, 1, 2, 3]),
    afterSignature: [],
    ...replaced,
  };
  const tbs = sequence(
    parts.version,
    parts.serialNumber,
    parts.algorithm,
    parts.issuer,
    parts.validity,
    parts.subject,
    parts.spki,
    parts.afterSpki,
  );
  return sequence(tbs, parts.outerAlgorithm, parts.signature, parts.afterSignature);
}

export const extensions = (...list: Piece[]): Uint8Array => tlv(0xa3, sequence(...list));

export function extension(id: string, value: Piece, critical?: number): Uint8Array {
  return sequence(oid(id), ...(critical === undefined ? [] : [tlv(0x01, [critical])]), tlv(0x04, value));
}

// 1.2.840.10045.4.3.2, whose third arc takes two octets.
export const ecdsaWithSha256: Uint8Array = sequence(
  tlv(0x06, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]),
);
export const ecdsaWithSha384: Uint8Array = sequence(
  tlv(0x06, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03]),
);
