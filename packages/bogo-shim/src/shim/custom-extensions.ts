import type { ClientHelloView, CustomExtension, CustomRefusal, Facts } from '@sealwire/core';
import type { Flags } from '../flags/table.ts';

/**
 * Extensions of drafts that the core knows nothing of. It does not have to: an application can bring its own, and that is
 * what they are here.
 */
export function customExtensionsOf(flags: Flags): readonly CustomExtension[] {
  return flags.server ? ofServer(flags) : ofClient(flags);
}

function ofClient(flags: Flags): CustomExtension[] {
  const { 'request-server-padding': bytes } = flags;
  const ticketFlags: CustomExtension = {
    type: tlsFlags,
    receive: { NST: (data) => data && judgeFlags(data) },
  };
  if (bytes === undefined) return [ticketFlags];
  const judgePadding = (data: Uint8Array | undefined): CustomRefusal | undefined =>
    data === undefined || data.length === bytes
      ? undefined
      : { reason: 'malformed', message: `padding of ${data.length} bytes, ${bytes} were asked for` };
  const padding = { type: serverPadding, send: { CH: uint16(bytes) }, receive: { EE: judgePadding } };
  return [ticketFlags, padding];
}

function ofServer(flags: Flags): CustomExtension[] {
  const all: CustomExtension[] = [];
  if (flags['resumption-across-names-enabled']) all.push({ type: tlsFlags, send: { NST: acrossNames } });
  if (flags['server-supports-padding'])
    all.push({
      type: serverPadding,
      receive: { CH: true },
      send: { EE: ({ request }) => paddingFor(request) },
    });
  return all;
}

/** A session that is to be resumed is not padded again. */
export function withoutPadding(extensions: readonly CustomExtension[], hello: ClientHelloView) {
  return hello.hasPreSharedKey ? extensions.filter(({ type }) => type !== serverPadding) : extensions;
}

/** The most that the handshake may need above what it needs otherwise. */
export function paddingBytes({ 'request-server-padding': bytes = 0 }: Flags): number {
  return bytes;
}

/** A list of bits, the lowest first, with a bit in its last byte (draft-ietf-tls-tlsflags §2). */
function judgeFlags(data: Uint8Array): CustomRefusal | undefined {
  if (data.length < 2 || data[0] !== data.length - 1)
    return { reason: 'malformed', message: 'flags of a ticket are a list of 1 to 255 bytes' };
  if (data.at(-1) === 0) return { reason: 'illegal', message: 'flags of a ticket end with a byte of zero' };
  return undefined;
}

/** Whether the latest ticket says that its session may be resumed under other names, too. */
export function isForAllNames({ peerExtensions = [] }: Facts): boolean {
  const data = peerExtensions.find((each) => each.in === 'NST' && each.type === tlsFlags)?.data;
  return ((data?.[2] ?? 0) & 1) === 1;
}

export function hasServerPadding({ peerExtensions = [] }: Facts): boolean {
  return peerExtensions.some((each) => each.in === 'EE' && each.type === serverPadding);
}

function paddingFor(request: Uint8Array | undefined): Uint8Array | undefined {
  if (request?.length !== 2) return undefined;
  const bytes = (request[0]! << 8) | request[1]!;
  return bytes > mostPaddingBytes ? undefined : new Uint8Array(bytes);
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value & 0xff);
}

/** `tls_flags`; in a ticket the bit 8 is resumption_across_names. */
const tlsFlags = 62;
const acrossNames = Uint8Array.of(2, 0, 1);

/** A number that nobody has assigned. */
const serverPadding = 4_832;
const mostPaddingBytes = 16_384;
