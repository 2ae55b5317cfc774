import { inspect } from 'node:util';
import { runInThisContext } from 'node:vm';
import { expect, it } from 'vitest';
import { nodePortraits, portrait } from '../../test/errors/reference.ts';
import { valueExpressions } from '../../test/errors/values.ts';
import { invalidArgType, invalidArgValue, outOfRange } from './arguments.ts';
import { codedError, type NodeCode } from './node-codes.ts';
import * as validators from './validators.ts';

type Call = (codes: unknown, validators: unknown) => unknown;

/** Node's classes, over ours, so that one text calls both. */
const codes = new Proxy({} as Record<string, unknown>, {
  get: (_, code: string) =>
    function make(...args: never[]) {
      if (code === 'ERR_INVALID_ARG_TYPE')
        return invalidArgType(...(args as unknown as [string, string, unknown]));
      if (code === 'ERR_INVALID_ARG_VALUE') return invalidArgValue(...(args as unknown as [string, unknown]));
      if (code === 'ERR_OUT_OF_RANGE') return outOfRange(...(args as unknown as [string, string, unknown]));
      return (codedError as (code: string, ...args: unknown[]) => Error)(code, ...args);
    },
});

function expectEqual(calls: readonly string[]): void {
  const theirs = nodePortraits(calls);
  const ours = calls.map((call) => {
    try {
      const made = (runInThisContext(call) as Call)(codes, validators);
      return made instanceof Error ? portrait(made, inspect) : undefined;
    } catch (error) {
      return portrait(error, inspect);
    }
  });
  expect(ours.length).toBeGreaterThan(0);
  expect(ours.map((one, i) => [calls[i], one])).toEqual(theirs.map((one, i) => [calls[i], one]));
}

const ownCodes: Readonly<Record<NodeCode, string>> = {
  ERR_TLS_ALPN_CALLBACK_INVALID_RESULT: "'x', ['a', 'b']",
  ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS: '',
  ERR_TLS_CERT_ALTNAME_INVALID: "'Host: a', 'a', { subject: {} }",
  ERR_TLS_DH_PARAM_SIZE: '1024',
  ERR_TLS_HANDSHAKE_TIMEOUT: '',
  ERR_TLS_INVALID_CONTEXT: "'context'",
  ERR_TLS_INVALID_PROTOCOL_VERSION: "'TLSv9', 'minimum'",
  ERR_TLS_INVALID_STATE: '',
  ERR_TLS_PROTOCOL_VERSION_CONFLICT: "'TLSv1', 'TLSv1_method'",
  ERR_TLS_RENEGOTIATION_DISABLED: '',
  ERR_TLS_REQUIRED_SERVER_NAME: '',
  ERR_TLS_SESSION_ATTACK: '',
  ERR_TLS_SNI_FROM_SERVER: '',
  ERR_MULTIPLE_CALLBACK: '',
  ERR_SOCKET_CLOSED: '',
  ERR_STREAM_WRAP: '',
  ERR_CRYPTO_CUSTOM_ENGINE_NOT_SUPPORTED: '',
  ERR_INTERNAL_ASSERTION: "'options.minDHSize is not a positive number: -1'",
};

it('makes the errors that node:tls has', () => {
  expectEqual(Object.entries(ownCodes).map(([code, args]) => `(codes) => new codes.${code}(${args})`));
});

it('names what came as Node does', () => {
  expectEqual([
    ...valueExpressions.map((value) => `(codes) => new codes.ERR_INVALID_ARG_TYPE('a', 'string', ${value})`),
    ...valueExpressions.map((value) => `(codes) => new codes.ERR_INVALID_ARG_VALUE('a', ${value})`),
    ...valueExpressions.map(
      (value) => `(codes) => new codes.ERR_INVALID_ARG_VALUE('a.b', ${value}, 'is odd')`,
    ),
    // Node refuses to have no value at all there.
    ...valueExpressions
      .slice(1)
      .map((value) => `(codes) => new codes.ERR_OUT_OF_RANGE('a', '>= 0', ${value})`),
    "(codes) => new codes.ERR_OUT_OF_RANGE('The length is wrong.', '<= 255', 300, true)",
  ]);
});

it('names what was expected as Node does', () => {
  const expected = [
    'string',
    'String',
    'Object',
    'Function',
    'int32',
    'foo bar',
    'Foo bar',
    ['string', 'Buffer'],
    ['string', 'Buffer', 'TypedArray'],
    ['number', 'string', 'function'],
    ['a', 'b'],
    ['a', 'b', 'c'],
    ['string', 'null'],
    ['Object', 'string'],
    ['Array', 'Function'],
    ['object', 'Foo', 'baz'],
    ['boolean', 'undefined'],
    ['string', 'object', 'Buffer', 'Foo', 'null', 'undefined'],
    ['ArrayBuffer', 'Buffer', 'TypedArray', 'DataView', 'string', 'KeyObject'],
  ];
  const names = ['a', 'options.ciphers', 'first argument', 'x property'];
  expectEqual(
    expected.flatMap((types) =>
      names.map(
        (name) => `(codes) => new codes.ERR_INVALID_ARG_TYPE('${name}', ${JSON.stringify(types)}, 1)`,
      ),
    ),
  );
});

it('checks what Node checks, and throws the same', () => {
  const plain = [
    'validateString',
    'validateBoolean',
    'validateFunction',
    'validateNumber',
    'validateInteger',
    'validateInt32',
    'validateUint32',
    'validateObject',
    'validateArray',
    'validateBuffer',
  ];
  const further = [
    ...[
      '5, "n", 10',
      '5, "n", undefined, 2',
      '5, "n", 10, 20',
      'NaN, "n", 0',
      'NaN, "n"',
      '15, "n", 10, 20',
    ].flatMap((args) =>
      ['validateNumber', 'validateInteger', 'validateInt32'].map((name) => `${name}(${args})`),
    ),
    'validateUint32(0, "n", true)',
    'validateUint32(1, "n", true)',
  ];
  expectEqual([
    ...plain.flatMap((name) =>
      valueExpressions.map((value) => `(_, v) => void v.${name}(${value}, 'the.n')`),
    ),
    ...further.map((call) => `(_, v) => void v.${call}`),
  ]);
});
