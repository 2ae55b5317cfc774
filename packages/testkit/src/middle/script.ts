import { ApiMisuseError, registryName } from '@sealwire/core';
import { contentTypes } from '@sealwire/core/codecs';
import { nameOfMessage } from '../anatomy/dissect.ts';
import { insertField, removeField, replaceField } from '../anatomy/edit.ts';
import type { Side } from '../pair/script.ts';
import type { Middle, Parcel, SeenMessage, SeenRecord } from './conversation.ts';
import { handshake } from './tapped-end.ts';

/** One thing that a man in the middle does, once. */
export interface MiddleRule {
  /**
   * The message to act on, in RFC spelling: a handshake message such as `server_hello` or `hello_retry_request`, or
   * the content of a record: `application_data` or `alert`.
   */
  readonly in: string;
  /** Who sends it. Default: whoever does. */
  readonly from?: Side;
  /** Not before this message has passed. Default: from the beginning. */
  readonly after?: string | { readonly message: string; readonly from: Side };
  /** The how manieth that fits, from 0. Default 0, the first. */
  readonly nth?: number;
  /** What is done, one after the other, to everything that is passed on. */
  readonly do: MiddleAct | readonly MiddleAct[];
}

/** What is passed on in place of one message: any number of messages (or contents of records of its type). */
export type MiddleAct = (message: Uint8Array) => readonly Uint8Array[];

/** A middle that follows rules, and counts. */
export type ScriptedMiddle = Extract<Middle, { readonly onMessage: unknown }> & {
  /** How often each rule was applied: 0 or 1, by its place in the list. */
  readonly applied: readonly number[];
};

/**
 * A man in the middle who knows the traffic secrets and follows a script: "after message X, replace field Y". Each
 * rule is applied once. `forgesFinished`: he also makes the Finished that the client expects, so that the signature
 * in CertificateVerify alone can give him away.
 *
 *     const middle = manInTheMiddle([
 *       { in: 'encrypted_extensions', after: 'server_hello', do: replacing('extensions.cookie.value', bytes) },
 *     ]);
 *     converse({ client, server, provider }, middle);
 */
export function manInTheMiddle(
  rules: readonly MiddleRule[],
  options: { readonly forgesFinished?: boolean } = {},
): ScriptedMiddle {
  for (const { in: name } of rules) {
    if (name === 'change_cipher_spec' || name === 'handshake') {
      throw new ApiMisuseError(
        `expected the name of a handshake message, application_data or alert, got ${name}`,
      );
    }
  }
  const applied = rules.map(() => 0);
  const met = rules.map(() => 0);
  const passed: { readonly message: string; readonly from: Side }[] = [];

  const changed = (name: string, from: Side, bytes: Uint8Array): readonly Uint8Array[] => {
    let said: readonly Uint8Array[] = [bytes];
    rules.forEach((rule, i) => {
      if (rule.in !== name || (rule.from ?? from) !== from || !hasPassed(rule.after)) return;
      if (met[i]!++ !== (rule.nth ?? 0)) return;
      applied[i] = 1;
      for (const act of [rule.do].flat()) said = said.flatMap(act);
    });
    passed.push({ message: name, from });
    return said;
  };
  const hasPassed = (after: MiddleRule['after']): boolean =>
    after === undefined ||
    passed.some(({ message, from }) =>
      typeof after === 'string' ? message === after : message === after.message && from === after.from,
    );

  return {
    applied,
    ...(options.forgesFinished === true && { forgesFinished: true }),
    onMessage: ({ from, message }: SeenMessage) =>
      changed(nameOfMessage(message), from, message).map((content) => parcel(handshake, content)),
    onContent: ({ from, record }: SeenRecord) =>
      changed(registryName(contentTypes, record.type), from, record.content).map((content) =>
        parcel(record.type, content),
      ),
  };
}

/** Puts something else into a field; see `replaceField` for path and value. */
export function replacing(
  path: string,
  value: number | Uint8Array | ((content: Uint8Array) => Uint8Array),
): MiddleAct {
  return (message) => [replaceField(message, path, value)];
}

/** Takes a field, an item or an extension out. */
export function removing(path: string): MiddleAct {
  return (message) => [removeField(message, path)];
}

/** Puts bytes before or behind a field, an item or an extension. */
export function inserting(path: string, bytes: Uint8Array, where: 'before' | 'after' = 'after'): MiddleAct {
  return (message) => [insertField(message, path, bytes, where)];
}

/** Passes nothing on. */
export const dropping: MiddleAct = () => [];

/** Passes it on twice. */
export const doubling: MiddleAct = (message) => [message, message];

/** Says something of its own first: a whole handshake message, or content of a record. */
export function precededBy(bytes: Uint8Array): MiddleAct {
  return (message) => [bytes, message];
}

/** Says something of its own afterwards. */
export function followedBy(bytes: Uint8Array): MiddleAct {
  return (message) => [message, bytes];
}

/** Passes something else on, made from what came. */
export function rewriting(rewrite: (message: Uint8Array) => Uint8Array): MiddleAct {
  return (message) => [rewrite(message)];
}

function parcel(type: number, content: Uint8Array): Parcel {
  return { as: 'content', type, content };
}
