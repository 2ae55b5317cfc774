import type { RandomSource } from '@sealwire/core';
import { integerBelow } from '@sealwire/testkit';
import {
  type Conversation,
  type Flight,
  type Middle,
  type Parcel,
  sealedAgain,
  type SeenMessage,
  type SeenRecord,
  unchanged,
} from './conversation.ts';
import { extensionsAt, extensionsIn, withExtensions, withLength } from './extensions.ts';
import { alert, applicationData, changeCipherSpec, handshake } from './tapped-end.ts';

/** One change that somebody in the middle makes to one conversation. */
export interface Mutation {
  /** What is changed, and where. */
  readonly name: string;
  /** Why nobody need notice it, and by which rule; absent where somebody must. */
  readonly benign?: string;
  readonly middle: Middle;
}

/** A random mutation of one flight of `original`; `undefined` when there is nothing to do what was drawn to. */
export function mutationOf(
  original: Conversation,
  flight: Flight,
  random: RandomSource,
): Mutation | undefined {
  const below = (bound: number) => integerBelow(random, bound);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const records = original.records.filter((seen) => seen.flight === flight);
  const messages = original.messages.filter((seen) => seen.flight === flight);
  // Somebody who knows the keys can change what follows the handshake as he likes; what is left to test is
  // which messages may stand there at all.
  const isOpened = below(2) === 0 && messages.length > 0;
  if (isOpened) {
    const target = pick(messages);
    const isHandshake = flight !== 'post-handshake';
    const mutation = pick(messageMutators)({ target, original, random, below, pick, isHandshake });
    const mayForge = flight === 'client hello' || flight === 'server flight';
    return mutation !== undefined && mayForge && below(3) === 0
      ? forgingFinished(mutation, target)
      : mutation;
  }
  const target = pick(records);
  return pick(recordMutators)({ target, original, random, below, pick });
}

/** The same by somebody who also makes a Finished that fits; only what he did to a Finished itself is undone by that. */
function forgingFinished(mutation: Mutation, target: SeenMessage): Mutation {
  if (!('onMessage' in mutation.middle)) return mutation;
  const { onMessage } = mutation.middle;
  return {
    ...mutation,
    name: `${mutation.name}, with a Finished that fits`,
    ...(target.message[0] === finished && { benign: repairedRule }),
    middle: { onMessage, forgesFinished: true },
  };
}

interface Draw<T> {
  readonly target: T;
  readonly original: Conversation;
  readonly random: RandomSource;
  readonly below: (bound: number) => number;
  readonly pick: <E>(list: readonly E[]) => E;
}

type RecordMutator = (draw: Draw<SeenRecord>) => Mutation | undefined;
type MessageMutator = (draw: Draw<SeenMessage> & { readonly isHandshake: boolean }) => Mutation | undefined;

// ------------------------------------------------------------------------- records, without any key

const recordMutators: readonly RecordMutator[] = [
  function flipBit({ target, below }) {
    const offset = below(target.record.wire.length);
    return flipped(target, offset, 1 << below(8));
  },
  function setByteNearTheBeginning({ target, below }) {
    const offset = below(Math.min(target.record.wire.length, 12));
    return flipped(target, offset, 1 + below(255));
  },
  function dropByte({ target, below }) {
    const { wire } = target.record;
    const offset = below(wire.length);
    return replacing(target, `byte ${offset} dropped`, [without(wire, offset)]);
  },
  function insertByte({ target, below }) {
    const { wire } = target.record;
    const offset = below(wire.length + 1);
    const changed = Uint8Array.from([...wire.subarray(0, offset), below(256), ...wire.subarray(offset)]);
    const benign = offset === wire.length ? afterTheEnd(target) : undefined;
    return replacing(target, `a byte inserted at ${offset}`, [changed], benign);
  },
  function drop({ target }) {
    return replacing(target, 'dropped', [], isCcs(target) ? ccsRule : undefined);
  },
  function duplicate({ target }) {
    const { wire } = target.record;
    return replacing(target, 'twice', [wire, wire], isCcs(target) ? ccsRule : afterTheEnd(target));
  },
  function swapWithNext({ target, original }) {
    const next = original.records.find(
      (seen) => seen.from === target.from && seen.index === target.index + 1,
    );
    if (next === undefined) return undefined;
    return {
      name: `${nameOf(target)} after the next record`,
      ...((isCcs(target) || isCcs(next)) && { benign: ccsRule }),
      middle: {
        onRecord(seen) {
          if (seen.from !== target.from) return unchanged(seen);
          if (seen.index === target.index) return [];
          return seen.index === next.index
            ? [raw(seen.record.wire), raw(target.record.wire)]
            : unchanged(seen);
        },
      },
    };
  },
  function replayEarlier({ target, original, pick }) {
    const earlier = original.records.filter((seen) => seen.from === target.from && seen.index < target.index);
    if (earlier.length === 0) return undefined;
    const replayed = pick(earlier);
    return replacing(
      target,
      `${nameOf(replayed)} before it again`,
      [replayed.record.wire, target.record.wire],
      isCcs(replayed) ? ccsRule : undefined,
    );
  },
  function reflect({ target, original, pick }) {
    const others = original.records.filter((seen) => seen.from !== target.from);
    const reflected = pick(others);
    return replacing(
      target,
      `${nameOf(reflected)} sent back before it`,
      [reflected.record.wire, target.record.wire],
      isCcs(reflected) ? ccsRule : undefined,
    );
  },
  function insertRecord({ target, random, below, pick }) {
    const type = pick([changeCipherSpec, alert, handshake, applicationData, 24, below(256)]);
    const content = pick([new Uint8Array(0), new Uint8Array([1]), random(1 + below(60))]);
    const isRealCcs = type === changeCipherSpec && content.length === 1 && content[0] === 1;
    const inserted = plainRecord(type, content);
    return replacing(
      target,
      `a record of type ${type} with ${content.length} bytes before it`,
      [inserted, target.record.wire],
      isRealCcs ? ccsRule : undefined,
    );
  },
  function insertAlert({ target, below, pick }) {
    const [level, description] = [1 + below(2), pick([0, 10, 20, 40, 50, 80, 90, 90, 100, below(256)])];
    return replacing(
      target,
      `an unprotected alert ${description} before it`,
      [plainRecord(alert, new Uint8Array([level, description])), target.record.wire],
      description === userCanceled ? userCanceledRule : undefined,
    );
  },
  function retype({ target, below }) {
    const { wire } = target.record;
    return flipped(target, 0, 1 + below(255) || wire[0]!);
  },
  function shorten({ target, below }) {
    const content = target.record.wire.subarray(5);
    if (content.length === 0) return undefined;
    const length = below(content.length);
    const changed = Uint8Array.from([...headerOf(target, length), ...content.subarray(0, length)]);
    return replacing(target, `cut to ${length} bytes`, [changed]);
  },
  function lengthen({ target, random, below }) {
    const content = Uint8Array.from([...target.record.wire.subarray(5), ...random(1 + below(40))]);
    const changed = Uint8Array.from([...headerOf(target, content.length), ...content]);
    return replacing(target, `grown to ${content.length} bytes`, [changed]);
  },
  function lieAboutLength({ target, below }) {
    const { wire } = target.record;
    const length = below(65_536);
    if (length === wire.length - 5) return undefined;
    const changed = Uint8Array.from([...headerOf(target, length), ...wire.subarray(5)]);
    return replacing(target, `announced with ${length} bytes`, [changed]);
  },
  function split({ target, below }) {
    const content = target.record.wire.subarray(5);
    if (content.length < 2) return undefined;
    const at = 1 + below(content.length - 1);
    const parts = [content.subarray(0, at), content.subarray(at)].map((part) =>
      Uint8Array.from([...headerOf(target, part.length), ...part]),
    );
    const isPlainHandshake = !target.record.isProtected && target.record.type === handshake;
    return replacing(target, `split at ${at}`, parts, isPlainHandshake ? fragmentRule : undefined);
  },
  function removeAllThatFollows({ target }) {
    return {
      name: `${nameOf(target)} and all that follows lost`,
      middle: {
        onRecord: (seen) => (seen.from === target.from && seen.index >= target.index ? [] : unchanged(seen)),
      },
    };
  },
];

function flipped(target: SeenRecord, offset: number, mask: number): Mutation {
  const changed = target.record.wire.slice();
  changed[offset]! ^= mask;
  // Byte 2 of a header that no key protects, as long as nothing else hangs on it.
  const benign =
    offset === 2 && (!target.record.isProtected || isCcs(target)) ? recordVersionRule : undefined;
  return replacing(target, `byte ${offset} changed by 0x${mask.toString(16)}`, [changed], benign);
}

function replacing(
  target: SeenRecord,
  what: string,
  wires: readonly Uint8Array[],
  benign?: string,
): Mutation {
  return {
    name: `${nameOf(target)}: ${what}`,
    ...(benign !== undefined && { benign }),
    middle: {
      onRecord: (seen) =>
        seen.from === target.from && seen.index === target.index ? wires.map(raw) : unchanged(seen),
    },
  };
}

// ------------------------------------------------------- handshake messages, with all traffic secrets

const messageMutators: readonly MessageMutator[] = [
  function flipBit({ target, below, isHandshake }) {
    const changed = target.message.slice();
    const offset = below(changed.length);
    changed[offset]! ^= 1 << below(8);
    return saying(target, `byte ${offset} changed`, [changed], isHandshake);
  },
  function setByte({ target, below, isHandshake }) {
    const changed = target.message.slice();
    const offset = below(changed.length);
    changed[offset]! ^= 1 + below(255);
    return saying(target, `byte ${offset} changed to ${changed[offset]}`, [changed], isHandshake);
  },
  function dropByte({ target, below, isHandshake }) {
    if (target.message.length <= 4) return undefined;
    const offset = 4 + below(target.message.length - 4);
    return saying(
      target,
      `byte ${offset} dropped`,
      [withLength(without(target.message, offset))],
      isHandshake,
    );
  },
  function insertByte({ target, below, isHandshake }) {
    const offset = 4 + below(target.message.length - 3);
    const { message } = target;
    const changed = [...message.subarray(0, offset), below(256), ...message.subarray(offset)];
    return saying(
      target,
      `a byte inserted at ${offset}`,
      [withLength(Uint8Array.from(changed))],
      isHandshake,
    );
  },
  function drop({ target, isHandshake }) {
    return saying(target, 'dropped', [], isHandshake);
  },
  function duplicate({ target, isHandshake }) {
    return saying(target, 'twice', [target.message, target.message], isHandshake);
  },
  function swapWithNext({ target, original, isHandshake }) {
    const next = original.messages.find(
      (seen) => seen.from === target.from && seen.index === target.index + 1,
    );
    if (next === undefined || next.flight !== target.flight) return undefined;
    return {
      name: `${nameOfMessage(target)} after the next message`,
      ...(!isHandshake && { benign: keyHolderRule }),
      middle: {
        onMessage(seen) {
          if (seen.from !== target.from) return sealedAgain(seen);
          if (seen.index === target.index) return [];
          return seen.index === next.index ? [said(seen.message), said(target.message)] : sealedAgain(seen);
        },
      },
    };
  },
  function insertAnother({ target, original, pick, isHandshake }) {
    const other = pick(original.messages);
    const inserted = `${nameOfMessage(other)} before it`;
    return saying(
      target,
      inserted,
      [other.message, target.message],
      isHandshake || other.message[0] !== keyUpdate,
    );
  },
  function insertRandom({ target, random, below, isHandshake }) {
    const type = below(256);
    const inserted = withLength(Uint8Array.from([type, 0, 0, 0, ...random(below(30))]));
    const isKeyUpdate = type === keyUpdate && !isHandshake;
    return saying(target, `a message of type ${type} before it`, [inserted, target.message], !isKeyUpdate);
  },
  function replaceBody({ target, random, below, isHandshake }) {
    const changed = withLength(Uint8Array.from([...target.message.subarray(0, 4), ...random(below(100))]));
    return saying(target, `${changed.length - 4} random bytes in its place`, [changed], isHandshake);
  },
  function truncate({ target, below, isHandshake }) {
    if (target.message.length <= 4) return undefined;
    const changed = target.message.subarray(0, 4 + below(target.message.length - 4));
    return saying(target, `cut to ${changed.length} bytes`, [withLength(changed)], isHandshake);
  },
  function extend({ target, random, below, isHandshake }) {
    const changed = withLength(Uint8Array.from([...target.message, ...random(1 + below(20))]));
    return saying(target, `grown to ${changed.length} bytes`, [changed], isHandshake);
  },
  function lieAboutLength({ target, below, isHandshake }) {
    const changed = target.message.slice();
    const bytes = [below(3), below(256), below(256)];
    changed.set(bytes, 1);
    if (changed.every((byte, i) => byte === target.message[i])) return undefined;
    return saying(target, `announced with bytes ${bytes.join()}`, [changed], isHandshake);
  },
  function editExtensions({ target, random, below, pick, isHandshake }) {
    const at = extensionsAt(target.message);
    if (at === undefined) return undefined;
    const extensions = extensionsIn(target.message, at);
    const i = below(Math.max(1, extensions.length));
    const chosen = extensions[i];
    const data = random(below(12));
    const unknown = Uint8Array.from([below(256), below(256), 0, data.length, ...data]);
    const what = pick(['dropped', 'twice', 'first', 'retyped', 'emptied', 'followed by another']);
    if (chosen === undefined && what !== 'followed by another') return undefined;
    const changed = withExtensions(target.message, at, edited(extensions, i, what, unknown));
    if (Buffer.compare(changed, target.message) === 0) return undefined;
    return saying(target, `extension ${i} ${what}`, [changed], isHandshake);
  },
  function swapExtensions({ target, below, isHandshake }) {
    const at = extensionsAt(target.message);
    if (at === undefined) return undefined;
    const extensions = extensionsIn(target.message, at);
    if (extensions.length < 2) return undefined;
    const i = below(extensions.length - 1);
    [extensions[i], extensions[i + 1]] = [extensions[i + 1]!, extensions[i]!];
    return saying(
      target,
      `extensions ${i} and ${i + 1} exchanged`,
      [withExtensions(target.message, at, extensions)],
      isHandshake,
    );
  },
  function otherContentType({ target, pick, isHandshake }) {
    // After the handshake a holder of the keys may send application data at will.
    const type = pick([0, changeCipherSpec, alert, isHandshake ? applicationData : 24]);
    return passing(target, `in a record of type ${type}`, [{ as: 'content', type, content: target.message }]);
  },
  function emptyRecord({ target, pick }) {
    const type = pick([changeCipherSpec, alert, handshake, applicationData]);
    const isData = type === applicationData && target.flight === 'post-handshake';
    return passing(
      target,
      `an empty record of type ${type} before it`,
      [{ as: 'content', type, content: new Uint8Array(0) }, said(target.message)],
      isData ? emptyDataRule : undefined,
    );
  },
  function inOneRecordWithTheNext({ target, original }) {
    const next = original.messages.find(
      (seen) => seen.from === target.from && seen.index === target.index + 1,
    );
    if (next === undefined || next.flight !== target.flight) return undefined;
    const both = Uint8Array.from([...target.message, ...next.message]);
    return {
      name: `${nameOfMessage(target)} in one record with the next message`,
      ...(!changesKeys(target) && { benign: fragmentRule }),
      middle: {
        onMessage(seen) {
          if (seen.from !== target.from) return sealedAgain(seen);
          if (seen.index === target.index) return [];
          return seen.index === next.index ? [said(both)] : sealedAgain(seen);
        },
      },
    };
  },
  function inTwoRecords({ target, below }) {
    const at = 1 + below(target.message.length - 1);
    const parts = [target.message.subarray(0, at), target.message.subarray(at)];
    return passing(target, `in two records, cut at ${at}`, parts.map(said), fragmentRule);
  },
  function interrupted({ target, below, pick }) {
    const at = 1 + below(target.message.length - 1);
    const between = pick<Parcel>([
      { as: 'content', type: applicationData, content: new Uint8Array([1, 2, 3]) },
      { as: 'wire', bytes: plainRecord(changeCipherSpec, new Uint8Array([1])) },
      { as: 'content', type: alert, content: new Uint8Array([1, userCanceled]) },
    ]);
    const isCanceled = between.as === 'content' && between.type === alert;
    return passing(
      target,
      `interrupted at ${at} by ${between.as === 'wire' ? 'change_cipher_spec' : `content type ${between.type}`}`,
      [said(target.message.subarray(0, at)), between, said(target.message.subarray(at))],
      isCanceled ? userCanceledRule : undefined,
    );
  },
];

function edited(
  extensions: readonly Uint8Array[],
  i: number,
  what: string,
  unknown: Uint8Array,
): Uint8Array[] {
  const chosen = extensions[i]!;
  const others = extensions.filter((_, j) => j !== i);
  const replaced = (by: readonly Uint8Array[]) => extensions.flatMap((each, j) => (j === i ? by : [each]));
  switch (what) {
    case 'dropped':
      return others;
    case 'twice':
      return replaced([chosen, chosen]);
    case 'first':
      return [chosen, ...others];
    case 'retyped':
      return replaced([Uint8Array.from([unknown[0]!, unknown[1]!, ...chosen.subarray(2)])]);
    case 'emptied':
      return replaced([Uint8Array.from([chosen[0]!, chosen[1]!, 0, 0])]);
    default:
      return [...extensions, unknown];
  }
}

function saying(
  target: SeenMessage,
  what: string,
  messages: readonly Uint8Array[],
  mustBeSeen: boolean,
): Mutation {
  return passing(target, what, messages.map(said), mustBeSeen ? undefined : keyHolderRule);
}

function passing(target: SeenMessage, what: string, parcels: readonly Parcel[], benign?: string): Mutation {
  return {
    name: `${nameOfMessage(target)}: ${what}`,
    ...(benign !== undefined && { benign }),
    middle: {
      onMessage: (seen) =>
        seen.from === target.from && seen.index === target.index ? parcels : sealedAgain(seen),
    },
  };
}

// ------------------------------------------------------------------------------------------- helpers

const raw = (bytes: Uint8Array): Parcel => ({ as: 'wire', bytes });
const said = (message: Uint8Array): Parcel => ({ as: 'content', type: handshake, content: message });
const isCcs = ({ record }: SeenRecord): boolean => record.type === changeCipherSpec;
const changesKeys = ({ message }: SeenMessage): boolean => [2, 20, keyUpdate].includes(message[0]!);

/** Whether nothing that follows a record is read any more: it is the peer's close_notify. */
function afterTheEnd({ record }: SeenRecord): string | undefined {
  return record.type === alert && record.content[1] === 0 ? afterCloseRule : undefined;
}

function without(bytes: Uint8Array, offset: number): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, offset), ...bytes.subarray(offset + 1)]);
}

function plainRecord(type: number, content: Uint8Array): Uint8Array {
  return new Uint8Array([type, 3, 3, content.length >> 8, content.length & 0xff, ...content]);
}

function headerOf({ record }: SeenRecord, length: number): number[] {
  return [...record.wire.subarray(0, 3), length >> 8, length & 0xff];
}

function nameOf({ from, index, record }: SeenRecord): string {
  return `${from} record ${index} (type ${record.type}${record.isProtected ? ', protected' : ''})`;
}

function nameOfMessage({ from, index, message }: SeenMessage): string {
  return `${from} message ${index} (type ${message[0]})`;
}

const finished = 20;
const keyUpdate = 24;
const userCanceled = 90;

// ------------------------------------------------- what may pass unnoticed, and by which rule

const recordVersionRule = 'legacy_record_version "MUST be ignored for all purposes" (RFC 9846 §5.1)';
const ccsRule =
  'a change_cipher_spec between the first ClientHello and Finished is dropped unread (RFC 9846 §5)';
const fragmentRule = 'handshake messages may be coalesced and fragmented over records (RFC 9846 §5.1)';
const userCanceledRule =
  'user_canceled says nothing by itself; a close_notify would have to follow (RFC 9846 §6.1)';
const afterCloseRule = 'data after a close_notify "MUST be ignored" (RFC 9846 §6.1)';
const emptyDataRule = 'application data records may be empty (RFC 9846 §5.1)';
const repairedRule = 'the changed Finished was replaced by a right one';
const keyHolderRule =
  'whoever has the traffic secrets can make and leave out KeyUpdates, as the two ends can';
