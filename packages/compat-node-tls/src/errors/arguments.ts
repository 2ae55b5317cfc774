import { inspect } from 'node:util';
import { nodeMajor } from '../process/host.ts';
import { type CodedError, nodeError } from './node-error.ts';

/** What Node says about arguments and options that it does not take. */

/**
 * `expected` are names of types (`string`), classes (`Buffer`) or anything else, as Node's own calls have them; a name with a
 * dot is a property, every other an argument.
 */
export function invalidArgType(
  name: string,
  expected: string | readonly string[],
  actual: unknown,
): CodedError {
  const what = name.endsWith(' argument') ? name : `"${name}" ${kindOf(name)}`;
  const types = wordsFor(typeof expected === 'string' ? [expected] : expected);
  return nodeError(
    'ERR_INVALID_ARG_TYPE',
    `The ${what} must be ${types}. Received ${received(actual)}`,
    TypeError,
  );
}

export function invalidArgValue(name: string, value: unknown, reason = 'is invalid'): CodedError {
  const text = inspect(value);
  const shown = text.length > 128 ? `${text.slice(0, 128)}...` : text;
  return nodeError(
    'ERR_INVALID_ARG_VALUE',
    `The ${kindOf(name)} '${name}' ${reason}. Received ${shown}`,
    TypeError,
  );
}

/** `name`: of the value, or with `isSentence` the whole first sentence. */
export function outOfRange(name: string, range: string, value: unknown, isSentence = false): CodedError {
  const first = isSentence ? name : `The value of "${name}" is out of range.`;
  return nodeError(
    'ERR_OUT_OF_RANGE',
    `${first} It must be ${range}. Received ${grouped(value)}`,
    RangeError,
  );
}

/** What came, after `Received `: `undefined`, `an instance of Foo`, `type number (1)`. */
export function received(value: unknown): string {
  if (value === null || value === undefined) return `${value}`;
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value === 'object') {
    const owner: unknown = value.constructor;
    const named =
      typeof owner === 'object' || typeof owner === 'function' ? (owner as { name?: unknown }) : null;
    // Until Node 26 any name would do.
    const usable = nodeMajor() >= 26 ? typeof named?.name === 'string' && named.name !== '' : named !== null;
    return usable && named !== null && 'name' in named
      ? `an instance of ${String(named.name)}`
      : inspect(value, { depth: -1 });
  }
  if (typeof value !== 'string') return `type ${typeof value} (${inspect(value)})`;
  const text = value.length > 28 ? `${value.slice(0, 25)}...` : value;
  return `type string (${text.includes("'") ? JSON.stringify(text) : `'${text}'`})`;
}

function kindOf(name: string): string {
  return name.includes('.') ? 'property' : 'argument';
}

/** `of type string or an instance of Buffer`. */
function wordsFor(expected: readonly string[]): string {
  const types = expected.filter((name) => typeNames.has(name)).map((name) => name.toLowerCase());
  const classes = expected.filter((name) => !typeNames.has(name) && className.test(name));
  const others = expected.filter((name) => !typeNames.has(name) && !className.test(name));
  const object = types.indexOf('object');
  if (classes.length > 0 && object >= 0) {
    types.splice(object, 1);
    classes.push('Object');
  }
  const [other = ''] = others;
  const article = other[0]?.toLowerCase() === other[0] ? '' : 'an ';
  const parts = [
    types.length > 0 && `${types.length > 1 ? 'one of type' : 'of type'} ${enumerate(types)}`,
    classes.length > 0 && `an instance of ${enumerate(classes)}`,
    others.length > 0 && (others.length > 1 ? `one of ${enumerate(others)}` : `${article}${other}`),
  ];
  return parts.filter((part) => part !== false).join(' or ');
}

/** `a`, `a or b`, `a, b, or c`. */
function enumerate(words: readonly string[]): string {
  return words.length > 2 ? `${words.slice(0, -1).join(', ')}, or ${words.at(-1)}` : words.join(' or ');
}

/** Large whole numbers as Node groups them: by three characters from the end, whatever they are. */
function grouped(value: unknown): string {
  const isLarge =
    (typeof value === 'bigint' && (value > 2n ** 32n || value < -(2n ** 32n))) ||
    (Number.isInteger(value) && Math.abs(value as number) > 2 ** 32);
  if (!isLarge) return inspect(value);
  const text = String(value);
  const from = text.startsWith('-') ? 1 : 0;
  const parts: string[] = [];
  let end = text.length;
  for (; end >= from + 4; end -= 3) parts.unshift(text.slice(end - 3, end));
  return [text.slice(0, end), ...parts].join('_') + (typeof value === 'bigint' ? 'n' : '');
}

const className = /^[A-Z][a-zA-Z0-9]*$/;
const typeNames: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'string',
  'function',
  'number',
  'object',
  'Function',
  'Object',
  'boolean',
  'bigint',
  'symbol',
]);
