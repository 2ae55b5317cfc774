import type { CryptoProvider } from '@sealwire/core';
import { handshakeTypes } from '@sealwire/core/codecs';
import { dissect, nameOfMessage, numberIn } from '../anatomy/dissect.ts';
import { findPart } from '../anatomy/part.ts';
import type { Structures } from '../anatomy/structures.ts';
import { bytesOfHex, concatenated } from '../bytes.ts';
import { alert, changeCipherSpec, handshake, recordsIn } from '../middle/tapped-end.ts';
import { suitesOfSecret, TrafficCipher } from '../middle/traffic-cipher.ts';
import type { Side } from '../pair/script.ts';
import { OlderOpener } from './older-opener.ts';
import type { Passage } from './wire.ts';

/** One record as it passed, opened if a secret for it is known. */
export interface OpenedRecord {
  readonly from: Side;
  /** When its last byte was written, in ms since the epoch. */
  readonly atMs: number;
  /** Header and what follows it, as on the wire. */
  readonly wire: Uint8Array;
  readonly isProtected: boolean;
  /** Which keys it was sealed with; `undefined` without protection, and where no secret opens it. */
  readonly epoch: string | undefined;
  /** Content type inside the protection; that of the header where it does not open. */
  readonly type: number;
  /** `undefined`: no secret opens it. */
  readonly content: Uint8Array | undefined;
  /** Handshake messages that end in this record, whole, each with its header. */
  readonly messages: readonly Uint8Array[];
  /** By whose rules the messages are taken apart: those of the version that the latest ServerHello chose. */
  readonly structures: Structures;
}

/**
 * Every record that passed, in order, opened with the secrets of the key log as an analyser does it: which keys a
 * record is sealed with is found out by trying those that may come next (RFC 9846 §4.1, §5.2, §7.2); before TLS 1.3,
 * ChangeCipherSpec says it.
 */
export function openRecords(passage: Passage, provider: CryptoProvider): readonly OpenedRecord[] {
  const opener = new Opener(passage.keyLog, provider);
  const rest: Record<Side, Uint8Array> = { client: new Uint8Array(0), server: new Uint8Array(0) };
  const opened: OpenedRecord[] = [];
  for (const { from, bytes, atMs } of passage.wire) {
    const records = recordsIn(concatenated([rest[from], bytes]));
    const last = records.at(-1);
    rest[from] = last !== undefined && !isWhole(last) ? records.pop()! : new Uint8Array(0);
    for (const wire of records) opened.push({ from, atMs, ...opener.open(from, wire) });
  }
  return opened;
}

interface Direction {
  readonly label: 'CLIENT' | 'SERVER';
  epoch: 'plain' | Epoch;
  updates: number;
  cipher: TrafficCipher | undefined;
  sequence: number;
  /** The beginning of a handshake message whose rest is in later records. */
  pending: Uint8Array;
}

type Epoch = keyof typeof secretNames;

class Opener {
  readonly #secrets: ReadonlyMap<string, Uint8Array>;
  readonly #provider: CryptoProvider;
  #suite: number | undefined;
  readonly #older: OlderOpener;
  readonly #directions: Readonly<Record<Side, Direction>> = {
    client: direction('CLIENT'),
    server: direction('SERVER'),
  };

  constructor(keyLog: readonly string[], provider: CryptoProvider) {
    this.#provider = provider;
    this.#older = new OlderOpener(keyLog, provider);
    this.#secrets = new Map(
      keyLog.map((line) => {
        const [label = '', , secret = ''] = line.split(' ');
        return [label, bytesOfHex(secret)];
      }),
    );
  }

  open(from: Side, wire: Uint8Array): Omit<OpenedRecord, 'from' | 'atMs'> {
    const direction = this.#directions[from];
    const opened = this.#older.isSealed(from)
      ? this.#openedBefore13(from, direction, wire)
      : this.#opened(direction, wire);
    if (opened.type === changeCipherSpec && opened.content !== undefined) this.#older.changeCipher(from);
    return { ...opened, structures: this.#older.structures };
  }

  #openedBefore13(
    from: Side,
    direction: Direction,
    wire: Uint8Array,
  ): Omit<OpenedRecord, 'from' | 'atMs' | 'structures'> {
    const opened = this.#older.open(from, wire);
    if (opened === undefined) return sealed(wire);
    const type = wire[0]!;
    return {
      wire,
      isProtected: true,
      ...opened,
      type,
      messages: this.#messagesOf(direction, type, opened.content),
    };
  }

  #opened(direction: Direction, wire: Uint8Array): Omit<OpenedRecord, 'from' | 'atMs' | 'structures'> {
    const type = wire[0]!;
    // A second ClientHello ends the 0-RTT data that followed the first (RFC 9846 §4.2.10).
    if (direction.epoch === 'early' && type === handshake) {
      Object.assign(direction, { epoch: 'plain', cipher: undefined, sequence: 0 });
    }
    const mayBePlain = direction.epoch === 'plain' || type === changeCipherSpec || type === alert;
    if (type !== applicationData && mayBePlain) {
      const content = wire.subarray(5);
      const messages = this.#messagesOf(direction, type, content);
      return { wire, isProtected: false, epoch: undefined, type, content, messages };
    }
    const opened = this.#tried(direction, wire);
    if (opened === undefined) return sealed(wire);
    const { epoch, updates } = direction;
    const name = updates === 0 ? epoch : `${epoch}, updated ${updates === 1 ? 'once' : `${updates} times`}`;
    const messages = this.#messagesOf(direction, opened.type, opened.content);
    return { wire, isProtected: true, epoch: name, ...opened, messages };
  }

  /** With the present keys, or else with those that may follow them. */
  #tried(
    direction: Direction,
    wire: Uint8Array,
  ): { readonly type: number; readonly content: Uint8Array } | undefined {
    const present = direction.cipher?.open(wire, direction.sequence);
    if (present !== undefined) {
      direction.sequence++;
      return present;
    }
    for (const { epoch, cipher } of this.#next(direction)) {
      const opened = cipher.open(wire, 0);
      if (opened === undefined) continue;
      direction.updates = epoch === direction.epoch ? direction.updates + 1 : 0;
      direction.epoch = epoch;
      direction.cipher = cipher;
      direction.sequence = 1;
      return opened;
    }
    return undefined;
  }

  #next({ label, epoch, cipher }: Direction): { readonly epoch: Epoch; readonly cipher: TrafficCipher }[] {
    if (epoch === 'application' && cipher !== undefined) return [{ epoch, cipher: cipher.next() }];
    const order: readonly Epoch[] = ['early', 'handshake', 'application'];
    return order.slice(order.indexOf(epoch as Epoch) + 1).flatMap((next) => {
      const secret = this.#secrets.get(`${label}_${secretNames[next]}`);
      if (secret === undefined) return [];
      // Early data is sealed before ServerHello names a suite.
      const suites =
        this.#suite === undefined || next === 'early' ? suitesOfSecret(secret.length) : [this.#suite];
      return suites.map((suite) => ({
        epoch: next,
        cipher: new TrafficCipher(this.#provider, suite, secret),
      }));
    });
  }

  #messagesOf(direction: Direction, type: number, content: Uint8Array): Uint8Array[] {
    if (type !== handshake) return [];
    let rest = concatenated([direction.pending, content]);
    const messages: Uint8Array[] = [];
    while (rest.length >= 4) {
      const length = 4 + numberIn(rest.subarray(1, 4));
      if (rest.length < length) break;
      messages.push(rest.slice(0, length));
      rest = rest.slice(length);
    }
    direction.pending = rest;
    for (const message of messages) {
      this.#older.see(message);
      if (message[0] === handshakeTypes.server_hello && nameOfMessage(message) === 'server_hello') {
        const suite = findPart(dissect(message), 'cipher_suite');
        this.#suite = suite === undefined ? undefined : numberIn(suite.content);
      }
    }
    return messages;
  }
}

function direction(label: Direction['label']): Direction {
  return {
    label,
    epoch: 'plain',
    updates: 0,
    cipher: undefined,
    sequence: 0,
    pending: new Uint8Array(0),
  };
}

/** A record that no secret opens. */
function sealed(wire: Uint8Array): Omit<OpenedRecord, 'from' | 'atMs' | 'structures'> {
  return { wire, isProtected: true, epoch: undefined, type: wire[0]!, content: undefined, messages: [] };
}

function isWhole(record: Uint8Array): boolean {
  return record.length >= 5 && record.length === 5 + ((record[3]! << 8) | record[4]!);
}

/** RFC 9850 §2.1. */
const secretNames = {
  early: 'EARLY_TRAFFIC_SECRET',
  handshake: 'HANDSHAKE_TRAFFIC_SECRET',
  application: 'TRAFFIC_SECRET_0',
} as const;
const applicationData = 23;
