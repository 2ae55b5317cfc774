import {
  emptyDataRule,
  fragmentRule,
  helloRequestRule,
  keyHolderRule,
  skippedRule,
  userCanceledRule,
} from './benign.ts';
import { isSkippedBefore } from './skipped.ts';
import { type Conversation, type Parcel, sealedAgain, type SeenMessage } from '../middle/conversation.ts';
import { isBeforeFinished, isOlder } from './older.ts';
import { type Draw, type Mutation, plainRecord, said, userCanceled, without } from './draw.ts';
import { dissect } from '../anatomy/dissect.ts';
import { assemble, replaceField, removeField, withMessageLength as withLength } from '../anatomy/edit.ts';
import { findPart, type Part, partsOf } from '../anatomy/part.ts';
import { concatenated, sameBytes } from '../bytes.ts';
import { alert, applicationData, changeCipherSpec, handshake } from '../middle/tapped-end.ts';

type MessageMutator = (draw: Draw<SeenMessage> & { readonly isHandshake: boolean }) => Mutation | undefined;

/** What can be done to handshake messages by somebody who has all traffic secrets. */
export const messageMutators: readonly MessageMutator[] = [
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
    const twice = [target.message, target.message];
    if (isHelloRequest(target)) return passing(target, 'twice', twice.map(said), helloRequestRule);
    return saying(target, 'twice', twice, isHandshake);
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
    if (isHelloRequest(other) && target.from === 'server')
      return passing(target, inserted, [other.message, target.message].map(said), helloRequestRule);
    return saying(
      target,
      inserted,
      [other.message, target.message],
      isHandshake || ![keyUpdate, newSessionTicket].includes(other.message[0]!),
    );
  },
  function insertRandom({ target, random, below, isHandshake }) {
    const type = below(256);
    const inserted = withLength(Uint8Array.from([type, 0, 0, 0, ...random(below(30))]));
    const what = `a message of type ${type} before it`;
    if (type === helloRequest && inserted.length === 4 && target.from === 'server')
      return passing(target, what, [inserted, target.message].map(said), helloRequestRule);
    const isFree = !isHandshake && [keyUpdate, newSessionTicket].includes(type);
    return saying(target, what, [inserted, target.message], !isFree);
  },
  function replaceBody({ target, random, below, isHandshake }) {
    const changed = withLength(Uint8Array.from([...target.message.subarray(0, 4), ...random(below(100))]));
    if (sameBytes(changed, target.message)) return undefined;
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
    const extensions = extensionsOf(target.message);
    if (extensions === undefined) return undefined;
    const i = below(Math.max(1, extensions.length));
    const chosen = extensions[i];
    const data = random(below(12));
    const unknown = Uint8Array.from([below(256), below(256), 0, data.length, ...data]);
    const what = pick(['dropped', 'twice', 'first', 'retyped', 'emptied', 'followed by another']);
    if (chosen === undefined && what !== 'followed by another') return undefined;
    const changed = withExtensions(target.message, edited(extensions, i, what, unknown));
    if (sameBytes(changed, target.message)) return undefined;
    return saying(target, `extension ${i} ${what}`, [changed], isHandshake);
  },
  function swapExtensions({ target, below, isHandshake }) {
    const extensions = extensionsOf(target.message);
    if (extensions === undefined || extensions.length < 2) return undefined;
    const i = below(extensions.length - 1);
    [extensions[i], extensions[i + 1]] = [extensions[i + 1]!, extensions[i]!];
    return saying(
      target,
      `extensions ${i} and ${i + 1} exchanged`,
      [withExtensions(target.message, extensions)],
      isHandshake,
    );
  },
  function editField({ target, random, pick, isHandshake }) {
    const [, , , ...fields] = partsOf(dissected(target.message));
    if (fields.length === 0) return undefined;
    const { path, content, lengthBytes, shape } = pick(fields);
    const what = pick(['removed', 'emptied', 'drawn anew', 'cut by one', 'one longer', 'doubled']);
    const isSized =
      lengthBytes === 0 && content.length > 0 && (shape?.is === 'uint' || shape?.is === 'fixed');
    if (isSized && what !== 'removed' && what !== 'drawn anew') return undefined;
    const wanted = { emptied: 0, 'cut by one': content.length - 1, 'one longer': content.length + 1 }[what];
    const changed =
      what === 'removed'
        ? removeField(target.message, path)
        : what === 'doubled'
          ? fitting(target.message, path, concatenated([content, content]), lengthBytes)
          : what === 'drawn anew'
            ? replaceField(target.message, path, random(content.length))
            : fitting(
                target.message,
                path,
                concatenated([content, random(1)]).subarray(0, Math.max(0, wanted ?? 0)),
                lengthBytes,
              );
    if (changed === undefined || sameBytes(changed, target.message)) return undefined;
    return saying(target, `field ${path} ${what}`, [changed], isHandshake);
  },
  function otherContentType({ target, pick, isHandshake }) {
    // After the handshake, and before the end of 0-RTT data, a holder of the keys may send application data at will.
    const mayBeData = !isHandshake || target.message[0] === endOfEarlyData || isBetween(target);
    const type = pick([0, changeCipherSpec, alert, mayBeData ? 24 : applicationData]);
    return passing(target, `in a record of type ${type}`, [{ as: 'content', type, content: target.message }]);
  },
  function emptyRecord({ target, original, pick }) {
    const type = pick([changeCipherSpec, alert, handshake, applicationData]);
    const mayBeData = target.flight === 'post-handshake' || target.message[0] === endOfEarlyData;
    const isData = type === applicationData && mayBeData;
    return passing(
      target,
      `an empty record of type ${type} before it`,
      [{ as: 'content', type, content: new Uint8Array(0) }, said(target.message)],
      isData
        ? emptyDataRule
        : type === applicationData && isSkippedBefore(target, original)
          ? skippedRule
          : undefined,
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
      ...(mayBeJoined(target, next, original) && { benign: fragmentRule }),
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

/** Of one conversation many mutations are drawn. */
function dissected(message: Uint8Array): Part {
  const known = dissections.get(message);
  if (known !== undefined) return known;
  const made = dissect(message);
  dissections.set(message, made);
  return made;
}

const dissections = new WeakMap<Uint8Array, Part>();

/** The extensions of the message's own block, each with type and length; `undefined` if it has none. */
function extensionsOf(message: Uint8Array): Uint8Array[] | undefined {
  return findPart(dissected(message), 'extensions')?.parts.map(assemble);
}

function withExtensions(message: Uint8Array, extensions: readonly Uint8Array[]): Uint8Array {
  return replaceField(message, 'extensions', concatenated(extensions));
}

/** The message with this content in a field; `undefined` if the field's length prefix is too small for it. */
function fitting(
  message: Uint8Array,
  path: string,
  content: Uint8Array,
  lengthBytes: number,
): Uint8Array | undefined {
  return lengthBytes > 0 && content.length >= 256 ** lengthBytes
    ? undefined
    : replaceField(message, path, content);
}

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

function nameOfMessage({ from, index, message }: SeenMessage): string {
  return `${from} message ${index} (type ${message[0]})`;
}

const isHelloRequest = ({ message }: SeenMessage): boolean =>
  message[0] === helloRequest && message.length === 4;

/** Whether its sender might still send data in its place: it is his first message of another handshake (RFC 5246 §7.4.1.1). */
const isBetween = ({ message, flight }: SeenMessage): boolean =>
  flight === 'post-handshake' && [helloRequest, clientHello, serverHello].includes(message[0]!);

/** Whether one record may hold both: no key changes between them. */
function mayBeJoined(target: SeenMessage, next: SeenMessage, original: Conversation): boolean {
  return isOlder(original) ? !isBeforeFinished(next) : !changesKeys(target);
}

/** Finished of a later authentication changes none (RFC 9846 §4.7.2). */
const changesKeys = ({ message, flight }: SeenMessage): boolean =>
  (flight === 'post-handshake' ? [keyUpdate] : [2, 20]).includes(message[0]!);
const helloRequest = 0;
const clientHello = 1;
const serverHello = 2;
const newSessionTicket = 4;
const endOfEarlyData = 5;
const keyUpdate = 24;
