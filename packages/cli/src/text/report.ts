import { exitCodes } from '../exit-codes.ts';
import type { Problem } from '../problem.ts';
import { printableJson } from './printable.ts';

export interface ReportInput {
  readonly command: string;
  /** What the command found out; see `report.schema.json`. */
  readonly result?: object | undefined;
  readonly problem?: Problem | undefined;
}

/**
 * What `--json` prints: one document in one line, whose schema is `report.schema.json` of this package. Secrets are never in
 * it: keys, passphrases, the secrets of sessions.
 */
export function jsonReport({ command, result, problem }: ReportInput): string {
  const exit = problem?.exit ?? 'ok';
  return `${printableJson({
    schema: 1,
    command,
    ok: problem === undefined,
    exitCode: exitCodes[exit].code,
    ...(result === undefined ? {} : { result }),
    ...(problem === undefined ? {} : { problem: problemJson(problem) }),
  })}\n`;
}

export function problemJson({ code, exit, message, detail }: Problem): object {
  return {
    kind: exit,
    code,
    message,
    check: detail.check,
    certificate: detail.certificate,
    advice: detail.advice,
    lines: detail.lines,
  };
}
