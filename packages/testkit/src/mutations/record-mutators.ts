import {
  afterCloseRule,
  ccsRule,
  fragmentRule,
  recordVersionRule,
  userCanceledRule,
  warningRule,
} from './benign.ts';
import { type SeenRecord, unchanged } from '../middle/conversation.ts';
import { type Draw, type Mutation, plainRecord, raw, userCanceled, without } from './draw.ts';
import { alert, applicationData, changeCipherSpec, handshake } from '../middle/tapped-end.ts';

/** What can be done to records on the wire without any key. */
export const recordMutators: readonly ((draw: Draw<SeenRecord>) => Mutation | undefined)[] = [
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
    // Wherever it stands: before an equal last byte it is behind the record.
    const isWhole = wire.every((byte, i) => byte === changed[i]);
    const benign = isWhole ? afterTheEnd(target) : undefined;
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
    const isAlert = type === alert && content.length === 2;
    const inserted = plainRecord(type, content);
    return replacing(
      target,
      `a record of type ${type} with ${content.length} bytes before it`,
      [inserted, target.record.wire],
      isRealCcs ? ccsRule : isAlert ? alertRule(target, content[0]!, content[1]!) : undefined,
    );
  },
  function insertAlert({ target, below, pick }) {
    const [level, description] = [1 + below(2), pick([0, 10, 20, 40, 50, 80, 90, 90, 100, below(256)])];
    return replacing(
      target,
      `an unprotected alert ${description} before it`,
      [plainRecord(alert, new Uint8Array([level, description])), target.record.wire],
      alertRule(target, level, description),
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
function alertRule({ index }: SeenRecord, level: number, description: number): string | undefined {
  if (description === userCanceled) return userCanceledRule;
  return index === 0 && level === 1 && description !== 0 ? warningRule : undefined;
}

const isCcs = ({ record }: SeenRecord): boolean => record.type === changeCipherSpec;
