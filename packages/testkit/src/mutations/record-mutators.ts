import {
  afterCloseRule,
  ccsRule,
  fragmentRule,
  recordVersionRule,
  userCanceledRule,
  warningRule,
} from './benign.ts';
import { type Conversation, type SeenRecord, unchanged } from '../middle/conversation.ts';
import { isFirst, isOlder } from './older.ts';
import { type Draw, type Mutation, plainRecord, raw, userCanceled, without } from './draw.ts';
import { alert, applicationData, changeCipherSpec, handshake } from '../middle/tapped-end.ts';

/** What can be done to records on the wire without any key. */
export const recordMutators: readonly ((draw: Draw<SeenRecord>) => Mutation | undefined)[] = [
  function flipBit({ target, original, below }) {
    const offset = below(target.record.wire.length);
    return flipped(target, original, offset, 1 << below(8));
  },
  function setByteNearTheBeginning({ target, original, below }) {
    const offset = below(Math.min(target.record.wire.length, 12));
    return flipped(target, original, offset, 1 + below(255));
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
    // Wherever it stands: before an equal last byte it is behind the record.
    const isWhole = wire.every((byte, i) => byte === changed[i]);
    const benign = isWhole ? afterTheEnd(target) : undefined;
    return replacing(target, `a byte inserted at ${offset}`, [changed], benign);
  },
  function drop({ target, original }) {
    return replacing(target, 'dropped', [], droppedCcs(target, original));
  },
  function duplicate({ target, original }) {
    const { wire } = target.record;
    return replacing(target, 'twice', [wire, wire], droppedCcs(target, original) ?? afterTheEnd(target));
  },
  function swapWithNext({ target, original }) {
    const next = original.records.find(
      (seen) => seen.from === target.from && seen.index === target.index + 1,
    );
    if (next === undefined) return undefined;
    return {
      name: `${nameOf(target)} after the next record`,
      ...(!isOlder(original) && (isCcs(target) || isCcs(next)) && { benign: ccsRule }),
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
      droppedCcs(replayed, original, target),
    );
  },
  function reflect({ target, original, pick }) {
    const others = original.records.filter((seen) => seen.from !== target.from);
    const reflected = pick(others);
    return replacing(
      target,
      `${nameOf(reflected)} sent back before it`,
      [reflected.record.wire, target.record.wire],
      droppedCcs(reflected, original, target),
    );
  },
  function insertRecord({ target, original, random, below, pick }) {
    const type = pick([changeCipherSpec, alert, handshake, applicationData, 24, below(256)]);
    const content = pick([new Uint8Array(0), new Uint8Array([1]), random(1 + below(60))]);
    const isRealCcs = type === changeCipherSpec && content.length === 1 && content[0] === 1;
    const isAlert = type === alert && content.length === 2;
    const inserted = plainRecord(type, content);
    return replacing(
      target,
      `a record of type ${type} with ${content.length} bytes before it`,
      [inserted, target.record.wire],
      isRealCcs && (!isOlder(original) || isFirst(target))
        ? ccsRule
        : isAlert
          ? alertRule(target, original, content[0]!, content[1]!)
          : undefined,
    );
  },
  function insertAlert({ target, original, below, pick }) {
    const [level, description] = [1 + below(2), pick([0, 10, 20, 40, 50, 80, 90, 90, 100, below(256)])];
    return replacing(
      target,
      `an unprotected alert ${description} before it`,
      [plainRecord(alert, new Uint8Array([level, description])), target.record.wire],
      alertRule(target, original, level, description),
    );
  },
  function retype({ target, original, below }) {
    const { wire } = target.record;
    return flipped(target, original, 0, 1 + below(255) || wire[0]!);
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

function flipped(target: SeenRecord, original: Conversation, offset: number, mask: number): Mutation {
  const changed = target.record.wire.slice();
  changed[offset]! ^= mask;
  // Byte 2 of a header that no key protects, as long as nothing else hangs on it.
  const isFree = isOlder(original) ? isFirst(target) : !target.record.isProtected || isCcs(target);
  const benign = offset === 2 && isFree ? recordVersionRule : undefined;
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

function nameOf({ from, index, record }: SeenRecord): string {
  return `${from} record ${index} (type ${record.type}${record.isProtected ? ', protected' : ''})`;
}

function headerOf({ record }: SeenRecord, length: number): number[] {
  return [...record.wire.subarray(0, 3), length >> 8, length & 0xff];
}

/** Whether nothing that follows a record is read any more: it is the peer's close_notify. */
function afterTheEnd({ record }: SeenRecord): string | undefined {
  return record.type === alert && record.content[1] === 0 ? afterCloseRule : undefined;
}

/** Of an alert that no key protects, before a record; the first of each side may be one of any version. */
function alertRule(
  { index, record }: SeenRecord,
  original: Conversation,
  level: number,
  description: number,
): string | undefined {
  if (description === userCanceled) return userCanceledRule;
  const mayBeOlder = index === 0 || (isOlder(original) && !record.isProtected);
  return mayBeOlder && level === 1 && description !== 0 ? warningRule : undefined;
}

/** Whether a change_cipher_spec more or less before `next` is nothing: as long as the version may be TLS 1.3, or is. */
function droppedCcs(seen: SeenRecord, original: Conversation, next?: SeenRecord): string | undefined {
  const mayBeTls13 = !isOlder(original) || (next !== undefined && isFirst(next));
  return isCcs(seen) && mayBeTls13 ? ccsRule : undefined;
}

const isCcs = ({ record }: SeenRecord): boolean => record.type === changeCipherSpec;
