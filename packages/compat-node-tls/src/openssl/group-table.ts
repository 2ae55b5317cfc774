/**
 * The groups that OpenSSL as Node runs it has, measured with Node 20.20 (OpenSSL 3.0.19) and Node 24.21 (3.5.8), November 2026:
 * numbers of IANA; all names under which a list may have the group, first the one that the RFCs use; bits by which security
 * levels count it; versions that may use it; and what `getEphemeralKeyInfo()` shows (X25519 is 253 bits: those of its order).
 */
export interface Group {
  readonly id: number;
  readonly names: readonly string[];
  readonly bits: number;
  readonly versions: 'until TLS 1.2' | 'all' | 'TLS 1.3';
  readonly shown: ShownGroup;
  /** What 3.0 does not have. */
  readonly isNew: boolean;
}

/** `getEphemeralKeyInfo()` of a client. */
export type ShownGroup =
  | { readonly type: 'ECDH'; readonly name: string; readonly size: number }
  | { readonly type: 'DH'; readonly size: number }
  | { readonly type: 'TLSGroup'; readonly name: string; readonly size: undefined };

export const groups: readonly Group[] = [
  old(0x0001, ['sect163k1', 'K-163'], 80, 163),
  old(0x0002, ['sect163r1'], 80, 162),
  old(0x0003, ['sect163r2', 'B-163'], 80, 163),
  old(0x0004, ['sect193r1'], 80, 193),
  old(0x0005, ['sect193r2'], 80, 193),
  old(0x0006, ['sect233k1', 'K-233'], 112, 232),
  old(0x0007, ['sect233r1', 'B-233'], 112, 233),
  old(0x0008, ['sect239k1'], 112, 238),
  old(0x0009, ['sect283k1', 'K-283'], 128, 281),
  old(0x000a, ['sect283r1', 'B-283'], 128, 282),
  old(0x000b, ['sect409k1', 'K-409'], 192, 407),
  old(0x000c, ['sect409r1', 'B-409'], 192, 409),
  old(0x000d, ['sect571k1', 'K-571'], 256, 570),
  old(0x000e, ['sect571r1', 'B-571'], 256, 570),
  old(0x000f, ['secp160k1'], 80, 161),
  old(0x0010, ['secp160r1'], 80, 161),
  old(0x0011, ['secp160r2'], 80, 161),
  old(0x0012, ['secp192k1'], 80, 192),
  old(0x0013, ['secp192r1', 'prime192v1', 'P-192'], 80, 192, 'prime192v1'),
  old(0x0014, ['secp224k1'], 112, 225),
  old(0x0015, ['secp224r1', 'P-224'], 112, 224),
  old(0x0016, ['secp256k1'], 128, 256),
  curve(0x0017, ['secp256r1', 'prime256v1', 'P-256'], 128, 256, 'prime256v1'),
  curve(0x0018, ['secp384r1', 'P-384'], 192, 384),
  curve(0x0019, ['secp521r1', 'P-521'], 256, 521),
  old(0x001a, ['brainpoolP256r1'], 128, 256),
  old(0x001b, ['brainpoolP384r1'], 192, 384),
  old(0x001c, ['brainpoolP512r1'], 256, 512),
  curve(0x001d, ['x25519', 'X25519'], 128, 253, 'X25519'),
  curve(0x001e, ['x448', 'X448'], 224, 448, 'X448'),
  brainpool13(0x001f, 'brainpoolP256r1', 128, 256),
  brainpool13(0x0020, 'brainpoolP384r1', 192, 384),
  brainpool13(0x0021, 'brainpoolP512r1', 256, 512),
  field(0x0100, 'ffdhe2048', 112, 2048),
  field(0x0101, 'ffdhe3072', 128, 3072),
  field(0x0102, 'ffdhe4096', 128, 4096),
  field(0x0103, 'ffdhe6144', 128, 6144),
  field(0x0104, 'ffdhe8192', 192, 8192),
  kem(0x0200, 'MLKEM512', 128),
  kem(0x0201, 'MLKEM768', 192),
  kem(0x0202, 'MLKEM1024', 256),
  kem(0x11eb, 'SecP256r1MLKEM768', 192),
  kem(0x11ec, 'X25519MLKEM768', 192),
  kem(0x11ed, 'SecP384r1MLKEM1024', 256),
];

function curve(
  id: number,
  names: readonly [string, ...string[]],
  bits: number,
  size: number,
  name: string = names[0],
): Group {
  return { id, names, bits, versions: 'all', shown: { type: 'ECDH', name, size }, isNew: false };
}

/** TLS 1.3 has no code for it, or another one. */
function old(
  id: number,
  names: readonly [string, ...string[]],
  bits: number,
  size: number,
  name?: string,
): Group {
  return { ...curve(id, names, bits, size, name), versions: 'until TLS 1.2' };
}

function brainpool13(id: number, name: string, bits: number, size: number): Group {
  return { ...curve(id, [`${name}tls13`], bits, size, name), versions: 'TLS 1.3', isNew: true };
}

/** RFC 7919 groups exist for TLS 1.3 only: for older versions OpenSSL takes those of the option `dhparam`. */
function field(id: number, name: string, bits: number, size: number): Group {
  return { id, names: [name], bits, versions: 'TLS 1.3', shown: { type: 'DH', size }, isNew: false };
}

function kem(id: number, name: string, bits: number): Group {
  return {
    id,
    names: [name],
    bits,
    versions: 'TLS 1.3',
    shown: { type: 'TLSGroup', name, size: undefined },
    isNew: true,
  };
}
