import { TlsError } from '../errors/tls-error.ts';
import type { ExtensionBlock } from '../extensions/block.ts';
import type { RawExtension } from '../extensions/definition.ts';
import { readExtensions, writeExtensions } from '../extensions/matrix.ts';
import { serverNameExtension } from '../extensions/server-name.ts';
import type { ClientHello } from '../messages/client-hello.ts';
import { encodeHandshake } from '../messages/envelope.ts';
import { extensionTypes } from '../registry/extension-types.ts';
import { handshakeTypes } from '../registry/handshake-types.ts';
import { sameBytes } from '../wire/bytes.ts';
import { decode, encode, fixed, opaque8, struct, uint16, vector16, vector8 } from '../wire/codec.ts';
import { Reader } from '../wire/reader.ts';
import { Writer } from '../wire/writer.ts';

/**
 * EncodedClientHelloInner (RFC 9849 §5.1): the inner hello without session id, with references to extensions that the
 * outer hello has as well, and padded.
 *
 *     ExtensionType OuterExtensions<2..254>;
 *
 *     struct {
 *         ClientHello client_hello;
 *         uint8 zeros[length_of_padding];
 *     } EncodedClientHelloInner;
 */
export function encodeInner(inner: ClientHello, outer: ExtensionBlock<'CH'>, nameLength: number): Uint8Array {
  const writer = new Writer();
  fields.write(writer, { ...inner, legacySessionId: new Uint8Array(0) });
  writeExtensions(writer, compressed(inner.extensions, outer));
  const unpadded = writer.length + namePadding(inner, nameLength);
  // RFC 9849 §6.1.3: rounded up to 32 bytes, so that few lengths can be told apart.
  const bytes = new Uint8Array(unpadded + 31 - ((unpadded - 1) % 32));
  bytes.set(writer.finish());
  return bytes;
}

/**
 * The types of `inner` that may be references: those that the outer hello has with the same content, in the order of
 * the outer hello. Not the name, so that the length does not tell whether it is the public one (RFC 9849 §10.5).
 */
export function sharedTypes(inner: ExtensionBlock<'CH'>, outer: ExtensionBlock<'CH'>): readonly number[] {
  return outer.entries
    .filter(({ type, data }) => {
      const own = inner.raw({ type });
      return !neverShared.includes(type) && own !== undefined && sameBytes(own, data);
    })
    .map(({ type }) => type)
    .slice(0, maxReferences);
}

/** The block with one reference in the place of a run of shared extensions, which are in the outer hello's order. */
function compressed(inner: ExtensionBlock<'CH'>, outer: ExtensionBlock<'CH'>): readonly RawExtension[] {
  const shared = sharedTypes(inner, outer);
  const { entries } = inner;
  const start = entries.findIndex(({ type }) => shared.includes(type));
  if (start < 0) return entries;
  const run: number[] = [];
  for (let i = start, last = -1; i < entries.length; i++) {
    const place = shared.indexOf(entries[i]!.type);
    if (place <= last) break;
    run.push(entries[i]!.type);
    last = place;
  }
  const reference = { type: extensionTypes.ech_outer_extensions, data: encode(outerExtensions, run) };
  return [...entries.slice(0, start), reference, ...entries.slice(start + run.length)];
}

function namePadding({ extensions }: ClientHello, longest: number): number {
  const name = extensions.get(serverNameExtension)?.hostName;
  // Without a name the padding stands for the whole extension, which has 9 bytes beside the name.
  return name === undefined ? longest + 9 : Math.max(0, longest - name.length);
}

/** The inner hello as a handshake message, as the client has hashed it; `peer.illegalEncryptedHello` as RFC 9849 §5.1 says. */
export function decodeInner(encoded: Uint8Array, outer: ClientHello): Uint8Array {
  const reader = new Reader(encoded, innerName);
  const read = fields.read(reader);
  const entries = readExtensions(innerName, reader);
  if (reader.rest().some((byte) => byte !== 0)) refuse('its padding is not all zeros');
  if (read.legacySessionId.length > 0) refuse('its legacy_session_id is not empty');
  const writer = new Writer();
  fields.write(writer, { ...read, legacySessionId: outer.legacySessionId });
  writeExtensions(writer, expanded(entries, outer.extensions));
  return encodeHandshake(handshakeTypes.client_hello, writer.finish());
}

/**
 * Puts the outer hello's extensions in the place of the reference. One pass over both lists: each extension is taken
 * once at most, so that nothing grows beyond what was sent (RFC 9849 §5.1, appendix A).
 */
function expanded(entries: readonly RawExtension[], outer: ExtensionBlock<'CH'>): readonly RawExtension[] {
  const at = entries.findIndex(({ type }) => type === extensionTypes.ech_outer_extensions);
  if (at < 0) return entries;
  const taken: RawExtension[] = [];
  let next = 0;
  for (const type of decode(outerExtensions, entries[at]!.data, `${innerName}.ech_outer_extensions`)) {
    if (type === extensionTypes.encrypted_client_hello) refuse('it refers to encrypted_client_hello');
    while (next < outer.entries.length && outer.entries[next]!.type !== type) next++;
    const found = outer.entries[next++];
    if (found === undefined) {
      refuse(
        `it refers to the extension ${type}, which the outer hello lacks, has elsewhere, or gave already`,
      );
    }
    taken.push(found);
  }
  return [...entries.slice(0, at), ...taken, ...entries.slice(at + 1)];
}

function refuse(what: string): never {
  throw new TlsError('peer.illegalEncryptedHello', `EncodedClientHelloInner: ${what}`, {
    section: 'RFC 9849 §5.1',
    handshakeMessage: 'client_hello',
    field: 'encrypted_client_hello.payload',
  });
}

/** A ClientHello up to its extensions. */
const fields = /* @__PURE__ */ struct({
  legacyVersion: uint16,
  random: /* @__PURE__ */ fixed(32),
  legacySessionId: /* @__PURE__ */ opaque8({ max: 32 }),
  cipherSuites: /* @__PURE__ */ vector16(uint16, { min: 2, max: 0xfffe }),
  legacyCompressionMethods: /* @__PURE__ */ opaque8({ min: 1 }),
});

const outerExtensions = /* @__PURE__ */ vector8(uint16, { min: 2, max: 254 });

const maxReferences = 127;

const neverShared: readonly number[] = [
  extensionTypes.server_name,
  extensionTypes.encrypted_client_hello,
  extensionTypes.pre_shared_key,
  extensionTypes.padding,
];

const innerName = 'encoded_client_hello_inner';
