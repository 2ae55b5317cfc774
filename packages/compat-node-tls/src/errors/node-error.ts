/**
 * Errors in the two forms that Node has, down to the order of their own properties.
 *
 * Those that its JavaScript makes have a class of their own below `TypeError` and its like, the code in `stack` and in
 * `String(error)`, yet not in `name`. Those that its C++ makes are plain errors with a `code`.
 */

export type ErrorBase = new (message?: string) => Error;
export type CodedError = Error & { code: string };

/**
 * As Node's JavaScript throws it: `TypeError [ERR_X]: …` in `stack`, `name` without the code. `own` are further
 * enumerable properties, which stand behind `code`.
 */
export function nodeError(
  code: string,
  message: string,
  Base: ErrorBase = Error,
  own: object = {},
): CodedError {
  const Shape = shapeOf(Base);
  // Node composes some messages from arguments, after the error exists; there `message` is the last own property.
  const composed = composedCodes.has(code);
  const error = (composed ? new Shape() : new Shape(message)) as CodedError;
  error.code = code;
  Object.assign(error, own);
  if (composed) Object.defineProperty(error, 'message', { ...hidden, value: message });
  return withHeader(error, `${error.name} [${code}]`);
}

/** As Node's C++ throws it: a plain error whose `code` shows nowhere else. */
export function nativeError(code: string | undefined, message: string, Base: ErrorBase = Error): CodedError {
  const error = new Base(message) as CodedError;
  if (code !== undefined) error.code = code;
  Error.captureStackTrace?.(error, nativeError);
  return error;
}

/** Of an error that is ready: puts `header` before the message in `stack`, and leaves our own frames out. */
function withHeader(error: CodedError, header: string): CodedError {
  // Engines write the first line from `name`, and only when `stack` is first read.
  Object.defineProperty(error, 'name', { ...hidden, value: header });
  Error.captureStackTrace?.(error, nodeError);
  void error.stack;
  delete (error as { name?: string }).name;
  return error;
}

function shapeOf(Base: ErrorBase): ErrorBase {
  const known = shapes.get(Base);
  if (known !== undefined) return known;
  const Shape = class extends Base {
    override toString(): string {
      return `${this.name} [${(this as unknown as CodedError).code}]: ${this.message}`;
    }
  };
  // What prints an error names its class, and has to find that of JavaScript.
  Object.defineProperty(Shape, 'name', { ...hidden, value: Base.name });
  shapes.set(Base, Shape);
  return Shape;
}

const shapes = new Map<ErrorBase, ErrorBase>();
const hidden = { writable: true, enumerable: false, configurable: true } as const;
const composedCodes: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'ERR_INTERNAL_ASSERTION',
  'ERR_INVALID_ARG_TYPE',
  'ERR_INVALID_ARG_VALUE',
  'ERR_MISSING_ARGS',
  'ERR_OUT_OF_RANGE',
  'ERR_TLS_ALPN_CALLBACK_INVALID_RESULT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
