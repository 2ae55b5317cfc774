import type { ExitName } from './exit-codes.ts';

/** What more there is to say about a problem. */
export interface ProblemDetail {
  /** What the reader can do about it. */
  readonly advice?: string | undefined;
  /** Which check failed, by its stable code: `CERT_HAS_EXPIRED`. */
  readonly check?: string | undefined;
  /** The subject of the certificate concerned. */
  readonly certificate?: string | undefined;
  /** Further lines: the ways that were tried, … */
  readonly lines?: readonly string[] | undefined;
  /** What the command had found out until then, for `--json`. */
  readonly result?: object | undefined;
  readonly cause?: unknown;
}

/** Why a command ends without having done its work, for people (`message`) and programs (`code`, stable). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly exit: ExitName;
  readonly code: string;
  readonly detail: ProblemDetail;

  constructor(exit: ExitName, code: string, message: string, detail: ProblemDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.exit = exit;
    this.code = code;
    this.detail = detail;
  }
}

/** The command line cannot mean anything. */
export function usage(message: string, advice?: string): Problem {
  return new Problem('usage', 'usage', message, { advice });
}

/** The same problem, with what had been found out before it. */
export function withResult({ exit, code, message, detail }: Problem, result: object): Problem {
  return new Problem(exit, code, message, { ...detail, result });
}
