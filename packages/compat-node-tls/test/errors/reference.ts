import { execFileSync } from 'node:child_process';
import { runInThisContext } from 'node:vm';

/**
 * What Node itself makes of a call, to compare with: calls are texts, evaluated here with our functions and in a process of
 * its own with those of the running Node (`--expose-internals` shows them their names, and nothing else of Node has all).
 */

/** Everything of an error that a program can see, frames of the stack aside. */
export interface Portrait {
  readonly own: readonly string[];
  readonly name: string;
  readonly constructorName: string;
  readonly text: string;
  readonly inspected: string;
  readonly header: string;
}

const portraitSource = `(error, inspect) => {
  const frames = /^ {4}at .*$\\n?/gm;
  return {
    own: Reflect.ownKeys(error).map((key) => {
      const d = Object.getOwnPropertyDescriptor(error, key);
      const value = key === 'stack' ? 'get' in d : inspect(d.value);
      return [String(key), d.writable ?? '', d.enumerable, d.configurable, value].join(' ');
    }),
    name: error.name,
    constructorName: error.constructor.name,
    text: String(error),
    // Brackets stand around an error without frames, as some are made here.
    inspected: inspect(error).replace(frames, '').replace(/^\\[(.*)\\](?= \\{$)/m, '$1'),
    header: error.stack.replace(frames, '').trimEnd(),
  };
}`;

export const portrait: (error: unknown, inspect: (value: unknown) => string) => Portrait =
  runInThisContext(portraitSource);

/** Each text is a function that throws or returns an error; it gets Node's `codes` and `validators`. */
export function nodePortraits(calls: readonly string[]): (Portrait | undefined)[] {
  const program = `
    const { codes } = require('internal/errors');
    const validators = require('internal/validators');
    const { inspect } = require('util');
    const portrait = ${portraitSource};
    const calls = JSON.parse(require('fs').readFileSync(0, 'utf8'));
    const results = calls.map((call) => {
      try {
        const made = (0, eval)(call)(codes, validators);
        return made instanceof Error ? portrait(made, inspect) : null;
      } catch (error) {
        return portrait(error, inspect);
      }
    });
    process.stdout.write(JSON.stringify(results));
  `;
  const output = execFileSync(process.execPath, ['--expose-internals', '-e', program], {
    input: JSON.stringify(calls),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return (JSON.parse(output) as (Portrait | null)[]).map((one) => one ?? undefined);
}
