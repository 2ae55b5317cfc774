import { alertName, registryName } from '@sealwire/core';
import { contentTypes, registries } from '@sealwire/core/codecs';
import { dissect, numberIn } from '../anatomy/dissect.ts';
import type { Part } from '../anatomy/part.ts';
import { alert, applicationData, handshake } from '../middle/tapped-end.ts';
import type { OpenedRecord } from './open-records.ts';

/** One line of a transcript: some bytes, and what they are. */
export interface Row {
  /** In the record for its header, in the message or content for all else. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly meaning: string;
  /** How deep it is nested. */
  readonly depth: number;
}

/** One record with everything in it. */
export interface RecordRows {
  readonly record: OpenedRecord;
  readonly title: string;
  readonly header: readonly Row[];
  readonly contents: readonly { readonly title: string; readonly rows: readonly Row[] }[];
}

export function rowsOfRecords(records: readonly OpenedRecord[]): RecordRows[] {
  return records.map((record, i) => ({
    record,
    title: titleOf(record, i),
    header: headerRows(record),
    contents: contentRows(record),
  }));
}

function titleOf({ from, type, isProtected, epoch, wire }: OpenedRecord, index: number): string {
  const to = from === 'client' ? 'server' : 'client';
  const protection = isProtected ? `, sealed with ${epoch ?? 'unknown'} keys` : '';
  return `record ${index}, ${from} to ${to}: ${registryName(contentTypes, type)}, ${counted(wire.length)}${protection}`;
}

/** RFC 9846 §5.1. */
function headerRows({ wire }: OpenedRecord): Row[] {
  const version = registryName(registries['ProtocolVersion'] ?? {}, numberIn(wire.subarray(1, 3)));
  const field = (offset: number, end: number, name: string, meaning: string): Row => ({
    offset,
    bytes: wire.subarray(offset, end),
    name,
    meaning,
    depth: 0,
  });
  return [
    field(0, 1, 'type', registryName(contentTypes, wire[0] ?? 0)),
    field(1, 3, 'legacy_record_version', version),
    field(3, 5, 'length', counted(numberIn(wire.subarray(3, 5)))),
  ];
}

function contentRows({ type, content, messages, wire, structures }: OpenedRecord): RecordRows['contents'] {
  if (content === undefined) {
    const sealed = { offset: 5, bytes: wire.subarray(5), name: 'encrypted_record', meaning: '', depth: 0 };
    return [{ title: 'content that no secret opens', rows: [sealed] }];
  }
  switch (type) {
    case handshake:
      return messages.length > 0
        ? messages.map((message) => {
            const root = dissect(message, structures);
            return {
              title: `${root.name}, ${counted(message.length)}`,
              rows: root.parts.flatMap((part) => rowsOf(part, 0)),
            };
          })
        : [
            {
              title: 'part of a handshake message',
              rows: [whole(content, 'fragment', 'goes on in a later record')],
            },
          ];
    case alert:
      return [{ title: 'alert', rows: alertRows(content) }];
    case applicationData:
      return [{ title: 'application data', rows: [whole(content, 'data', printable(content))] }];
    default:
      return [{ title: registryName(contentTypes, type), rows: [whole(content, 'content', '')] }];
  }
}

/** A field in one row; one that is made of others in a row for its length, and theirs. */
function rowsOf(part: Part, depth: number): Row[] {
  const { offset, lengthBytes, content, name, parts } = part;
  const meaning = part.meaning ?? '';
  if (lengthBytes === 0 && parts.length === 0) return [{ offset, bytes: content, name, meaning, depth }];
  const inside = parts.flatMap((each) => rowsOf(each, depth + 1));
  if (lengthBytes === 0) {
    return [
      { offset, bytes: content.subarray(0, 0), name, meaning: meaning || counted(content.length), depth },
      ...inside,
    ];
  }
  const prefix = numberBytes(content.length, lengthBytes);
  const sized: Row = { offset, bytes: prefix, name, meaning: counted(content.length), depth };
  if (parts.length > 0 || content.length === 0) return [sized, ...inside];
  return [sized, { offset: offset + lengthBytes, bytes: content, name: '', meaning, depth: depth + 1 }];
}

/** RFC 9846 §6. */
function alertRows(content: Uint8Array): Row[] {
  const [level = 0, description = 0] = content;
  const levels = ['', 'warning', 'fatal'];
  return [
    {
      offset: 0,
      bytes: content.subarray(0, 1),
      name: 'level',
      meaning: levels[level] ?? `${level}`,
      depth: 0,
    },
    { offset: 1, bytes: content.subarray(1), name: 'description', meaning: alertName(description), depth: 0 },
  ];
}

function whole(bytes: Uint8Array, name: string, meaning: string): Row {
  return { offset: 0, bytes, name, meaning, depth: 0 };
}

/** Text in quotes if it is short and all of it can be read. */
function printable(bytes: Uint8Array): string {
  const isText = bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isText && bytes.length <= 80 ? JSON.stringify(String.fromCharCode(...bytes)) : counted(bytes.length);
}

function numberBytes(number: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Math.floor(number / 256 ** (length - 1 - i)) % 256);
}

function counted(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${bytes} bytes`;
}
