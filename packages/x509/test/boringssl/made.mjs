import { nodeProvider } from '@sealwire/crypto-node';

/** Certificates written by hand around what a file contains, also where that is not as it should be. */

const key = nodeProvider.generateKeyPair({ type: 'ec', curve: 'secp256r1' });
const ecdsaWithSha256 = hex('300a06082a8648ce3d040302');

export const emptyName = hex('3000');
export const rootName = commonName('root');

/**
 * `subject`, `issuer`: DER. `extensions`: DER Extensions, each. All are signed with one key, unless a `signature` and an
 * `algorithm`, both DER, say otherwise.
 */
export function made({
  subject,
  issuer = rootName,
  extensions = [],
  algorithm = ecdsaWithSha256,
  signature,
}) {
  const tbs = tlv(
    0x30,
    hex('a003020102'),
    hex('020101'),
    algorithm,
    issuer,
    tlv(0x30, time('260101000000Z'), time('270101000000Z')),
    subject,
    key.publicKey.spki,
    ...(extensions.length === 0 ? [] : [tlv(0xa3, tlv(0x30, ...extensions))]),
  );
  const signed = () => key.sign({ type: 'ecdsa', hash: 'sha256' }, tbs);
  return tlv(0x30, tbs, algorithm, signature ?? tlv(0x03, hex('00'), signed()));
}

export const madeAtMs = Date.UTC(2026, 5);

/** DER Extension; `id` as the octets of the object identifier in hexadecimal. */
export function extension(id, value, critical = false) {
  return tlv(0x30, tlv(0x06, hex(id)), ...(critical ? [hex('0101ff')] : []), tlv(0x04, value));
}

export const ids = {
  basicConstraints: '551d13',
  subjectAltName: '551d11',
  nameConstraints: '551d1e',
  authorityKeyIdentifier: '551d23',
  certificatePolicies: '551d20',
};

export const isCa = extension(ids.basicConstraints, hex('30030101ff'), true);

export const root = made({ subject: rootName, extensions: [isCa] });

/** One element of DER with a tag of one octet. */
export function tlv(tag, ...parts) {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [] : length < 0x100 ? [length] : [length >> 8, length & 0xff];
  const head = size.length === 0 ? [length] : [0x80 | size.length, ...size];
  return new Uint8Array(Buffer.concat([Uint8Array.of(tag, ...head), content]));
}

/** The elements inside of one. */
export function elementsOf(der) {
  const elements = [];
  for (let at = contentAt(der); at < der.length; ) {
    const end = at + sizeAt(der.subarray(at));
    elements.push(der.subarray(at, end));
    at = end;
  }
  return elements;
}

export function hex(text) {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

export function ascii(text) {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

export function commonName(text) {
  return tlv(0x30, tlv(0x31, tlv(0x30, hex('0603550403'), tlv(0x0c, ascii(text)))));
}

function time(text) {
  return tlv(0x17, ascii(text));
}

function contentAt(der) {
  return der[1] < 0x80 ? 2 : 2 + (der[1] & 0x7f);
}

function sizeAt(der) {
  const at = contentAt(der);
  return at + (der[1] < 0x80 ? der[1] : der.subarray(2, at).reduce((all, octet) => all * 256 + octet, 0));
}
