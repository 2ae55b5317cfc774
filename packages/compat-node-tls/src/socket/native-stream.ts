import { getSystemErrorMap } from 'node:util';

type Done = (error?: Error | null) => void;

/** Node's stream that is implemented in JavaScript, and that its native code reads and writes. */
interface JsStream {
  onread: unknown;
  readBuffer(bytes: Uint8Array): void;
  emitEOF(): void;
  finishWrite(request: object, status: number): void;
  finishShutdown(request: object, status: number): void;
}

/** Makes what its constructor is given: an object of Node's own with methods of ours. */
class Made {
  constructor(object: object | undefined) {
    // biome-ignore lint/correctness/noConstructorReturn: native code takes only objects that Node has made.
    if (object !== undefined) return object;
  }
}

/**
 * A handle that native code can read and write if `isNative`, as builtin http2 does with the handle of a socket. Where Node gives no
 * such objects (with `--permission`), http2 takes the socket for any stream: sessions work, and do not know that they are encrypted.
 */
export abstract class NativeStream extends Made {
  readonly #isNative: boolean;
  /** Native code has asked for the stream: from then on it hears what arrives. */
  #isTaken = false;
  #onread: unknown;

  constructor(isNative: boolean) {
    const Native = isNative ? nativeClass() : undefined;
    super(Native && (Object.setPrototypeOf(new Native(), new.target.prototype as object) as object));
    this.#isNative = Native !== undefined;
  }

  protected abstract readonly isClosed: boolean;
  abstract readStart(): number;
  abstract readStop(): number;
  protected abstract nativeWrite(chunks: readonly Uint8Array[], done: Done): void;
  protected abstract nativeEnd(done: Done): void;

  /** Whether native code could take the stream over. */
  get isNative(): boolean {
    return this.#isNative;
  }

  /** Whoever asks is about to take the stream over, past the methods of the socket. */
  get isStreamBase(): boolean {
    this.#isTaken ||= this.#isNative;
    return this.#isNative;
  }

  /** What `net.Socket` hears by what native code does not want, or no longer. */
  get onread(): unknown {
    return this.#onread;
  }

  set onread(listener: unknown) {
    this.#onread = listener;
    if (this.#isNative) Reflect.set(nativeMethods(), 'onread', listener, this);
  }

  /** Whether native code has taken what has arrived. */
  protected takeData(bytes: Uint8Array): boolean {
    if (this.#isTaken) nativeMethods().readBuffer.call(this, bytes);
    return this.#isTaken;
  }

  protected takeEnd(): boolean {
    if (this.#isTaken) nativeMethods().emitEOF.call(this);
    return this.#isTaken;
  }

  // What native code calls.

  isClosing(): boolean {
    return this.isClosed;
  }

  onreadstart(): number {
    return this.readStart();
  }

  onreadstop(): number {
    return this.readStop();
  }

  onwrite(request: object, chunks: readonly Uint8Array[]): number {
    this.nativeWrite(
      chunks,
      later((status) => nativeMethods().finishWrite.call(this, request, status)),
    );
    return 0;
  }

  onshutdown(request: object): number {
    this.nativeEnd(later((status) => nativeMethods().finishShutdown.call(this, request, status)));
    return 0;
  }
}

/** Native code is not to be answered while it asks. */
function later(finish: (status: number) => void): Done {
  return (error) => {
    setImmediate(finish, error ? statusOf(error) : 0);
  };
}

function statusOf(error: NodeJS.ErrnoException): number {
  const code = error.code ?? '';
  for (const wanted of [code, 'EPIPE']) {
    for (const [status, [name]] of getSystemErrorMap()) if (name === wanted) return status;
  }
  return -1;
}

let known: { readonly Native: (new () => JsStream) | undefined } | undefined;

function nativeClass(): (new () => JsStream) | undefined {
  known ??= { Native: loadNative() };
  return known.Native;
}

function nativeMethods(): JsStream {
  return known!.Native!.prototype as JsStream;
}

function loadNative(): (new () => JsStream) | undefined {
  const { binding } = process as unknown as { binding?: (name: string) => unknown };
  try {
    return (binding?.call(process, 'js_stream') as { JSStream?: new () => JsStream } | undefined)?.JSStream;
  } catch {
    return undefined;
  }
}
