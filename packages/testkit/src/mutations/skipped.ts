import { sameBytes } from '../bytes.ts';
import type { Conversation, Parcel, SeenMessage, SeenRecord } from '../middle/conversation.ts';
import { applicationData, handshake } from '../middle/tapped-end.ts';
import type { Mutation } from './draw.ts';

/**
 * Whether a mutation changes nothing but what a server that refuses 0-RTT data skips: whole records of the type
 * application_data, before the client's next flight (RFC 9846 §4.2.10).
 */
export function isSkipped({ middle }: Mutation, { records, server }: Conversation): boolean {
  if (!('onRecord' in middle) || server.view?.facts.earlyData !== 'rejected') return false;
  const { onRecord } = middle;
  const sent = records.filter(({ from }) => from === 'client');
  const end = sent.findIndex(
    ({ index, record }) => index > 0 && record.type === handshake && !record.isEarly,
  );
  const others = records.filter((seen) => seen.from === 'server' || seen.index > (sent[end]?.index ?? 0));
  const before = sent.slice(0, end + 1).map(({ record }) => record.wire);
  const changed = sent.slice(0, end + 1).flatMap((seen) => wiresOf(onRecord, seen));
  return (
    others.every((seen) => sameLists(wiresOf(onRecord, seen), [seen.record.wire])) &&
    sameBytes(changed.at(-1) ?? none, before.at(-1) ?? none) &&
    sameLists(changed.slice(0, -1).filter(isRead), before.slice(0, -1).filter(isRead))
  );
}

/** Whether the server skips application_data until this message, the second ClientHello, has begun. */
export function isSkippedBefore({ from, index, message }: SeenMessage, { server }: Conversation): boolean {
  const isSecondHello = from === 'client' && index === 1 && message[0] === clientHello;
  return isSecondHello && server.view?.facts.earlyData === 'rejected';
}

function wiresOf(onRecord: (seen: SeenRecord) => readonly Parcel[], seen: SeenRecord): Uint8Array[] {
  return onRecord(seen).map((parcel) => (parcel.as === 'wire' ? parcel.bytes : none));
}

/** Whether anything hangs on a record: application_data is skipped then, and a change_cipher_spec dropped (RFC 9846 §5). */
function isRead(wire: Uint8Array): boolean {
  const isWhole = wire.length === 5 + ((wire[3]! << 8) | wire[4]!);
  return !sameBytes(wire, changeCipherSpec) && (wire[0] !== applicationData || !isWhole);
}

function sameLists(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
  return one.length === other.length && one.every((each, i) => sameBytes(each, other[i]!));
}

const changeCipherSpec = Uint8Array.of(20, 3, 3, 0, 1, 1);
const clientHello = 1;
const none = new Uint8Array(0);
