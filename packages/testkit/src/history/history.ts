import { ApiMisuseError } from '@sealwire/core';
import type { Json } from './json.ts';

/**
 * Everything that went into one connection and came out of it, in order: a connection is a function of that, so a
 * history is a bug report that runs.
 *
 * **IT CONTAINS SECRETS**: random bytes, private key shares, whatever was sent and received, and with
 * `privateKeys: 'include'` the private keys of its certificates. Whoever has it can decrypt the connection.
 */
export interface History {
  readonly format: 'sealwire history';
  readonly version: 1;
  readonly warning: string;
  readonly role: 'client' | 'server';
  /**
   * The options but for provider, entropy and answers; always with versions, without which a history is one of TLS 1.3
   * alone. Functions in them are left out.
   */
  readonly options: Json;
  /** The kinds of decisions that the options' `answers` had a policy for. */
  readonly policies: readonly string[];
  readonly steps: readonly HistoryStep[];
}

/** One call of a method of the connection, with what it drew, asked, returned and caused. */
export interface HistoryStep {
  /** The method, or `set …` for a property. */
  readonly call: string;
  readonly args: readonly Json[];
  /** What it returned; absent: nothing. */
  readonly result?: Json;
  /** What it threw. */
  readonly threw?: Json;
  /** What came out of the entropy seam meanwhile, in order. */
  readonly entropy?: readonly EntropyEvent[];
  /** What policies replied meanwhile, in order. */
  readonly replies?: readonly PolicyEvent[];
  /** What was polled after it and before the next call, in order. */
  readonly outputs?: readonly Json[];
}

/** Bytes are hexadecimal. */
export type EntropyEvent =
  | { readonly draw: 'random'; readonly bytes: string }
  | { readonly draw: 'generate'; readonly group: string; readonly private: string }
  | {
      readonly draw: 'respond';
      readonly group: string;
      readonly clientShare: string;
      /** Absent: the client's share was refused. */
      readonly response?: { readonly share: string; readonly secret: string };
    }
  | { readonly draw: 'sign'; readonly message: string; readonly signature: string }
  | {
      readonly draw: 'encryptPkcs1';
      readonly message: string;
      /** Absent: the key encrypts no such message. */
      readonly ciphertext?: string;
    };

export interface PolicyEvent {
  readonly kind: string;
  readonly reply?: Json;
  readonly threw?: Json;
}

/** Where a replay first differs from its history. */
export interface Difference {
  /** Index into the steps. */
  readonly step: number;
  readonly call: string;
  readonly what: 'entropy' | 'policy' | 'result' | 'output';
  readonly expected: Json | undefined;
  readonly actual: Json | undefined;
}

/** As the text of a JSON file. */
export function historyToText(history: History): string {
  const { steps, ...head } = history;
  const lines = steps.map((step) => `    ${JSON.stringify(step)}`);
  const top = JSON.stringify(head, undefined, 2).slice(0, -2);
  return `${top},\n  "steps": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

/** From the text of a JSON file; `ApiMisuseError` if it is none of ours. */
export function historyFromText(text: string): History {
  let history: Partial<History> | null;
  try {
    history = JSON.parse(text) as Partial<History> | null;
  } catch {
    history = null;
  }
  if (history?.format !== 'sealwire history' || !Array.isArray(history.steps)) {
    throw new ApiMisuseError('expected the text of a history, as historyToText writes it');
  }
  if (history.version !== 1) {
    throw new ApiMisuseError(`expected a history of version 1, got ${JSON.stringify(history.version)}`);
  }
  return history as History;
}

export const historyWarning =
  'CONTAINS SECRETS: random bytes, key shares and data of a connection. Whoever has this file can decrypt it.';
