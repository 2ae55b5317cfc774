import type { CryptoProvider } from '@sealwire/core';

/** The shape of Wycheproof's files, and what runs one case of them. */

export interface WycheproofFile {
  /** For example `AES-GCM` or `HMACSHA256`. Newer files lack it where their groups say it all. */
  readonly algorithm?: string;
  readonly testGroups: readonly WycheproofGroup[];
}

/** Fields differ from one `type` to the other; all bytes are hex. */
export interface WycheproofGroup {
  readonly type: string;
  readonly tests: readonly WycheproofTest[];
  readonly [field: string]: unknown;
}

export interface WycheproofTest {
  readonly tcId: number;
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly flags?: readonly string[];
  readonly comment?: string;
  readonly [field: string]: unknown;
}

/** `right`, `not applicable`, or what went wrong. */
export type Verdict = string;

export type GroupRunner = (
  provider: CryptoProvider,
  group: WycheproofGroup,
  test: WycheproofTest,
  algorithm: string,
) => Verdict;
