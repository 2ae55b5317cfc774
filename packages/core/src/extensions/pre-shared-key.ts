import { TlsError } from '../errors/tls-error.ts';
import { opaque16, opaque8, struct, uint16, uint32, vector16, type CodecValue } from '../wire/codec.ts';
import type { ExtensionBlock } from './block.ts';
import { defineExtension } from './definition.ts';

/**
 * pre_shared_key (RFC 9846 §4.3.11): the keys that the client proposes, each with a proof that it has it; the
 * server's choice.
 *
 *     struct {
 *         opaque identity<1..2^16-1>;
 *         uint32 obfuscated_ticket_age;
 *     } PskIdentity;
 *
 *     opaque PskBinderEntry<32..255>;
 *
 *     struct {
 *         PskIdentity identities<7..2^16-1>;
 *         PskBinderEntry binders<33..2^16-1>;
 *     } OfferedPsks;
 *
 *     struct {
 *         select (Handshake.msg_type) {
 *             case client_hello: OfferedPsks;
 *             case server_hello: uint16 selected_identity;
 *         };
 *     } PreSharedKeyExtension;
 */
export type OfferedPsks = CodecValue<typeof offeredPsks>;
const pskIdentity = /* @__PURE__ */ struct({
  identity: /* @__PURE__ */ opaque16({ min: 1 }),
  obfuscatedTicketAge: uint32,
});

const offeredPsks = /* @__PURE__ */ struct({
  identities: /* @__PURE__ */ vector16(pskIdentity, { min: 7 }),
  // A server that selects an older version has nothing to do with them: their least length is `checkBinders`'.
  binders: /* @__PURE__ */ vector16(/* @__PURE__ */ opaque8(), { min: 1 }),
});

export const preSharedKeyExtension = /* @__PURE__ */ defineExtension('pre_shared_key', {
  CH: offeredPsks,
  SH: uint16,
});

/**
 * Refuses a ClientHello whose pre_shared_key is not the last extension ("Servers MUST check that it is the last
 * extension and otherwise fail the handshake"), or has not one binder for each identity (RFC 9846 §4.3.11).
 */
export function refuseIllegalPreSharedKey(block: ExtensionBlock<'CH'>): void {
  const offered = block.get(preSharedKeyExtension);
  if (offered === undefined) return;
  if (block.entries.at(-1)?.type !== preSharedKeyExtension.type) {
    throw new TlsError('peer.preSharedKeyNotLast', 'pre_shared_key is not the last extension', detail);
  }
  if (offered.identities.length !== offered.binders.length) {
    const counts = `${offered.identities.length} identities and ${offered.binders.length} binders`;
    throw new TlsError('peer.illegalExtension', `pre_shared_key has ${counts}`, detail);
  }
}

/** TLS 1.3: `opaque PskBinderEntry<32..255>` (RFC 9846 §4.3.11). */
export function checkBinders(block: ExtensionBlock<'CH'>): void {
  const short = block.get(preSharedKeyExtension)?.binders.find(({ length }) => length < 32);
  if (short === undefined) return;
  throw new TlsError('peer.malformedMessage', `a binder has ${short.length} bytes, 32 is the least`, detail);
}

/** Bytes of the binders list with its length: what a truncated ClientHello leaves out (RFC 9846 §4.3.11.2). */
export function bindersLength(offered: OfferedPsks): number {
  return offered.binders.reduce((total, binder) => total + 1 + binder.length, 2);
}

const detail = {
  section: 'RFC 9846 §4.3.11',
  handshakeMessage: 'client_hello',
  field: 'client_hello.extensions.pre_shared_key',
};
