import type { RandomSource } from '@sealwire/core';
import type { Conversation, Middle, Parcel } from '../middle/conversation.ts';
import { handshake } from '../middle/tapped-end.ts';

/** One change that somebody in the middle makes to one conversation. */
export interface Mutation {
  /** What is changed, and where. */
  readonly name: string;
  /** Why nobody need notice it, and by which rule; absent where somebody must. */
  readonly benign?: string;
  readonly middle: Middle;
}

/** What a mutator chooses from; `undefined` comes back when there is nothing to do of its kind. */
export interface Draw<T> {
  readonly target: T;
  readonly original: Conversation;
  readonly random: RandomSource;
  readonly below: (bound: number) => number;
  readonly pick: <E>(list: readonly E[]) => E;
}

/** Bytes as they are. */
export const raw = (bytes: Uint8Array): Parcel => ({ as: 'wire', bytes });

/** A handshake message, to be sealed for its receiver. */
export const said = (message: Uint8Array): Parcel => ({ as: 'content', type: handshake, content: message });

export function without(bytes: Uint8Array, offset: number): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, offset), ...bytes.subarray(offset + 1)]);
}

export function plainRecord(type: number, content: Uint8Array): Uint8Array {
  return new Uint8Array([type, 3, 3, content.length >> 8, content.length & 0xff, ...content]);
}

export const userCanceled = 90;
